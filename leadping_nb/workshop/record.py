"""Which exercises are right: in memory, and in a small file beside the notebooks, so that all parts know of each other.

The file holds numbers of parts and of exercises, and nothing else: no name, no time, no answer. Nothing is sent.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

from leadping_nb.workshop.exercise import Place

__all__ = ["FILE", "Record"]

FILE: Final = "workshop-progress.json"
"""The name of the file, in the folder that the notebook runs in."""


class Record:
    """Keep which exercises are right.

    Parameters
    ----------
    file
        Where to keep it beyond this kernel; None for nowhere.

    Examples
    --------
    >>> record = Record(None)
    >>> record.add((1, 2))
    >>> record.right
    frozenset({(1, 2)})
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._here: frozenset[Place] = frozenset()
        self._listeners: list[Callable[[], None]] = []
        self.is_kept = True
        """Whether the file, if there is one, took the last addition."""

    @property
    def here(self) -> frozenset[Place]:
        """What was right in this kernel."""
        return self._here

    @property
    def right(self) -> frozenset[Place]:
        """What was right in this kernel or, by the file, in another."""
        return self._here | _read(self._file)

    def add(self, place: Place) -> None:
        """Note that an exercise is right; a file that cannot be written changes nothing here."""
        self._here |= {place}
        if self._file is not None:
            self.is_kept = _write(self._file, self.right)
        for listener in self._listeners:
            listener()

    def tell(self, listener: Callable[[], None]) -> None:
        """Call something after each addition."""
        self._listeners.append(listener)


def _read(file: Path | None) -> frozenset[Place]:
    """Read what is kept; a file that is missing, or is none of ours, keeps nothing."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8")) if file is not None else {}
        return frozenset((int(part), int(number)) for part, numbers in kept.items() for number in numbers)
    except (OSError, ValueError, OverflowError, TypeError, AttributeError, RecursionError):
        return frozenset()


def _write(file: Path, right: frozenset[Place]) -> bool:
    parts = sorted({part for part, _ in right})
    kept = {str(part): sorted(number for of, number in right if of == part) for part in parts}
    try:
        file.write_text(json.dumps(kept) + "\n", encoding="utf-8")
    except OSError:
        return False
    return True
