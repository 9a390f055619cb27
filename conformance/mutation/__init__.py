"""Power: of the servers that break one documented sentence, how many the suite catches, and for the right reason.

Nothing of this runs against a server that somebody uses: it starts servers of its own, breaks them, and checks them.
"""
