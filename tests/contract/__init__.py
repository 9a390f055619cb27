"""Tests of conformance.contract."""
