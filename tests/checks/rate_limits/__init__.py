"""Tests of conformance.checks.rate_limits."""
