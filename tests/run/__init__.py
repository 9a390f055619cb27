"""Tests of conformance.run."""
