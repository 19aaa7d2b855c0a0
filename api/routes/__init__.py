"""Routes: HTTP in, HTTP out. What a request means is decided in `api.services`."""
