"""Delivery of bills with proof (D08-D10): consents, announcements, what people did, and the evidence."""
