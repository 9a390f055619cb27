"""Power: of the servers that break one documented requirement, how many the suite catches, and for the right reason.

Nothing of this runs against a server that somebody uses: it starts servers of its own, violates them, and checks them.
"""
