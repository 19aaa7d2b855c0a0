"""The far side of the sandbox: started by `launch` without site-packages, so it imports the standard library alone."""
