"""Pages of the employee zone."""
