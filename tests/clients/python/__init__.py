"""Drives PluralKit.py through all of its surface: `python -m tests.clients.python`, with the client's own Python."""
