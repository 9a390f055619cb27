"""The command line, a module per verb: its `main` takes the words after the verb and returns the exit code."""
