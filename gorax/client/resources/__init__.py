"""The operations of the API in groups, one module a noun."""
