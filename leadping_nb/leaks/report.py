"""What a leak check found, and how it shows itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, overload

from leadping_nb.leaks.leak import Leak, in_words
from leadping_nb.leaks.places import in_lines, printable
from leadping_nb.table import Table, html_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LeakReport"]

_COLUMNS = ("file", "cell", "place", "line", "kind", "hash", "encoding", "what to do")


@dataclass(frozen=True, slots=True, repr=False)
class LeakReport(Sequence[Leak]):
    """The leaks of a check, as a sequence; no form of it shows a secret.

    Examples
    --------
    >>> LeakReport(searched=7)
    No leaks in 7 files.
    """

    leaks: tuple[Leak, ...] = ()
    """What was found, file by file."""
    searched: int = 0
    """How many files were searched."""
    unreadable: tuple[tuple[str, str], ...] = ()
    """The files that could not be searched, each with the reason."""
    allowed: int = 0
    """How many findings the allow-list took out."""
    files: tuple[Path, ...] = field(default=(), compare=False)
    """The files with leaks."""
    compressed: int = 0
    """How many files are compressed, so that nobody looked into them; ``searched`` does not count them."""

    @property
    def ok(self) -> bool:
        """Whether nothing was found and nothing was left unsearched."""
        return not self.leaks and not self.unreadable

    @property
    def table(self) -> Table:
        """The leaks as a table, with what to do about each."""
        return Table(_COLUMNS, tuple(_row(leak, leak.file, leak.line) for leak in self.leaks))

    @property
    def frame(self) -> pd.DataFrame:
        """The same as a DataFrame; ``cell`` is a nullable integer."""
        frame = self.table.frame()
        return frame.astype({"cell": "Int64", "line": "int64"})

    @property
    def summary(self) -> str:
        """One or two sentences: how many leaks in how many files, what was allowed, and what could not be searched."""
        searched = _count(self.searched, "file")
        if self.leaks:
            found = f"{_count(len(self.leaks), 'leak')} in {len({leak.file for leak in self.leaks}):,} of {searched}."
        else:
            found = f"No leaks in {searched}."
        sentences = [found]
        if self.allowed:
            sentences.append(f"{_count(self.allowed, 'finding')} allowed by the list.")
        if self.unreadable:
            sentences.append(f"{_count(len(self.unreadable), 'file')} could not be searched.")
        if self.compressed:
            sentences.append(f"{_count(self.compressed, 'file')} compressed, not looked into.")
        return " ".join(sentences)

    def to_json(self) -> dict[str, object]:
        """Give the report as JSON.

        Examples
        --------
        >>> LeakReport(searched=7).to_json()["ok"]
        True
        """
        return {
            "ok": self.ok,
            "searched": self.searched,
            "allowed": self.allowed,
            "compressed": self.compressed,
            "leaks": [leak.to_json() for leak in self.leaks],
            "unreadable": [{"file": file, "why": why} for file, why in self.unreadable],
        }

    def __len__(self) -> int:
        return len(self.leaks)

    @overload
    def __getitem__(self, index: int) -> Leak: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Leak]: ...

    def __getitem__(self, index: int | slice) -> Leak | Sequence[Leak]:
        return self.leaks[index]

    def __repr__(self) -> str:
        lines = [in_words(leak, numbers) for leak, numbers in self._grouped()]
        lines += dict.fromkeys(
            f"  {leak.kind}{f' #{leak.hash}' if leak.may_be_hash else ''}: {leak.what_to_do}" for leak in self.leaks
        )
        lines += [f"{printable(file)}: not searched: {why}." for file, why in self.unreadable]
        return "\n".join([*lines, self.summary])

    def _repr_html_(self) -> str:
        rows = (
            _row(leak, leak.file and printable(leak.file), numbers[0] if len(numbers) == 1 else in_lines(numbers))
            for leak, numbers in self._grouped()
        )
        table = html_table(_COLUMNS, rows, caption=self.summary)
        unsearched = [(printable(file), why) for file, why in self.unreadable]
        return table + (html_table(("file", "why it was not searched"), unsearched) if unsearched else "")

    def _grouped(self) -> Iterable[tuple[Leak, list[int]]]:
        """Give leaks that differ in nothing but their lines once: a log may have the same key in each."""
        groups: dict[Leak, list[int]] = {}
        for leak in self.leaks:
            groups.setdefault(replace(leak, line=1), []).append(leak.line)
        return groups.items()


def _row(leak: Leak, file: str | None, line: int | str) -> tuple[object, ...]:
    return (file, leak.cell, leak.place, line, leak.kind, leak.hash, leak.encoding, leak.what_to_do)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
