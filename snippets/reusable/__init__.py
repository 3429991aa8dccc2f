"""Reusable insets: content written once and shown on many pages."""
