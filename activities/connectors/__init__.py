"""One action type a module, each declaring itself as `ACTION`."""
