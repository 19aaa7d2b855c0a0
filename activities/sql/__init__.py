"""Queries on PostgreSQL databases of tenants."""
