"""The watch: each habit is found, and none where there is none."""
