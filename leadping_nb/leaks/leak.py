"""A leak: where a secret is and of which kind, and never the secret itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from leadping_nb.leaks.kinds import kind_named

__all__ = ["Leak"]


@dataclass(frozen=True, slots=True)
class Leak:
    """A secret in a place where it should not be.

    Examples
    --------
    >>> leak = Leak(kind="source key", hash="0123456789ab", place="source", cell=2, line=1, file="leads.ipynb")
    >>> print(leak)
    leads.ipynb: cell 2, source, line 1: source key #0123456789ab
    """

    kind: str
    """What leaked: ``source key``, ``business key``, ``organization key``, ``user token``, ``webhook secret``,
    ``bearer header`` or ``known secret``."""
    hash: str
    """Twelve hexadecimal digits of the secret's SHA-256: the same secret has the same hash everywhere."""
    place: str
    """Where in the cell, the notebook or the file; ``bytes`` in a file that is no text."""
    cell: int | None = None
    """Which cell of a notebook, counted from 1; None outside of cells."""
    line: int = 1
    """The line in that place, counted from 1."""
    file: str | None = None
    """The file; None for a notebook in memory."""
    encoding: str = "plain"
    """The form it is written in: ``plain``, ``URL-encoded``, ``as JSON``, ``in HTML``, ``base64``, ``hexadecimal`` or
    ``split``."""

    @property
    def where(self) -> str:
        """The cell, the place and the line, as words; bytes have no lines."""
        cell = "" if self.cell is None else f"cell {self.cell}, "
        return f"{cell}{self.place}" if self.place == "bytes" else f"{cell}{self.place}, line {self.line}"

    @property
    def what_to_do(self) -> str:
        """How to end the secret's power and clean up, in order."""
        return kind_named(self.kind).what_to_do

    def to_json(self) -> dict[str, object]:
        """Give the leak as JSON, with what to do."""
        return {**asdict(self), "what_to_do": self.what_to_do}

    def __str__(self) -> str:
        file = "" if self.file is None else f"{self.file}: "
        form = "" if self.encoding == "plain" else f" ({self.encoding})"
        return f"{file}{self.where}: {self.kind} #{self.hash}{form}"
