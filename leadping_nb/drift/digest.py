"""The rows of a report as a person reads them: what is alike stands together, and no sort hides another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from leadping_nb.drift.change import Change
from leadping_nb.drift.sorts import Severity

__all__ = ["Digest", "Group", "digest"]

_MOST_NAMED = 6  # of those that are alike
_MOST_GROUPS: Mapping[Severity, int] = {"error": 40, "warning": 6, "note": 1}  # of each sort; all are in the frame
_HOLDERS = {"field": "."}  # what ends the model of a field; of the rest, what ends the name before its call
_PLURALS = {"body": "bodies", "security": "demands for credentials", "address": "addresses"}


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that say the same: of fields of one model, of calls' credentials, or of anything where nothing breaks."""

    rows: tuple[Change, ...]
    """The rows, never none."""

    @property
    def severity(self) -> Severity:
        """How bad they are."""
        return self.rows[0].severity

    @property
    def what(self) -> str:
        """What happened: to the first of them, or to how many, where nothing breaks."""
        first = self.rows[0]
        if self.severity == "note" and len(self.rows) > 1:
            return f"{len(self.rows):,} {_plural(first.kind)} {first.change}"
        return f"{first.kind} {first.name} {first.change}"

    @property
    def became(self) -> str:
        """What was and what is, of the first; empty where there are more, or where the name says it."""
        first = self.rows[0]
        if self.severity == "note" and len(self.rows) > 1:
            return ""
        before = "" if first.before == first.name else first.before
        return f"{before} → {first.after}" if before and first.after else before or first.after

    @property
    def alike(self) -> str:
        """The others by name, or all of them, where nothing breaks; empty if it is one."""
        if len(self.rows) == 1:
            return ""
        is_note = self.severity == "note"
        named = self.rows if is_note else self.rows[1:]
        left = len(named) - _MOST_NAMED
        listed = ", ".join(self._short(row) for row in named[:_MOST_NAMED])
        more = f" and {left:,} more {_plural(named[0].kind)} alike" if left > 0 else ""
        return f"{'Such as' if is_note and left > 0 else 'They are' if is_note else 'Alike'}: {listed}{more}."

    def _short(self, row: Change) -> str:
        """Name one of the rows; within one model its fields go by their own names."""
        models = {entry.name.partition(".")[0] for entry in self.rows}
        name = row.name.partition(".")[2] if row.kind == "field" and len(models) == 1 else row.name
        return f"{name} → {row.after}" if row.change == "renamed" and row.severity != "note" else name


@dataclass(frozen=True, slots=True)
class Digest:
    """The groups that are shown, and how many rows are not."""

    groups: tuple[Group, ...]
    """The groups, in the order of their first rows."""
    left: int
    """How many rows stand in no group that is shown."""


def digest(rows: Sequence[Change]) -> Digest:
    """Put together what is alike, and keep the first groups of each sort.

    Parameters
    ----------
    rows
        The rows, what breaks most first.

    Examples
    --------
    >>> from leadping_nb.drift.change import change_of
    >>> rows = [change_of("column", "gone", f"Lead.{name}", before="string") for name in ("a", "b", "c")]
    >>> (group,) = digest(rows).groups
    >>> group.what, group.alike
    ('field Lead.a gone', 'Alike: b, c.')
    """
    gathered: dict[tuple[object, ...], list[Change]] = {}
    for row in rows:
        gathered.setdefault(_sort(row), []).append(row)
    groups = [Group(tuple(alike)) for alike in gathered.values()]
    counts: Counter[int] = Counter()
    shown = []
    for group in groups:
        counts[group.rows[0].rank] += 1
        if counts[group.rows[0].rank] <= _MOST_GROUPS[group.severity]:
            shown.append(group)
    return Digest(tuple(shown), len(rows) - _size(shown))


def _sort(row: Change) -> tuple[object, ...]:
    """Give what rows have in common that stand together."""
    if row.severity == "note":
        return (row.rank,)
    if row.kind == "security":
        return row.rank, row.before, row.after
    return (row.rank, row.name.partition(_HOLDERS.get(row.kind, " of "))[0])


def _size(groups: Iterable[Group]) -> int:
    return sum(len(group.rows) for group in groups)


def _plural(kind: str) -> str:
    return _PLURALS.get(kind, f"{kind}s")
