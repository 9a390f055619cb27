"""The embedded reference server: PluralKit API v2 in memory, with switchable faults.

It is written from the docs alone and shares nothing with the rest of the package, so that a
mistake in either shows up as a failing check.
"""
