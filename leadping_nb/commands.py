"""Commands: how one ends, whatever happened: with an exit code, and one sentence for people in place of a traceback."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from typing import Final

from leadping_nb.errors import LeadpingError

__all__ = ["FAILED", "INTERRUPTED", "WRONGLY_CALLED", "ended"]

FAILED: Final = 1
"""The exit code after an error."""
WRONGLY_CALLED: Final = 2
"""The exit code where a command was called in a way that it has not; the one of argparse."""
INTERRUPTED: Final = 130
"""The exit code after Ctrl-C, as shells give it."""


def ended(command: Callable[[], int]) -> int:
    """Run a command to its end, and give its exit code.

    What the output's encoding does not have is written as a question mark.

    Parameters
    ----------
    command
        Does its work and gives its own exit code.

    Examples
    --------
    >>> ended(lambda: 0)
    0
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        code = command()
        if sys.stdout is not None:
            sys.stdout.flush()  # here, where a reader who has gone can be told from a failure
    except LeadpingError as error:
        return _said(str(error), FAILED)
    except KeyboardInterrupt:
        return _said("It was interrupted.", INTERRUPTED)
    except BrokenPipeError:  # who reads has enough, as head
        _silence()
        return FAILED
    except OSError as error:
        _silence()
        why = error.strerror or type(error).__name__
        return _said(f"It could not go on: {why}. Check the disk, and where the output goes.", FAILED)
    return code


def _said(sentence: str, code: int) -> int:
    if sys.stderr is not None:
        sys.stderr.write(f"{sentence}\n")
    return code


def _silence() -> None:
    """Let what is still to be written go nowhere, or Python would fail once more as it ends."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
