"""The HTTP/1.1 client of the `http` action: h11 for the protocol, guarded connections, bounds everywhere.

A general client library was measured first: it took a multiple of the CPU of a warm GET, and its bounds on
sizes, headers and addresses would have had to be put around it from outside.
"""
