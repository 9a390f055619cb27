"""Switches and fronters (docs: endpoints#switches)."""
