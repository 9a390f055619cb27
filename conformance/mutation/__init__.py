"""Mutation testing of the suite: of the servers with one fault, how many it kills, by a check of the violated requirement.

All servers are started here; nothing is sent to any other.
"""
