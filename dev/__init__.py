"""Runs Gorax whole on one machine: `python -m dev` starts, watches and stops every part.

Each part is a process of its own: PostgreSQL, Temporal, the worker and the API. The tests start the same
servers through the same modules.
"""
