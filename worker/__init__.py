"""The worker process: it runs the interpreter, the steps and the maintenance."""
