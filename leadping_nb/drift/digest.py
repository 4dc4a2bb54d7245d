"""The rows of a report as a person reads them: one group a sort, with what it breaks and what to do said once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from leadping_nb.drift.change import Change
from leadping_nb.drift.entries import Entry, entries
from leadping_nb.drift.sorts import Severity
from leadping_nb.drift.weights import WEIGHTS, Weight

__all__ = ["Group", "digest"]

_MOST_ENTRIES: Mapping[Severity, int] = {"error": 40, "warning": 6, "note": 6}
"""How many entries of a group are shown; all are in the full text."""
_MOST_NAMES: Mapping[Severity, int] = {"error": 40, "warning": 8, "note": 6}
"""How many names of an entry are."""
_FEW, _SAMPLE = 6, 3
"""So many rows that break nothing are all named in one line, and of more so many."""
_NO_END = 1_000_000
_PLURALS = {"body": "bodies", "security": "demands for credentials", "address": "addresses"}
_QUOTED = re.compile(r'(contract\("[^"]*")|"[^"]*"')
_COLUMN = re.compile(r"(column|member|(?:query|header|cookie) parameter) .*", re.DOTALL)
_BY_RANK = tuple(WEIGHTS.values())


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one sort, to which the same is to be done."""

    rows: tuple[Change, ...]
    """The rows, never none."""

    @property
    def severity(self) -> Severity:
        """How bad they are."""
        return self.rows[0].severity

    @property
    def what(self) -> str:
        """What happened: to the one, or to how many; and what was and is, where that is the same of all."""
        first = self.rows[0]
        is_one = len(self.rows) == 1
        head = f"{first.kind} {first.name}" if is_one else f"{len(self.rows):,} {_plural(first.kind, len(self.rows))}"
        became = _became(first) if is_one else self._became
        return f"{head} {first.change}: {became}" if became else f"{head} {first.change}"

    @property
    def breaks(self) -> str:
        """What they break, with the words that all of them share."""
        return self._said(_weight(self.rows[0]).breaks)

    @property
    def hint(self) -> str:
        """What to do."""
        return self._said(_weight(self.rows[0]).hint)

    def listed(self, *, is_full: bool = False) -> tuple[str, ...]:
        """Give what they are about, entry by entry; nothing where the head says it."""
        if len(self.rows) == 1:
            return ()
        most = _NO_END if is_full else _MOST_ENTRIES[self.severity]
        names = _NO_END if is_full else _MOST_NAMES[self.severity]
        found = self._entries
        left = sum(entry.rows for entry in found[most:])
        more = (f"and {left:,} more {_plural(self.rows[0].kind, left)} alike",) if left else ()
        return (*(entry.text(names) for entry in found[:most]), *more)

    @property
    def is_whole(self) -> bool:
        """Whether everything of it is said where not all is asked for."""
        return not self._is_sampled and self.listed() == self.listed(is_full=True)

    @property
    def brief(self) -> str:
        """What happened and to what, in one line."""
        if self._is_sampled:
            return f"{self.what}, such as {self._entries[0].sample(_SAMPLE)}"
        return ": ".join(filter(None, (self.what, "; ".join(self.listed()))))

    @property
    def _is_sampled(self) -> bool:
        return self.severity == "note" and len(self.rows) > _FEW

    @property
    def _is_renamed(self) -> bool:
        return self.rows[0].change == "renamed"

    @property
    def _became(self) -> str:
        """What was and is, where that is the same of several."""
        return _shared(_became(row) if row.before and row.after else "" for row in self.rows)

    @property
    def _entries(self) -> Sequence[Entry]:
        """The entries; of what breaks nothing, those that stand for most come first."""
        found = entries(self.rows, is_said=bool(self._became))
        return sorted(found, key=lambda entry: -entry.rows) if self.severity == "note" else found

    def _said(self, template: str) -> str:
        """Fill a sentence in: a word that not all share is said in general."""
        said = template.format(
            use=_shared(row.use for row in self.rows) or "each",
            columns=_shared(row.columns for row in self.rows) or _shared(map(_general, self.rows)) or "…",
            after=_shared(row.after for row in self.rows) or f"the new {'name' if self._is_renamed else 'one'}",
            remedy=_shared(row.remedy for row in self.rows) or _unquoted(self.rows[0].remedy),
        )
        return said[:1].upper() + said[1:] if said.startswith("each") else said


def digest(rows: Sequence[Change]) -> tuple[Group, ...]:
    """Put together what is of one sort and to be mended alike, in the order of the first rows.

    Parameters
    ----------
    rows
        The rows, what breaks most first.

    Examples
    --------
    >>> from leadping_nb.drift.change import change_of
    >>> rows = [change_of("column", "gone", f"Lead.{name}", columns=f"column {name}") for name in ("a", "b", "c")]
    >>> (group,) = digest(rows)
    >>> group.what, group.breaks, group.listed()
    ('3 fields gone', 'The column … may stay empty.', ('a, b, c in Lead',))
    """
    gathered: dict[tuple[int, str], list[Change]] = {}
    for row in rows:
        told = _unquoted(row.remedy) if "{remedy}" in _weight(row).hint else ""
        gathered.setdefault((row.rank, told), []).append(row)
    return tuple(Group(tuple(alike)) for alike in gathered.values())


def _weight(row: Change) -> Weight:
    return _BY_RANK[row.rank - 1]


def _became(row: Change) -> str:
    """Say what was and what is, where the name does not."""
    return " → ".join(text for text in (row.before, row.after) if text not in ("", row.name))


def _shared(texts: Iterable[str]) -> str:
    """Give the one text that all are; empty where they differ."""
    found = set(texts)
    return found.pop() if len(found) == 1 else ""


def _general(row: Change) -> str:
    """Say what sort of thing shows a row: a column, a parameter."""
    return _COLUMN.sub(r"\1 …", row.columns) if _COLUMN.fullmatch(row.columns) else "…"


def _unquoted(text: str) -> str:
    """Leave the names out of a sentence, but for the contract's."""
    return _QUOTED.sub(lambda found: found[1] or '"…"', text)


def _plural(kind: str, count: int) -> str:
    return kind if count == 1 else _PLURALS.get(kind, f"{kind}s")
