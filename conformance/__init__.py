"""Conformance suite for the PluralKit HTTP API v2."""
