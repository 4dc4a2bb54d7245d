"""Cursors: how many rows of a list are left, bound to the list and the options that it was given for."""

from __future__ import annotations

import base64
from dataclasses import dataclass

__all__ = ["Cursor"]


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where to go on in a list."""

    left: int
    """How many rows are left, counted from the end: rows that arrive in front then move nothing between two pages."""
    note: str = ""
    """What a fault wrote on it to know it again; the list itself ignores it."""

    def token(self, mark: str) -> str:
        """Write it as the text that a client sends back.

        Parameters
        ----------
        mark
            What binds it to one list with one set of options.

        Examples
        --------
        >>> Cursor.of(Cursor(40).token("leads"), "leads")
        Cursor(left=40, note='')
        """
        text = f"{self.left}.{mark}.{self.note}" if self.note else f"{self.left}.{mark}"
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def of(cls, token: str, mark: str) -> Cursor:
        """Read a text back; raise `ValueError` if it is no cursor with this mark."""
        text = base64.b64decode(token + "=" * (-len(token) % 4), "-_", validate=True).decode()
        left, given, note = (*text.split(".", 2), "", "")[:3]
        if given != mark or not (left.isascii() and left.isdigit()):
            raise ValueError("This is no cursor of this list.")
        return cls(int(left), note)
