"""Action types: how they are declared, where they are found, and those that run inside the interpreter."""
