"""Tests of conformance.verdicts."""
