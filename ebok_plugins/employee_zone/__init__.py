"""Employee zone: Where employees handle what comes in."""
