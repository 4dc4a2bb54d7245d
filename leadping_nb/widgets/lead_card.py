"""The lead card: fill in a lead, see what is wrong with it and what request it would be, and send it after a yes."""

from __future__ import annotations

import hashlib
import html
import json
import threading
from typing import TYPE_CHECKING, Final, NoReturn

from leadping_nb.contracts import contract as load_contract
from leadping_nb.errors import LeadMaybeSentError, LeadpingError
from leadping_nb.identifiers import shown
from leadping_nb.intake import LeadCheck, check_lead
from leadping_nb.intake.issue import SIGNS
from leadping_nb.sending import LeadPreview, LeadSent
from leadping_nb.table import Table
from leadping_nb.widgets import front_end
from leadping_nb.widgets.card import Card, Message
from leadping_nb.widgets.code import Requests
from leadping_nb.widgets.connection import connection
from leadping_nb.widgets.lead_code import lines_of, request_of
from leadping_nb.widgets.lead_form import FIELDS, read_lead
from leadping_nb.widgets.lead_keeping import kept_check, kept_error

if TYPE_CHECKING:
    from leadping_nb.api import Api

__all__ = ["LeadCard"]

_NO_API: Final = "A credential is needed first."
_NO_API_HINT: Final = (
    "Enter a source key in the credential card, or make this card with one: LeadCard(lp.connect(credential))."
)
_NO_CONNECTION_HINT: Final = (
    "LeadCard(lp.connect(credential)) makes it; for a sandbox, LeadCard(lp.connect(sandbox.source_key,"
    " base_url=sandbox.url))."
)
_HOW: Final = "Run this cell in JupyterLab, Notebook 7 or Voila to fill one in. The same without the card:"
_NOTHING: Final = "Nothing was sent."
_PREVIEW_FIRST: Final = "Preview the lead first, and send what was previewed."
_SENT: Final = "This lead was sent already."
_SENT_HINT: Final = "Change it to send another one."
_NO_LEAD: Final = "There is no request yet: what is typed is no lead."
_UNKNOWN: Final = "Nobody knows whether this lead arrived, so it is not sent again from here."
_LONGEST: Final = 120


