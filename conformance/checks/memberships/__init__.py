"""Which member is in which group (docs: endpoints#groups, #members)."""
