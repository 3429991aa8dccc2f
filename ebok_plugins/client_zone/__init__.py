"""Client zone: Where a customer sees bills, readings and cases."""
