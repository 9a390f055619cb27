"""Gives the tests here a sandbox: the fixtures `pluralkit` and `pluralkit_sandbox`."""

pytest_plugins = ["conformance.sandbox.pytest_plugin"]
