"""Faults that violate requirements on errors and their codes."""
