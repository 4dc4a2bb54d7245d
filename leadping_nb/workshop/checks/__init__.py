"""The checks of the exercises, one module a part; what is right is worked out from the sandbox."""
