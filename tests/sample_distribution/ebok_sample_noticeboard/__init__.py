"""A notice board: the sample plugin, which uses every extension point of e-BOK."""
