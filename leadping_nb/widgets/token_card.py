"""The token card: whether a user token is still good, where its times lie, and a dial that moves a sandbox's clock."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import partial
from typing import Final, Protocol

from leadping_nb.credential import VARIABLES, Credential, KeyType
from leadping_nb.discovery import Discovery
from leadping_nb.errors import CredentialError, LeadpingError
from leadping_nb.secret import concealed
from leadping_nb.table import html_table
from leadping_nb.tokens import VERDICT_SIGNS, TokenInspection, inspect_token
from leadping_nb.tokens.check import is_number
from leadping_nb.tokens.timeline import timeline_html
from leadping_nb.widgets import front_end, token_view
from leadping_nb.widgets.card import Action, Card, Message
from leadping_nb.widgets.code import on_a_sandbox
from leadping_nb.widgets.documents import as_documents

__all__ = ["Clocked", "MovableClock", "TokenCard"]

_NONE: Final = (
    "There is no token yet.",
    "Enter a user token in the credential card, or show this card with one: TokenCard(credential).",
)
_CREDENTIAL_HINT: Final = (
    "Make one of a text with lp.Credential.from_text(…), as in lp.Credential.from_text(sandbox.user_token)."
)
_OPAQUE: Final = (
    "A key is opaque: lp.permissions(credential) says what it may do, and only a call shows whether it is still good."
)
_ON_A_SANDBOX: Final = "token = lp.Credential.from_text(sandbox.user_token)"
_NO_TIME: Final = "The dial cannot be moved there."
_ELSEWHERE: Final = 1.0  # seconds from this machine's clock; less is the time that passes between two looks


class _Kept(Enum):
    KEPT = "kept"


class MovableClock(Protocol):
    """A clock that a lesson can move, as the sandbox's."""

    @property
    def frozen(self) -> bool:
        """Whether it stands still between moves."""

    def now(self) -> datetime:
        """Give the time, in UTC."""

    def advance(self, by: timedelta) -> None:
        """Move it; a negative span moves it back."""


class Clocked(Protocol):
    """What has a clock that can be moved, as a `leadping_nb.Sandbox` does."""

    @property
    def clock(self) -> MovableClock:
        """The clock."""


