"""Tests of conformance.scenarios."""
