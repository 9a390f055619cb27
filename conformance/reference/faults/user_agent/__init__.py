"""Faults that violate requirements on the User-Agent."""
