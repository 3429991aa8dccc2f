"""Views of the client zone that belong to no module."""
