"""Where a frame came from and whether it is whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from leadping_nb.errors import LeadpingError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Passport", "counted"]


@dataclass(slots=True)
class Passport:
    """Where a frame came from and whether it is whole; ``df.attrs["leadping"]`` holds it as a dict for JSON."""

    operation: str
    """Method and path of the list."""
    options: dict[str, Any]
    """What was asked for."""
    revision: str
    """The contract's revision."""
    key_type: str | None
    """The type of the credential; never the credential."""
    loaded_at: str
    """When, in UTC (RFC 3339)."""
    pages: int = 0
    """How many pages came."""
    rows: int = 0
    """How many rows the frame has."""
    total: int | None = None
    """How many rows the server says there are."""
    complete: bool = False
    """Whether the frame holds all that was there."""
    reason: str | None = "nothing was loaded"
    """Why it is not complete; None if it is."""
    cursor: str | None = None
    """Where to go on; None where there is no such place, or at the very beginning."""
    skip: int = 0
    """How many rows at that place the frame holds already."""
    dropped: int = 0
    """How many rows came twice, by their id, and were left out."""
    known: int = 0
    """How many rows were left out because the frame of ``since=`` holds them."""
    notes: list[str] = field(default_factory=list)
    """What was unusual, in sentences."""

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Passport:
        """Read the passport of a frame.

        Raises
        ------
        LeadpingError
            If it has none, because it was made by hand or lost its ``attrs``.
        """
        found = frame.attrs.get("leadping")
        names = {entry.name for entry in fields(cls)}
        if not isinstance(found, Mapping) or not {"operation", "options", "revision"} <= found.keys() <= names:
            raise LeadpingError(
                'The frame has no passport in attrs["leadping"].', hint="Give a frame as api.frame made it."
            )
        passport = cls(**found)
        passport.notes = list(passport.notes)
        return passport

    @property
    def can_go_on(self) -> bool:
        """Whether there is more, and a place to go on from."""
        return not self.complete and (self.cursor is not None or self.skip > 0 or not self.pages)

    @property
    def line(self) -> str:
        """Say in one line what the frame holds."""
        end = "complete." if self.complete else f"not complete: {self.reason}"
        return f"{counted(self.rows, 'row')} in {counted(self.pages, 'page')}, {end}"


def counted(count: int, noun: str) -> str:
    """Give a number of things in words.

    Parameters
    ----------
    count
        How many.
    noun
        What one of them is.

    Examples
    --------
    >>> counted(1, "row"), counted(5_000, "row")
    ('1 row', '5,000 rows')
    """
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
