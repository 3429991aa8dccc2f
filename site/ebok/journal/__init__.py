"""Dziennik Zdarzeń: who did what, when; append-only, sealed by one hash chain."""
