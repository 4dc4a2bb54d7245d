"""A report in parts, the worst first: what fails, what may give other data, what breaks nothing; and each as text."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leadping_nb.drift.change import Change
from leadping_nb.drift.digest import Group, digest
from leadping_nb.drift.sorts import Severity

__all__ = ["Part", "parts"]

_SIGNS: Mapping[Severity, str] = {"error": "✗", "warning": "!", "note": "·"}
_HEADINGS: Mapping[Severity, str] = {
    "error": "What fails:",
    "warning": "What may give other data, or fail beside loads and leads:",
    "note": "What breaks nothing here, and what is new:",
}


@dataclass(frozen=True, slots=True)
class Part:
    """Groups that are equally bad."""

    heading: str
    """What all of them mean."""
    groups: tuple[Group, ...]
    """The groups, never none."""

    @property
    def is_whole(self) -> bool:
        """Whether everything of it is said where not all is asked for."""
        return all(group.is_whole for group in self.groups)

    @property
    def lines(self) -> list[str]:
        """The part as text; of what breaks nothing one line for all of which the same is to be said."""
        if self.groups[0].severity != "note":
            return self._lines(is_full=False)
        said: dict[str, list[str]] = {}
        for group in self.groups:
            said.setdefault(group.breaks, []).append(group.brief)
        return [self.heading, *(f"{_SIGNS['note']} {why} {'; '.join(briefs)}." for why, briefs in said.items())]

    @property
    def full_lines(self) -> list[str]:
        """The part as text, with everything by its name."""
        return self._lines(is_full=True)

    @property
    def html(self) -> str:
        """The part as a list; every text is escaped."""
        if self.groups[0].severity == "note":
            items = [html.escape(line) for line in self.lines[1:]]
        else:
            items = [_item(group) for group in self.groups]
        return f"<p><strong>{html.escape(self.heading)}</strong></p>{_list(items)}"

    def _lines(self, *, is_full: bool) -> list[str]:
        lines = [self.heading]
        for group in self.groups:
            lines += [f"{_SIGNS[group.severity]} {group.what}", f"    {group.breaks} → {group.hint}"]
            lines += [f"    {entry}" for entry in group.listed(is_full=is_full)]
        return lines


def _item(group: Group) -> str:
    listed = [html.escape(entry) for entry in group.listed()]
    said = html.escape(f"{group.breaks} → {group.hint}")
    what = html.escape(f"{_SIGNS[group.severity]} {group.what}")
    return f"<strong>{what}</strong><br>{said}{_list(listed) if listed else ''}"


def _list(items: Sequence[str]) -> str:
    """Write a list, whose long addresses break, so that none is out of sight."""
    style = "list-style:none;padding-left:1.5em;margin:0;overflow-wrap:anywhere"
    return f'<ul style="{style}">{"".join(f"<li>{item}</li>" for item in items)}</ul>'


def parts(rows: Sequence[Change], *, in_use: str, nearest: str | None) -> tuple[Part, ...]:
    """Give what is otherwise than the revision in use, and of the nearest, if that is another, only what fails there.

    Parameters
    ----------
    rows
        The rows, what breaks most first.
    in_use, nearest
        The revisions; no row is against the nearest where none is known.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from leadping_nb.drift.change import change_of
    >>> rows = [change_of("list", "gone", "GET /tags", use='api.frame("tags")'), change_of("model", "appeared", "Mood")]
    >>> found = parts([replace(row, against=("2026-07-05",)) for row in rows], in_use="2026-07-05", nearest=None)
    >>> [part.heading for part in found]
    ['What fails:', 'What breaks nothing here, and what is new:']
    """
    used = [row for row in rows if in_use in row.against]
    beside = [row for row in rows if in_use not in row.against and row.severity == "error"]
    found = [(heading, [row for row in used if row.severity == severity]) for severity, heading in _HEADINGS.items()]
    found.append((f"Under {nearest} these would fail:", beside))
    return tuple(Part(heading, digest(some)) for heading, some in found if some)
