"""Tests of conformance.rate_limits."""
