"""The Temporal client: starting executions, reading them back, and what both need."""
