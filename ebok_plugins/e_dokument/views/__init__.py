"""Views of this module: parse, call, render."""
