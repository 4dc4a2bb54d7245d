"""The rows of a table of leads: which are to be sent, what becomes of the others, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from leadping_nb.sending.journal import Entry, Journal

if TYPE_CHECKING:
    from leadping_nb.intake.leads import LeadsCheck

__all__ = ["OUTCOMES", "Outcome", "Row", "rows_of"]

Outcome = Literal[
    "to send", "sent", "sent before", "repeated", "problems", "refused", "refused before", "maybe sent", "not sent"
]

OUTCOMES: Final[dict[Outcome, str]] = {
    "to send": "to be sent",
    "sent": "sent",
    "sent before": "sent before",
    "maybe sent": "maybe sent",
    "problems": "with problems",
    "repeated": "that repeat another row",
    "refused": "refused",
    "refused before": "refused before",
    "not sent": "not sent",
}
"""Every outcome, and how it reads behind a number."""

_UNKNOWN: Final = (
    "It was being sent by an earlier run, and nobody knows whether it arrived. Look with another credential;"
    " resend_unknown=True sends it again."
)
_REFUSED: Final = (
    "The API refused it before with 400, and it is the same still. Mend the row; or where the source's settings were"
    " the reason and are changed, resend_refused=True sends it again."
)


@dataclass(slots=True)
class Row:
    """One row, and what became of it so far."""

    position: int
    """Its position in the table."""
    outcome: Outcome
    """What became of it."""
    words: str = ""
    """Why."""
    id: str | None = None
    """The id that the API gave the lead."""
    status: int | None = None
    """The status of the answer."""
    key: str = field(default="", repr=False)
    """The hash that the lead is known by."""
    content: str = field(default="", repr=False)
    """The hash of all of it."""

    @property
    def cells(self) -> tuple[object, ...]:
        """What a frame of results has of it."""
        return (self.position, self.outcome, self.id, self.status, self.words)


def rows_of(check: LeadsCheck, journal: Journal, *, resend_unknown: bool, resend_refused: bool = False) -> list[Row]:
    """Say of every row whether it is to be sent, or why not.

    Parameters
    ----------
    check
        The checked table.
    journal
        What was sent before.
    resend_unknown
        Whether leads that may have arrived are sent again.
    resend_refused
        Whether leads that were refused with 400 are sent again unchanged.
    """
    problems: dict[int, list[str]] = {}
    for row, field_, code in check.bad[["row", "field", "code"]].itertuples(index=False):
        problems.setdefault(int(row), []).append(f"{field_}: {code}" if field_ else str(code))
    rows, seen = [], dict[str, int]()
    for position in range(len(check.index)):
        if position in problems:
            rows.append(Row(position, "problems", ", ".join(problems[position])))
            continue
        key, content = journal.hashes(check.payload(position))
        if key in seen:
            row = Row(position, "repeated", f"It is the same lead as that of row {seen[key]}, or has its externalId.")
        else:
            entry = journal.entries.get(key)
            row = _known(position, entry, content, resend_unknown=resend_unknown, resend_refused=resend_refused)
        seen.setdefault(key, position)
        row.key, row.content = key, content
        rows.append(row)
    return rows


def _known(position: int, entry: Entry | None, content: str, *, resend_unknown: bool, resend_refused: bool) -> Row:
    """Say what becomes of a lead by what the journal has of it."""
    if entry is None or entry.state == "not sent":
        return Row(position, "to send")
    if entry.state == "sent":
        return Row(position, "sent before", id=entry.id, status=entry.status)
    if entry.state == "refused":
        is_final = entry.status == 400 and entry.content == content and not resend_refused
        return Row(position, "refused before", _REFUSED, status=400) if is_final else Row(position, "to send")
    return Row(position, "to send") if resend_unknown else Row(position, "maybe sent", _UNKNOWN, status=entry.status)
