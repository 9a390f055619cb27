"""Faults that violate requirements on what others see."""
