"""Screens of the messages in the Wagtail admin."""
