"""One lead that is sent: checked, sent once, and what the API said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

from leadping_nb.errors import InvalidLeadError, LeadMaybeSentError
from leadping_nb.identifiers import shown
from leadping_nb.intake import LeadCheck
from leadping_nb.sending.calls import external_id
from leadping_nb.sending.looking import how_to_look
from leadping_nb.sending.preview import LeadPreview
from leadping_nb.session.answers import Answer, json_of
from leadping_nb.session.http import Session
from leadping_nb.session.retry import Patience
from leadping_nb.table import Table

__all__ = ["LeadSent", "lead_id", "send_lead"]

_NAMED = 3
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class LeadSent:
    """A lead that the API took in."""

    id: str | None
    """The lead's id; None where the answer has none, as it may be for a lead that is held."""
    status: int
    """The status of the answer."""
    external_id: str | None
    """The sender's own id, by which it can be found."""
    at: datetime
    """When the answer came, by this machine's clock."""
    answer: Mapping[str, object] = field(repr=False)
    """The lead as the API gave it back."""
    check: LeadCheck = field(repr=False)
    """What was known to be doubtful about it."""

    @property
    def table(self) -> Table:
        """What is to be kept of it, without a word about the person."""
        rows = (
            ("id", shown(self.id, _LONGEST) if self.id else "none in the answer"),
            ("status", self.status),
            ("externalId", shown(self.external_id, _LONGEST) if self.external_id else "none"),
            *(("warning", f"{issue.field}: {issue.message}".strip(": ")) for issue in self.check.warnings),
        )
        return Table(("lead", "sent"), rows)

    def __str__(self) -> str:
        return f"Sent, and taken in.\n{self.table.text()}"

    def __repr__(self) -> str:
        return f"<LeadSent {shown(self.id, _LONGEST) if self.id else 'without an id'}, {self.status}>"

    def _repr_html_(self) -> str:
        return f"<div><strong>✓ Sent, and taken in.</strong>{self.table.html()}</div>"


def send_lead(session: Session, preview: LeadPreview, *, patience: Patience | None = None) -> LeadSent:
    """Send a lead that was previewed, once.

    Parameters
    ----------
    session
        What sends.
    preview
        The lead and its call.
    patience
        Who is told of a wait for the rate limit, and may end it.

    Raises
    ------
    InvalidLeadError
        If the lead has problems; nothing was sent.
    NotAllowedError
        If the credential or the call is none to send leads by; nothing was sent.
    LeadMaybeSentError
        If nobody knows whether it arrived; the hint says how to look.
    TransportError
        If there was no connection; nothing was sent.
    ApiError, ResponseError
        If the API refused it.
    """
    check = preview.check
    if not check.ok:
        raise InvalidLeadError(_problems(check), check=check)
    try:
        answer = session.send_once(preview.operation, check.payload, patience=patience)
    except LeadMaybeSentError as error:
        error.hint = how_to_look(check, session.base_url)
        raise
    return LeadSent(
        id=lead_id(answer),
        status=answer.status,
        external_id=external_id(check.payload),
        at=datetime.fromtimestamp(session.now(), UTC),
        answer=_given(answer),
        check=check,
    )


def lead_id(answer: Answer) -> str | None:
    """Give the id of the lead that an answer is about, or None if it has none."""
    found = _given(answer).get("id")
    return found if isinstance(found, str) and found else None


def _given(answer: Answer) -> dict[str, object]:
    return cast("dict[str, object]", json_of(answer) or {})


def _problems(check: LeadCheck) -> str:
    named = " ".join(f"{issue.field}: {issue.message}".strip(": ") for issue in check.problems[:_NAMED])
    more = len(check.problems) - _NAMED
    return f"The lead was not sent. {named}" + (f" And {more} more." if more > 0 else "")
