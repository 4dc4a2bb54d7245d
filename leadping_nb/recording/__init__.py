"""Reads kept on the disk as they were answered, and the same with every person replaced."""