class TokenCard(Card):
    """Say whether a user token is still good: verdict, time line, countdown, checks, claims and header.

    Parameters
    ----------
    credential
        The credential to look at; one that is no user token is explained.
    discovery
        Where issuers, keys and audiences come from. Without one, every token is unverified. Nothing is fetched.
    sandbox
        A running sandbox, by whose clock the token is judged, and whose clock the card then has a dial for.

    Raises
    ------
    LeadpingError
        If one of them is something else, such as a text in place of a credential.

    Examples
    --------
    >>> TokenCard(Credential.from_text("lp_src_example"))
    <TokenCard: source key>
    """

    _esm = front_end.module("token_card")
    _css = front_end.style_sheet("token_card")

    def __init__(
        self,
        credential: Credential | None = None,
        *,
        discovery: Discovery | None = None,
        sandbox: Clocked | None = None,
    ) -> None:
        credential = concealed(credential)  # type: ignore[assignment]  # a text is refused, and not shown
        self._credential = _credential(credential)
        self._discovery = _discovery(discovery)
        self._clock = None if sandbox is None else _clock(sandbox)
        self._moved = timedelta()
        self._asked: float | None = None
        self._judge()
        actions: dict[str, Action] = {"judge": self._judge_anew}
        if self._clock is not None:
            actions |= {"move": partial(self._move, self._clock), "back": partial(self._go_back, self._clock)}
        super().__init__(actions)

    @property
    def inspection(self) -> TokenInspection | None:
        """What was found when it was judged last, or None where there is no user token that can be read."""
        return self._inspection

    @property
    def code(self) -> str:
        """The few lines that do the same without the card."""
        imports, lines, arguments = ["import leadping_nb as lp"], [], ["token"]
        if self._discovery is not None:
            lines.append(f"discovery = lp.discover({json.dumps(self._discovery.start, ensure_ascii=False)})")
            arguments.append("discovery=discovery")
        if self._inspection is not None and self._is_elsewhere():
            at = self._inspection.now
            imports.insert(0, "from datetime import UTC, datetime\n")
            parts = (at.year, at.month, at.day, at.hour, at.minute, at.second)
            lines.append(f"now = datetime({', '.join(map(str, parts))}, tzinfo=UTC)")
            arguments.append("now=now")
        lines.append(f"lp.inspect_token({', '.join(arguments)})")
        address = None if self._discovery is None else self._discovery.start
        note = on_a_sandbox(_ON_A_SANDBOX, address, known=self._clock is not None).splitlines()
        return "\n".join([*imports, "", *note, f"token = lp.Credential.from_env()  # {VARIABLES[0]}", *lines])

    @property
    def requests(self) -> Mapping[str, str]:
        """The requests by which the discovery got the signing keys, for curl and for httpx; the card makes none."""
        steps = () if self._discovery is None else self._discovery.steps
        return as_documents(step for step in steps if step.document is not None and step.document.kind == "jwks")

    def show(
        self,
        *,
        credential: Credential | _Kept | None = _Kept.KEPT,
        discovery: Discovery | _Kept | None = _Kept.KEPT,
    ) -> None:
        """Judge another credential, or by another discovery; from any thread.

        Parameters
        ----------
        credential
            The credential to look at, or None for none; the one of before unless given.
        discovery
            The discovery to judge by, or None for none; the one of before unless given.

        Raises
        ------
        LeadpingError
            If one of them is something else; the card then stays as it was.
        """
        taken = self._credential if credential is _Kept.KEPT else _credential(credential)
        self._discovery = self._discovery if discovery is _Kept.KEPT else _discovery(discovery)
        self._credential = taken
        self.error = None
        self._judge()
        self._publish()

    def _judge(self) -> None:
        self._inspection: TokenInspection | None = None
        self._refusal = _refusal(self._credential)
        if self._credential is None or self._refusal is not None:
            return
        try:
            self._inspection = inspect_token(
                self._credential,
                discovery=self._discovery,
                now=None if self._clock is None else self._clock.now(),
                leeway=token_view.LEEWAY,
            )
        except CredentialError as error:
            self._refusal = (error.message, error.hint)

    def _judge_anew(self, _: Message) -> None:
        self._judge()

    def _move(self, clock: MovableClock, message: Message) -> None:
        to = message.content.get("to")
        around = None if self._inspection is None else token_view.dial(self._inspection)
        if around is None or not is_number(to) or not around.first <= float(to) <= around.last:  # type: ignore[arg-type]  # a number
            raise LeadpingError(_NO_TIME, hint="Move it to a time around the life of the token.")
        self._asked = float(to)  # type: ignore[arg-type]  # a number
        by = datetime.fromtimestamp(self._asked, UTC) - clock.now()
        clock.advance(by)
        self._moved += by
        self._judge()

    def _go_back(self, clock: MovableClock, _: Message) -> None:
        clock.advance(-self._moved)  # and not to a time, so that what has passed meanwhile stays passed
        self._moved = timedelta()
        self._asked = None
        self._judge()

    def _now(self) -> datetime:
        return datetime.now(UTC) if self._clock is None else self._clock.now()

    def _is_elsewhere(self) -> bool:
        return abs((self._now() - datetime.now(UTC)).total_seconds()) > _ELSEWHERE

    def _content(self) -> dict[str, object]:
        seen = self._inspection
        if seen is None:
            sentence, hint = self._refusal or _NONE
            return {"nothing": {"sentence": sentence, "hint": hint}, "token": None}
        around = None if self._clock is None else token_view.dial(seen)
        token = token_view.view(
            seen,
            now=round(self._now().timestamp(), 3),
            ticks=self._clock is None or not self._clock.frozen,
            has_keys=self._discovery is not None,
            around=around,
        )
        dial = None if around is None else {**around._asdict(), "moved": bool(self._moved), "asked": self._asked}
        return {"nothing": None, "token": {**token, "dial": dial}}

    def _text(self) -> str:
        if self._inspection is None:
            return "\n".join(self._refusal or _NONE)
        advice = token_view.advice(self._inspection, has_keys=self._discovery is not None)
        return "\n".join((self._inspection.tree(), *advice))

    def _html(self) -> str:
        seen = self._inspection
        if seen is None:
            sentence, hint = map(html.escape, self._refusal or _NONE)
            return f"<p><strong>{sentence}</strong><br>{hint}</p>"
        advice = token_view.advice(seen, has_keys=self._discovery is not None)
        doubt = token_view.doubt(seen)
        claims = (
            (name, value, meaning, token_view.source(where))
            for name, value, _, meaning, where in seen.claims_table.rows
        )
        header = (
            (name, value, meaning, token_view.source(where)) for name, value, meaning, where in seen.header_table.rows
        )
        return "".join(
            (
                f"<p><strong>{VERDICT_SIGNS[seen.verdict]} {html.escape(seen.summary)}</strong></p>",
                *(f"<p>{html.escape(line)}</p>" for line in advice),
                timeline_html(replace(seen, tz=UTC).timeline),  # alike on machines of every time zone
                html_table(("outcome", "check", *seen.table.columns[2:]), token_view.rows(seen), caption="Checks"),
                html_table(("claim", "value", "meaning", "source"), claims, caption=f"Claims{doubt}"),
                html_table(("member", "value", "meaning", "source"), header, caption=f"Header{doubt}"),
            )
        )

    def __repr__(self) -> str:
        if self._inspection is not None:
            return f"<TokenCard: {self._inspection.verdict} token>"
        return f"<TokenCard: {'no credential' if self._credential is None else self._credential.key_type.value}>"


def _credential(given: object) -> Credential | None:
    if given is None or isinstance(given, Credential):
        return given
    raise LeadpingError("This is no credential.", hint=_CREDENTIAL_HINT)  # without the text, which may be a token


def _discovery(given: object) -> Discovery | None:
    if given is None or isinstance(given, Discovery):
        return given
    raise LeadpingError("This is no discovery.", hint="lp.discover(address) makes one; leave it out to do without.")


def _clock(sandbox: Clocked) -> MovableClock:
    if getattr(sandbox, "clock", None) is None:
        raise LeadpingError("This has no clock.", hint="Give a sandbox that runs, or leave out sandbox=.")
    return sandbox.clock


def _refusal(credential: Credential | None) -> tuple[str, str] | None:
    """Say what a credential is that is no user token."""
    if credential is None or credential.key_type is KeyType.USER_TOKEN:
        return None
    name = credential.key_type.value
    article = "an" if name[0] in "aeiou" else "a"
    return f"Only user tokens can be read, and this is {article} {name}.", f"{credential.why} {_OPAQUE}"
