"""Webhooks: what one is configured with, and the pure parts of receiving an event."""
