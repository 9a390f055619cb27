"""Faults that violate requirements on ids and refs."""
