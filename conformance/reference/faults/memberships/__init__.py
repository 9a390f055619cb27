"""Faults that violate requirements on the members of groups and the groups of members."""
