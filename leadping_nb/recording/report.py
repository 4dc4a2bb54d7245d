"""The report of a pseudonymisation: every field, what became of it, and why."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadping_nb.table import Table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FieldReport", "PseudonymisationReport", "Row"]

Row = tuple[str, str, str, bool]
"""A field, what became of its values, why, and whether a model names it."""
_WORDS = "; "
"""What stands between words: no word has it."""
_ORDER = ("left out", "left alone", "moved", "replaced")


@dataclass(frozen=True, slots=True)
class FieldReport:
    """What became of the values of one field."""

    field: str
    """The model and the field, with the key where no model names it; a star stands for keys that were replaced."""
    treatment: str
    """``replaced``, ``moved``, ``left alone`` or ``left out``."""
    why: str
    """What the values are, or why nothing was done."""
    known: bool
    """Whether a model of the contract names the field."""
    values: int
    """How many values there were."""
    words: tuple[str, ...] = ()
    """The different words and keys that were left alone, to read: a word may be somebody's name that no field gave."""


@dataclass(frozen=True, slots=True)
class PseudonymisationReport:
    """What `pseudonymise` replaced and what it left alone; the only values in it are words and keys that were.

    Examples
    --------
    >>> price = FieldReport("LeadTableRow.price", "left alone", "number", True, 7)
    >>> print(PseudonymisationReport(Path("demo"), (price,)))
    demo: 0 values replaced, 7 left alone in 1 field. Nothing that was replaced is left.
    """

    folder: Path
    """The folder of the pseudonymised recording."""
    fields: tuple[FieldReport, ...] = field(repr=False)
    """Every field, those left alone first."""
    searched: int = 0
    """How many originals were looked for in the result; none was found, else there were no report."""
    spared: int = 0
    """How many originals are words or times of fields left alone as well, and so stay there."""

    @property
    def replaced(self) -> int:
        """How many values were replaced."""
        return sum(entry.values for entry in self.fields if entry.treatment == "replaced")

    @property
    def left_alone(self) -> tuple[FieldReport, ...]:
        """Every field of which a value was left alone, with the reason."""
        return tuple(entry for entry in self.fields if entry.treatment == "left alone")

    @property
    def leftovers(self) -> tuple[str, ...]:
        """Originals that are still there: none, because `pseudonymise` raises before it would say it is done."""
        return ()

    @property
    def hint(self) -> str:
        """What to do about the words and keys that stayed; empty where none did."""
        count = len({word for entry in self.fields for word in entry.words})
        if not count:
            return ""
        stayed = "1 word or key stayed" if count == 1 else f"{count:,} words and keys stayed"
        return (
            f"{stayed}: read them in .frame. What is somebody's goes by also=['…'], in another lp.pseudonymise of what "
            "came, or of a new recording where that is gone."
        )

    @property
    def table(self) -> Table:
        """One row a field and treatment."""
        rows = (
            (entry.field, entry.treatment, entry.why, entry.known, entry.values, _WORDS.join(entry.words))
            for entry in self.fields
        )
        return Table(("field", "treatment", "why", "known", "values", "words"), tuple(rows))

    @property
    def frame(self) -> pd.DataFrame:
        """The same as a DataFrame."""
        return self.table.frame()

    @classmethod
    def counted(
        cls, folder: Path, counts: Counter[Row], words: Mapping[Row, Iterable[str]], *, searched: int, spared: int
    ) -> PseudonymisationReport:
        """Make the report of counted treatments."""
        entries = [FieldReport(*row, values, tuple(sorted(words.get(row, ())))) for row, values in counts.items()]
        entries.sort(key=lambda entry: (_ORDER.index(entry.treatment), entry.known, entry.field, entry.why))
        return cls(folder, tuple(entries), searched, spared)

    @classmethod
    def of_json(cls, folder: Path, text: bytes) -> PseudonymisationReport:
        """Read what `as_json` wrote."""
        found: dict[str, Any] = json.loads(text)
        fields = (FieldReport(*entry) for entry in found["fields"])
        return cls(
            folder,
            tuple(replace(entry, words=tuple(entry.words)) for entry in fields),
            found["searched"],
            found["spared"],
        )

    def as_json(self) -> bytes:
        """Write it for the folder."""
        content = {
            "searched": self.searched,
            "spared": self.spared,
            "fields": [astuple(entry) for entry in self.fields],
        }
        return json.dumps(content, indent=1).encode()

    def __str__(self) -> str:
        left = self.left_alone
        fields = len({entry.field for entry in left})
        are_words = "original is a word or time" if self.spared == 1 else "originals are words or times"
        spared = f" {self.spared:,} {are_words} of those as well." if self.spared else ""
        moved = sum(entry.values for entry in self.fields if entry.treatment == "moved")
        out = sum(entry.values for entry in self.fields if entry.treatment == "left out")
        return (
            f"{self.folder}: {self.replaced:,} values replaced, {sum(entry.values for entry in left):,} left alone in "
            f"{fields:,} {'field' if fields == 1 else 'fields'}"
            f"{f', {moved:,} moved' if moved else ''}{f', {out:,} answers left out' if out else ''}. "
            f"Nothing that was replaced is left.{spared}{f' {self.hint}' if self.hint else ''}"
        )

    def _repr_html_(self) -> str:
        return self.table.html(caption=str(self))
