"""Systems (docs: endpoints#systems)."""
