"""The zones and the modules of e-BOK, one Django app each."""
