"""POST (docs: reference#api-reference)."""
