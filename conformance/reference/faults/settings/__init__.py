"""Faults that violate requirements on the settings of a system."""
