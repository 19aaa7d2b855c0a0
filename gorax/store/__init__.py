"""PostgreSQL: what users author, and the index of executions. A repository per noun, made for one tenant."""
