"""The control API: what authors of clients do to their sandbox and no client does, under a path of its own."""

CONTROL_PATH = "/_sandbox"
