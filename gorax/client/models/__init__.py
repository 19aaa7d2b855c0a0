"""What the API answers, as types; one module a noun."""
