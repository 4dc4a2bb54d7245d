"""The exercises of the workshop, one module a part."""
