"""What the guard says: once for each credential, that it was kept out, how often, and how to switch that off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final, TypeAlias

__all__ = ["Count", "Notice", "Parent", "id_of"]

Parent: TypeAlias = Mapping[str, Any]
"""The header of the message that asked for an output."""

Count: TypeAlias = Callable[[Counter[str]], None]
"""Counts replaced secrets by label."""

_SENTENCE: Final = (
    "leadping_nb kept a credential out of this output: ‹{label}›, {times}. This is said once for each;"
    " lp.guard_outputs(False) shows everything again.\n"
)


class Notice:
    """What was kept out of outputs, and what of it was said.

    Examples
    --------
    >>> notice = Notice()
    >>> notice.count(Counter({"source key · #0f1e2d3c": 2}), {"msg_id": "cell"})
    >>> [*notice.due(running={"cell"})]
    []
    >>> for sentence, where in notice.due(running=()):
    ...     print(where, sentence, end="")
    {'msg_id': 'cell'} leadping_nb kept a credential out of this output: ‹source key · #0f1e2d3c›, 2 times. This is
    said once for each; lp.guard_outputs(False) shows everything again.
    >>> [*notice.due(running=())]
    []
    """

    def __init__(self) -> None:
        self.caught: Counter[str] = Counter()
        """How often each was kept out, by label."""
        self._places: dict[str, Parent] = {}
        self._said: set[str] = set()

    def count(self, caught: Counter[str], parent: Parent) -> None:
        """Count what was kept out of the output that somebody asked for."""
        for label in caught:
            self._places.setdefault(label, parent)
        self.caught.update(caught)

    def due(self, running: Collection[str]) -> Iterator[tuple[str, Parent]]:
        """Give what is to be said now, and where: of each credential once, when the cell has ended.

        Parameters
        ----------
        running
            The ids of the cells that run still.
        """
        for label, parent in [*self._places.items()]:
            if label not in self._said and id_of(parent) not in running:
                self._said.add(label)
                yield _SENTENCE.format(label=label, times=_times(self.caught[label])), parent


def id_of(parent: Parent | None) -> str:
    """Give the id of a message by its header."""
    return str((parent or {}).get("msg_id", ""))


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"
