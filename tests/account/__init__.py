"""Tests of conformance.account."""
