"""Members (docs: endpoints#members)."""
