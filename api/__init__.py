"""The REST API: one file of routes for each section of the API reference."""
