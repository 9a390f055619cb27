"""Tests of conformance.world."""
