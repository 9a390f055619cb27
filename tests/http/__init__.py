"""Tests of conformance.http."""
