"""Template tags of the switchboard."""
