"""Template tags of e-Faktura."""
