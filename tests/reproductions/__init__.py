"""Sends the reproductions of reports again: what a report shows must be seen on the faulty server, and not on the sound one."""
