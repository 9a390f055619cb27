"""Tests of the reference server over a real socket."""
