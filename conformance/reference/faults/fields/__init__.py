"""Faults that violate requirements on values: limits, formats, nulls, read-only keys."""
