"""Stands between a client and a server, and judges what the client sends by the docs.

`habits.yaml` says what a client must or should do. Nothing here sends a request of its own.
"""
