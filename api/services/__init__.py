"""What a request does: everything that writes, waits or touches Temporal."""
