"""A leak: where a secret is and of which kind, and never the secret itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from leadping_nb.leaks.kinds import kind_named
from leadping_nb.leaks.places import in_lines, printable

__all__ = ["Leak", "in_words"]

_IF_A_HASH: Final = (
    "It may be a hash: keys of as many hexadecimal digits look the same. If it is one, put {hash} with the reason on"
    " the allow-list .leadping-leaks-allow. If not: "
)


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
    """The form it is written in: ``plain``, ``URL-encoded``, ``as JSON``, ``in HTML``, ``base64``, ``hexadecimal``,
    ``UTF-16`` or ``split``."""
    may_be_hash: bool = False
    """Whether it is as many hexadecimal digits as a hash has: nothing tells a key of that form from one."""

    @property
    def where(self) -> str:
        """The cell, the place and the line, as words; bytes have no lines."""
        return _where(self, [self.line])

    @property
    def what_to_do(self) -> str:
        """How to end the secret's power and clean up, in order; and what else it may be."""
        doubt = _IF_A_HASH.format(hash=self.hash) if self.may_be_hash else ""
        return doubt + kind_named(self.kind).what_to_do

    def to_json(self) -> dict[str, object]:
        """Give the leak as JSON, with what to do."""
        return {**asdict(self), "what_to_do": self.what_to_do}

    def __str__(self) -> str:
        return in_words(self, [self.line])


def in_words(leak: Leak, lines: Sequence[int]) -> str:
    """Give a leak as one line of text, with all the lines of its place that it is in.

    Examples
    --------
    >>> print(in_words(Leak(kind="source key", hash="0123456789ab", place="text", file="a.log"), [1, 4]))
    a.log: text, 2 lines (1, 4): source key #0123456789ab
    """
    file = "" if leak.file is None else f"{printable(leak.file)}: "
    form = "" if leak.encoding == "plain" else f" ({leak.encoding})"
    doubt = ", may be a hash" if leak.may_be_hash else ""
    return f"{file}{_where(leak, lines)}: {leak.kind} #{leak.hash}{doubt}{form}"


def _where(leak: Leak, lines: Sequence[int]) -> str:
    cell = "" if leak.cell is None else f"cell {leak.cell}, "
    return f"{cell}{leak.place}" if leak.place == "bytes" else f"{cell}{leak.place}, {in_lines(lines)}"
