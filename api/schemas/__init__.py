"""What requests must look like (pydantic, strict) and what responses look like (typed dictionaries)."""
