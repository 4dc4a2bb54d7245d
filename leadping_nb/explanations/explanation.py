"""An explanation: the causes of a failed call, likeliest first, and how they show themselves."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from leadping_nb.table import Table, html_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CERTAIN", "LIKELY", "POSSIBLE", "Cause", "Explanation"]

CERTAIN, LIKELY, POSSIBLE = 3, 2, 1
_WORDS = {CERTAIN: "almost certain", LIKELY: "likely", POSSIBLE: "possible"}
_SIGNS = {CERTAIN: "●", LIKELY: "◐", POSSIBLE: "○"}


class Printer(Protocol):
    """What IPython gives to whoever shows itself as text."""

    def text(self, text: str) -> None:
        """Add a text."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that may have gone wrong."""

    code: str
    """A stable name."""
    strength: int
    """3 almost certain, 2 likely, 1 possible."""
    what: str
    """The cause in a sentence."""
    evidence: str
    """What points to it."""
    todo: str
    """What to do."""

    @property
    def likelihood(self) -> str:
        """The strength in words."""
        return _WORDS[self.strength]


@dataclass(frozen=True, slots=True, repr=False)
class Explanation:
    """The causes of one failed call, likeliest first."""

    call: str
    """Method and address."""
    status: int
    """The status of the answer."""
    causes: tuple[Cause, ...]
    """The causes; never empty."""

    @property
    def table(self) -> Table:
        """The causes as a table."""
        return Table(
            ("likelihood", "cause", "evidence", "what to do"),
            tuple((cause.likelihood, cause.what, cause.evidence, cause.todo) for cause in self.causes),
        )

    @property
    def frame(self) -> pd.DataFrame:
        """The causes as a DataFrame, likeliest first."""
        return self.table.frame()

    def __str__(self) -> str:
        lines = [f"{self.call} answered {self.status}."]
        for cause in self.causes:
            lines.append(f"{_SIGNS[cause.strength]} {cause.likelihood}: {cause.what}")
            lines += [f"    because {cause.evidence}", f"    → {cause.todo}"]
        return "\n".join(lines)

    def __repr__(self) -> str:
        first = self.causes[0]
        return f"<Explanation: {self.call} answered {self.status}; {first.likelihood}: {first.what}>"

    def _repr_pretty_(self, printer: Printer, cycle: bool) -> None:
        """Show every cause where IPython shows text."""
        printer.text(str(self))

    def _repr_html_(self) -> str:
        signs = {_WORDS[strength]: sign for strength, sign in _SIGNS.items()}
        shown = html_table(
            self.table.columns,
            self.table.rows,
            mark=lambda column, value: f"{signs[str(value)]} " if column == "likelihood" else "",
        )
        return f"<div><strong>{html.escape(self.call)} answered {self.status}.</strong>{shown}</div>"
