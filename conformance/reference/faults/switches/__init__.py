"""Faults that violate requirements on switches and fronters."""
