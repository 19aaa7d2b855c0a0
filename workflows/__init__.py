"""Deterministic code: the interpreter that runs every execution, and the maintenance workflows."""
