"""A list that is computed as it is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import overload

__all__ = ["Row", "Rows"]

Row = dict[str, object]


class Rows(Sequence[Row]):
    """Rows by index, made when asked for and never kept.

    Parameters
    ----------
    count
        How many there are.
    row
        Makes the row of an index from 0 to ``count - 1``.

    Examples
    --------
    >>> Rows(1_000_000, lambda index: {"id": index})[-1]
    {'id': 999999}
    """

    __slots__ = ("_count", "_row", "found")

    def __init__(self, count: int, row: Callable[[int], Row]) -> None:
        self._count = count
        self._row = row
        self.found: dict[str, Sequence[int]] = {}
        """What earlier queries found, so that the next page of one does not search again; `lists` keeps it."""

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Rows:
        """Give rows that are already there."""
        return cls(len(rows), rows.__getitem__)

    def picked(self, indices: Sequence[int]) -> Rows:
        """Give only the rows of these indices, in that order."""
        return Rows(len(indices), lambda index: self._row(indices[index]))

    def after(self, first: Sequence[Row]) -> Rows:
        """Give these rows behind some others."""
        ahead, row = len(first), self._row
        if not ahead:
            return self
        return Rows(ahead + self._count, lambda index: first[index] if index < ahead else row(index - ahead))

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        if isinstance(index, slice):
            return [self._row(at) for at in range(*index.indices(self._count))]
        at = index + self._count if index < 0 else index
        if not 0 <= at < self._count:
            raise IndexError(index)
        return self._row(at)
