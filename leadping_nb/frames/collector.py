"""Python's collector of cycles, which need not look again and again while many objects come that are in none."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

__all__ = ["collector_eased"]

_SELDOM: Final = 100_000
"""After how many new objects the collector looks meanwhile; its own 700 are fewer than a page has."""


class _Easing:
    """Whoever comes first eases the collector, and who goes last puts it back, in whichever threads they are."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._before = self._meanwhile = gc.get_threshold()

    def begin(self) -> None:
        with self._lock:
            self._inside += 1
            if self._inside == 1:
                first, second, third = self._before = gc.get_threshold()
                self._meanwhile = (max(first, _SELDOM) if first else 0, second, third)  # 0 is off
                gc.set_threshold(*self._meanwhile)

    def end(self) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0 and gc.get_threshold() == self._meanwhile:  # else somebody set another
                gc.set_threshold(*self._before)


_EASING = _Easing()


@contextmanager
def collector_eased() -> Iterator[None]:
    """Let the collector look seldom, in all threads; it is not off, so a load may take as long as it likes."""
    _EASING.begin()
    try:
        yield
    finally:
        _EASING.end()
