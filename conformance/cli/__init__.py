"""The command line, a module per verb: each has `main`, which takes the words after the verb and returns the exit code."""
