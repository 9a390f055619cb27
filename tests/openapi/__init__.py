"""Tests of what tools make of the OpenAPI document."""
