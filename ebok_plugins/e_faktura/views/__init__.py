"""Pages of this module, a file for each kind of reader."""
