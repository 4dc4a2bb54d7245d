"""One reading of a list: the page that was asked for, and the way to every other row and cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from leadping_nb.sandbox.cursors import Cursor
from leadping_nb.sandbox.rows import Row

__all__ = ["Reading"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one call asked to read of a list.

    Examples
    --------
    >>> reading = Reading([{"id": id_} for id_ in range(5)], start=2, size=2)
    >>> reading.page()["items"], reading.rows(0, 2), reading.number
    ([{'id': 2}, {'id': 3}], [{'id': 0}, {'id': 1}], 2)
    """

    found: Sequence[Row] = field(repr=False)
    """Every row that the options find, in order."""
    start: int
    """The index of the first row that was asked for, from 0."""
    size: int
    """How many rows were asked for."""
    counted: bool = False
    """Whether the count of all rows was asked for."""
    mark: str = field(default="", repr=False)
    """What binds its cursors to the list and the options."""
    note: str = ""
    """What a fault wrote on the cursor that was sent."""

    @property
    def total(self) -> int:
        """How many rows the options find."""
        return len(self.found)

    @property
    def number(self) -> int:
        """The number of the page, from 1, where all pages are of this size."""
        return self.start // self.size + 1

    def rows(self, start: int, stop: int) -> list[Row]:
        """Give the rows from one index up to another."""
        return list(self.found[start:stop])

    def cursor(self, at: int, *, note: str = "") -> str | None:
        """Give the cursor that goes on at an index, with a fault's note on it; None at the end of the list."""
        return Cursor(self.total - at, note).token(self.mark) if at < self.total else None

    def page(self) -> Row:
        """Give the page as it was asked for."""
        stop = self.start + self.size
        return {
            "items": self.rows(self.start, stop),
            "pageSize": self.size,
            "continuationToken": self.cursor(stop),
            "totalCount": self.total if self.counted else None,
        }
