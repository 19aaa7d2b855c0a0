"""How many requests there were in the last minute, and whether there may be one more."""
