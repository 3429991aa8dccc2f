"""e-Odczyt: readings that people send themselves, and what the portal makes of readings."""
