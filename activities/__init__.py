"""Every effect: running steps, keeping the index, and the connectors to the world outside."""
