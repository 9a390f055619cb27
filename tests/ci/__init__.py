"""What a CI server runs: the action, the examples in docs/ci, and the section of the README."""
