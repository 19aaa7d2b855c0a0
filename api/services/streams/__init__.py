"""What happens to executions, told to those who listen while it happens."""
