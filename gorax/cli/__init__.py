"""The command `gorax`: the API from a terminal. See docs/cli.md."""
