"""The output guard: keeps held credentials out of all that a notebook shows or stores, from the first one on.

It stands where messages leave the kernel, so that print, rich display, tracebacks, widgets and subprocesses pass it
alike; where logging writes a record; where IPython keeps what was run and shown; and where a kernel passes on to its
terminal or log what subprocesses write. No object and no code is changed, only texts on their way out.
"""

from leadping_nb.guard.switch import OutputGuard, guard_outputs

__all__ = ["OutputGuard", "guard_outputs"]