class LeadCard(Card):
    """Fill in a lead, by fields or as JSON, have it checked and previewed, and send it after a second yes.

    What is typed is in no synchronised state, and neither is what repeats it: the body of the request, the code that
    would send it, an id of one's own, and what the API says of a lead that it refuses. All of that goes to the page
    alone. A saved notebook has the form's fields, what is wrong with them, and the new lead's id.

    Parameters
    ----------
    api
        What sends; without one, the card says that a credential is needed. With another credential than a source key
        leads can be checked and previewed.

    Examples
    --------
    >>> card = LeadCard()
    >>> card
    <LeadCard: no credential>
    >>> card.sent is None
    True
    """

    _esm = front_end.module("lead_card")
    _css = front_end.style_sheet("lead_card")

    def __init__(self, api: Api | None = None) -> None:
        self._changing = threading.Lock()
        self._previews = 0
        self._messages = 0
        self._take(api)
        super().__init__({"check": self._check, "preview": self._preview, "send": self._confirm})

    @property
    def check(self) -> LeadCheck | None:
        """How the lead was judged last; None as long as none was filled in."""
        return self._checked

    @property
    def sent(self) -> LeadSent | None:
        """The lead that was sent last; None as long as none was."""
        return self._done

    @property
    def code(self) -> str:
        """The few lines that do the same without the card."""
        return lines_of(self._api)

    def show(self, api: Api | None) -> None:
        """Begin anew with another credential, or with none; what comes of a lead that is on its way is dropped.

        Parameters
        ----------
        api
            What sends from now on.
        """
        with self._changing:
            self._take(api)
        self.error = None
        self._publish()

    def _take(self, api: Api | None) -> None:
        self._api = api = connection(api, hint=_NO_CONNECTION_HINT)
        self._refusal = None if api is None else api.preview_lead({}).refusal
        self._checked: LeadCheck | None = None
        self._kept: LeadCheck | None = None
        """The check as a notebook may keep it."""
        self._previewed: LeadPreview | None = None
        self._done: LeadSent | None = None
        self._is_news = False
        """Whether the lead that was sent is the last thing that happened here."""
        self._failed: LeadpingError | None = None
        """What went wrong last in sending, which may repeat the lead."""
        self._told: dict[str, int] = {}
        """What the page alone was told, by what it is about, and the number of that message."""
        self._gone: dict[str, LeadpingError] = {}
        """Leads that were sent from here, by their hashes, and why each is not sent again."""

    @property
    def _hands_requests(self) -> bool:
        return self._api is not None

    def _requests_for(self, message: Message) -> Requests:
        if self._api is None:
            raise LeadpingError(_NO_API, hint=_NO_API_HINT)
        try:
            lead = read_lead(_bytes_of(message))
        except LeadpingError:  # which stands above the form already
            return Requests(notes=(_NO_LEAD,))
        return request_of(self._api, lead, message.content.get("call"))

    def _tell(self, about: str, **words: object) -> None:
        """Tell the page alone what no notebook keeps."""
        self._messages += 1
        self._told[about] = self._messages
        self.send({about: self._messages, **words})

    def _check(self, message: Message) -> None:
        self._previewed, self._is_news = None, False
        known = load_contract() if self._api is None else self._api.contract
        self._judge(check_lead(read_lead(_bytes_of(message)), contract=known))

    def _preview(self, message: Message) -> None:
        self._previewed, self._is_news = None, False
        preview = self._demand_api().preview_lead(read_lead(_bytes_of(message)))
        self._judge(preview.check)
        self._previewed = preview
        self._previews += 1
        self.send({"preview": self._previews, "body": preview.body})

    def _judge(self, check: LeadCheck) -> None:
        self._checked, self._kept = check, kept_check(check)
        fields, kept = ([issue.field for issue in (*of.problems, *of.warnings)] for of in (check, self._kept))
        self._told.pop("check", None)
        if fields != kept:
            self._tell("check", fields=fields)

    def _confirm(self, message: Message) -> None:
        api, preview = self._demand_api(), self._previewed
        if message.content.get("confirmed") is not True:
            raise LeadpingError("The lead was not confirmed.", hint="Say yes to what it does, then press Send.")
        lead = read_lead(_bytes_of(message))
        if preview is None or api.preview_lead(lead).body != preview.body:
            raise LeadpingError(_PREVIEW_FIRST, hint=_NOTHING)
        known = _hash(preview)
        again = self._gone.get(known)
        if isinstance(again, LeadMaybeSentError):
            self._fail(again)
        if again is not None:
            raise again
        self._begin(lambda: self._carry_out(api, lead, known))

    def _carry_out(self, api: Api, lead: dict[str, object], known: str) -> None:
        """Send it beside the kernel's own thread; what comes of it after `show` is dropped."""
        gone, done = self._gone, None
        error: LeadpingError | None = None
        gone[known] = LeadpingError(_SENT, hint=_SENT_HINT)
        try:
            done = api.send_lead(lead, confirm=True)
        except LeadMaybeSentError as unknown:
            gone[known] = LeadMaybeSentError(_UNKNOWN, hint=unknown.hint)
            error = unknown
        except LeadpingError as refused:  # it was not taken in
            del gone[known]
            error = refused
        with self._changing:
            if gone is not self._gone:
                return
            self._previewed = None
            if isinstance(done, LeadSent):
                self._done, self._is_news = done, True
                self._told.pop("sent", None)
                if done.external_id:
                    self._tell("sent", external_id=_shown(done.external_id))
        if error is not None:
            self._fail(error)

    def _fail(self, error: LeadpingError) -> NoReturn:
        """Raise what went wrong in sending, and tell the page all of it."""
        self._failed = error
        self._tell("failed", sentence=error.message, hint=error.hint)
        raise error

    def _failure(self) -> dict[str, str] | None:
        return kept_error(self._failed) if self._failed and self._has_failed else super()._failure()

    @property
    def _has_failed(self) -> bool:
        """Whether the last thing that happened here is that a lead could not be sent."""
        return self._failed is not None and self.error is self._failed

    def _demand_api(self) -> Api:
        if not self.wait(0):
            raise LeadpingError("This card is still at work.", hint="Wait until the answer has come.")
        if self._api is None:
            raise LeadpingError(_NO_API, hint=_NO_API_HINT)
        return self._api

    def _content(self) -> dict[str, object]:
        preview, check = self._previewed, self._kept
        return {
            "missing": None if self._api is not None else {"sentence": _NO_API, "hint": _NO_API_HINT},
            "refusal": self._refusal,
            "fields": [list(field) for field in FIELDS],
            "target": "" if self._api is None else self._api.base_url,
            "check": None
            if check is None
            else {
                "ok": check.ok,
                "summary": check.summary,
                "issues": [
                    [SIGNS[issue.severity], issue.severity, issue.field, issue.message, issue.hint]
                    for issue in (*check.problems, *check.warnings)
                ],
            },
            "preview": None
            if preview is None
            else {
                "number": self._previews,
                "request": f"{preview.method} {preview.url}",
                "headers": [list(header) for header in preview.headers],
                "cautions": list(preview.cautions),
                "can": preview.can_be_sent,
            },
            "sent": None if self._news is None else [list(fact) for fact in _facts(self._news)],
            "told": {about: number for about, number in self._told.items() if about != "failed" or self._has_failed},
        }

    def _text(self) -> str:
        sections = [self._sentence(), self._refusal or ""]
        if self._kept is not None and self._news is None:
            sections.append(str(self._kept.table.text()))
        if self._news is not None:
            sections.append(Table(("lead", ""), _facts(self._news)).text())
        return "\n\n".join([*filter(None, sections), _HOW])

    def _html(self) -> str:
        parts = [f"<p><strong>{html.escape(self._sentence())}</strong> {html.escape(self._refusal or '')}</p>"]
        if self._kept is not None and self._news is None:
            parts.append(self._kept.table.html())
        if self._news is not None:
            parts.append(Table(("lead", ""), _facts(self._news)).html())
        return "".join((*parts, f"<p>{_HOW}</p>"))

    @property
    def _news(self) -> LeadSent | None:
        return self._done if self._is_news else None

    def _sentence(self) -> str:
        if self._news is not None:
            return "✓ The lead was sent, and taken in."
        if self._api is None:
            return f"{_NO_API} {_NO_API_HINT}"
        found = "" if self._checked is None else f" Lead, {self._checked.summary}."
        return f"{_NOTHING}{found}"

    def __repr__(self) -> str:
        if self._api is None:
            return "<LeadCard: no credential>"
        return f"<LeadCard: {'a lead was sent' if self._done is not None else 'nothing was sent'}>"


def _facts(sent: LeadSent) -> tuple[tuple[str, str], ...]:
    """Say what there is to keep of a lead that was sent; not when, which differs from run to run."""
    own = () if sent.external_id else (("externalId", "none"),)
    return (("Lead", _shown(sent.id) or "The answer has no id."), ("Status", str(sent.status)), *own)


def _shown(text: str | None) -> str:
    return shown(text, _LONGEST) if text else ""


def _hash(preview: LeadPreview) -> str:
    content = json.dumps(preview.check.payload, sort_keys=True)
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def _bytes_of(message: Message) -> bytes:
    return bytes(message.buffers[0]) if message.buffers else b""
