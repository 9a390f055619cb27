"""Proxied messages (docs: endpoints#messages)."""
