"""What is private (docs: reference#authentication, models)."""
