"""The ways out of the portal."""
