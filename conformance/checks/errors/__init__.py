"""Errors (docs: errors)."""
