"""Kartoteka: customers, groups, service points, contracts, meters and their registers."""
