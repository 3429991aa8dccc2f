"""The exchange in the Wagtail admin: deliveries, their reports and decisions, exported batches."""
