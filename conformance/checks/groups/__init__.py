"""Groups (docs: endpoints#groups)."""
