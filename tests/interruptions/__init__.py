"""Runs on a filled account that are killed or interrupted at random moments, and whether it is as before afterwards."""
