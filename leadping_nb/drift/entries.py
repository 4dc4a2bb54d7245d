"""What a group of rows lists: each name once with all that it stands in, and each change of name once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from leadping_nb.drift.change import Change

__all__ = ["Entry", "entries"]

_WITHIN = {"field": "in", "parameter": "of"}
"""By the kind of what stands in something else, the word between the two."""
_LISTS = re.compile(r'api\.frame\("([^"]*)"\)')


@dataclass(frozen=True, slots=True)
class Entry:
    """Rows that are said together: names, and what all of them stand in.

    Examples
    --------
    >>> Entry(("a", "b", "c"), "in", ("Lead", "Source"), rows=6).text(2)
    'a, b and 1 more in Lead, Source'
    """

    names: tuple[str, ...]
    """What changed, and into what."""
    within: str
    """The word between."""
    holders: tuple[str, ...]
    """Models or calls; none where the names say all."""
    rows: int
    """How many rows these are."""

    def text(self, most: int) -> str:
        """Say it, with so many names and holders at most."""
        named = _some(self.names, most)
        return f"{named} {self.within} {_some(self.holders, most)}" if self.holders else named

    def sample(self, most: int) -> str:
        """Say some of it, and not how much more there is."""
        return Entry(self.names[:most], self.within, self.holders[:most], self.rows).text(most)


def entries(rows: Sequence[Change], *, is_said: bool = False) -> tuple[Entry, ...]:
    """Give what some rows of one sort are about, in the order of the rows.

    Parameters
    ----------
    rows
        The rows, all of one kind to which the same happened.
    is_said
        Whether what each was and is has been said already.

    Examples
    --------
    >>> from leadping_nb.drift.change import change_of
    >>> names = ("Lead.businessId", "Tag.businessId", "Lead.mood")
    >>> gone = [change_of("field", "gone", name, before="string") for name in names]
    >>> [entry.text(6) for entry in entries(gone)]
    ['businessId in Lead, Tag', 'mood in Lead']
    """
    holders: dict[str, dict[str, None]] = {}
    for row in rows:
        name, holder = _parted(row)
        holders.setdefault(name if is_said else _became(row, name), {})[holder] = None
    stand_alone = rows[0].kind not in _WITHIN and rows[0].severity != "note" and not is_said
    together: dict[tuple[str, ...], list[str]] = {}
    for name, found in holders.items():
        together.setdefault((name,) if stand_alone else tuple(found), []).append(name)
    if rows[0].kind not in _WITHIN:
        return tuple(Entry(tuple(names), "", (), len(names)) for names in together.values())
    within = _WITHIN[rows[0].kind]
    return tuple(Entry(tuple(names), within, found, len(names) * len(found)) for found, names in together.items())


def _parted(row: Change) -> tuple[str, str]:
    """Give the name of what changed, and what it stands in: a model with a list that shows it, or a call."""
    if row.kind == "parameter":
        name, _, call = row.name.rpartition(" of ")
        return name, call
    if row.kind != "field":
        return row.name, ""
    model, _, name = row.name.partition(".")
    lists = _LISTS.findall(row.columns)
    return name, f"{model} ({lists[0]}{', …' if len(lists) > 1 else ''})" if lists else model


def _became(row: Change, name: str) -> str:
    """Say what a name was and is, with the line of Python that meets it; of what only went or came, the name."""
    use = f"{row.use} → {row.instead}" if row.instead not in ("", row.use) else row.use
    is_new = row.kind == "operation" and row.severity != "note" and row.name.partition(" ")[2] not in use
    head = f"{use}: " if use and is_new else ""
    if row.change == "renamed":
        return f"{head}{row.before} → {row.after}"
    return f"{head}{name}: {row.before} → {row.after}" if row.before and row.after else f"{head}{name}"


def _some(names: Sequence[str], most: int) -> str:
    left = len(names) - most
    return f"{', '.join(names[:most])}{f' and {left:,} more' if left > 0 else ''}"
