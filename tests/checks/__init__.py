"""Tests of conformance.checks."""
