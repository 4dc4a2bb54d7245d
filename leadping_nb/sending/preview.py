"""The preview of a lead: the exact request, the credential masked, and what there is to know before it is sent."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from leadping_nb.contracts import Operation
from leadping_nb.errors import NotAllowedError
from leadping_nb.intake import LeadCheck, check_lead
from leadping_nb.intake.issue import SIGNS
from leadping_nb.leaks.misplaced import without_credentials
from leadping_nb.sending.calls import WAYS, cautions, operation_of, query_of, way_of
from leadping_nb.session.draft import Draft
from leadping_nb.session.firewall import admit_lead
from leadping_nb.session.http import Session
from leadping_nb.table import Table

__all__ = ["LeadPreview", "preview_lead"]

_NOTHING = "Nothing was sent."
_CONFIRM = "api.send_lead(lead, confirm=True) sends it."
_MEND = "It has problems, and would be refused here: lp.check_lead(lead)."


@dataclass(frozen=True, slots=True)
class LeadPreview:
    """The request that a lead would be, exactly as it would leave this machine; nothing was sent.

    Of credentials in the lead itself nothing is shown; such a lead is refused.

    Examples
    --------
    >>> from leadping_nb.api import connect
    >>> preview = connect("lp_src_example").preview_lead({"phone": "+12125550100", "externalId": "web-1"})
    >>> preview
    <LeadPreview POST https://api.leadping.ai/leads/intake: 0 problems; nothing was sent>
    >>> preview.body
    '{"phone":"+12125550100","externalId":"web-1"}'
    >>> preview.headers[-1]
    ('Authorization', 'Bearer <source key · #...>')
    """

    operation: Operation = field(repr=False)
    """The call."""
    draft: Draft = field(repr=False)
    """The request."""
    check: LeadCheck = field(repr=False)
    """What is known to be wrong with the lead, or doubtful."""
    cautions: tuple[str, ...]
    """What there is to know of the request, a sentence each."""
    refusal: str | None = None
    """Why this credential could not send it, or None if it could."""

    @property
    def method(self) -> str:
        """The method."""
        return self.draft.method

    @property
    def url(self) -> str:
        """The whole address."""
        return self.draft.url

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The headers in their order, with the credential's label in its place."""
        return self.draft.headers

    @property
    def body(self) -> str:
        """The body as text, byte for byte; empty where there is none."""
        return self.draft.body

    @property
    def warnings(self) -> tuple[str, ...]:
        """All there is to know before it is sent: of the credential, of the request, then of the lead."""
        refusal = () if self.refusal is None else (self.refusal,)
        issues = (*self.check.problems, *self.check.warnings)
        return (
            *refusal,
            *self.cautions,
            *(f"{issue.field}: {issue.message} {issue.hint}".strip(": ") for issue in issues),
        )

    @property
    def can_be_sent(self) -> bool:
        """Whether `Api.send_lead` would send it."""
        return self.check.ok and self.refusal is None and self.method == "POST"

    @property
    def next_step(self) -> str:
        """Say that nothing was sent, and what would send it."""
        if self.can_be_sent:
            return f"{_NOTHING} {_CONFIRM}"
        return f"{_NOTHING} {_MEND}" if not self.check.ok else _NOTHING

    def __str__(self) -> str:
        head = (f"{self.method} {self.url}", *(f"{name}: {value}" for name, value in self.headers))
        body = ("", self.body) if self.body else ()
        return "\n".join((self.next_step, "", *head, *body, "", *(f"! {sentence}" for sentence in self.warnings)))

    def __repr__(self) -> str:
        problems = f"{len(self.check.problems)} problem{'' if len(self.check.problems) == 1 else 's'}"
        path = self.url.partition("?")[0]
        return f"<LeadPreview {self.method} {path}: {problems}; nothing was sent>"

    def _repr_html_(self) -> str:
        sign = "✓" if self.can_be_sent else SIGNS["problem"]
        request = f"{self.method} {self.url}\n" + "\n".join(f"{name}: {value}" for name, value in self.headers)
        whole = request + (f"\n\n{self.body}" if self.body else "")
        said = Table(("before it is sent",), tuple((sentence,) for sentence in self.warnings)).html()
        return (
            f"<div><strong>{sign} {html.escape(self.next_step)}</strong>"
            f'<pre style="white-space:pre-wrap;overflow-wrap:anywhere">{html.escape(whole)}</pre>{said}</div>'
        )


def preview_lead(
    session: Session, payload: Mapping[str, Any], *, form: str | None, how: str | None, region: str
) -> LeadPreview:
    """Preview a lead; the parameters are those of `Api.preview_lead`."""
    way = way_of(form, how)
    check = check_lead(
        payload, form=WAYS[way].form if way else form, contract=session.contract, region=region, now=session.now()
    )
    way = way or way_of(check.form, None)
    assert way is not None  # noqa: S101  # every form has a way
    operation = operation_of(way, session.contract)
    # A lead with a credential in it has a problem, so it never leaves; it is shown without.
    fit_to_show = cast("dict[str, object]", without_credentials(check.payload))
    if way == "query":
        draft = session.draft(operation, query=query_of(fit_to_show, operation))
    else:
        draft = session.draft(operation, body=fit_to_show)
    try:
        admit_lead(session.credential, operation, session.origin, session.contract)
        refusal = None
    except NotAllowedError as error:
        refusal = None if error.rule == "a lead travels in the body of a POST" else str(error)
    return LeadPreview(operation, draft, check, tuple(cautions(check, way)), refusal)
