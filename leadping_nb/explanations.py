"""Why a call failed: the likeliest causes of a 401 or 403 in order, each with its evidence.

Rules are rows: each looks at one case and says how strongly it points to its cause. The same case gives the same
answer; nothing is sent.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol

from leadping_nb.arguments import MAPPING, TEXT, Wanted, demand, moment, whole
from leadping_nb.challenge import Challenge, parse_www_authenticate
from leadping_nb.contracts import Contract, contract_or_seed
from leadping_nb.credential import Credential, KeyType
from leadping_nb.errors import ApiError, LeadpingError, Problem
from leadping_nb.identifiers import split_address
from leadping_nb.policy import Decision, permissions
from leadping_nb.session.answers import read_problem
from leadping_nb.session.firewall import is_loopback
from leadping_nb.shared_hosts import shared_host
from leadping_nb.table import Table, html_table
from leadping_nb.tokens import SOURCE, KeySource, TokenInspection, inspect_token

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Cause", "Explanation", "explain"]

CERTAIN, LIKELY, POSSIBLE = 3, 2, 1
_WORDS = {CERTAIN: "almost certain", LIKELY: "likely", POSSIBLE: "possible"}
_SIGNS = {CERTAIN: "●", LIKELY: "◐", POSSIBLE: "○"}


class Printer(Protocol):
    """What IPython gives to whoever shows itself as text."""

    def text(self, text: str) -> None:
        """Add a text."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that may have gone wrong."""

    code: str
    """A stable name."""
    strength: int
    """3 almost certain, 2 likely, 1 possible."""
    what: str
    """The cause in a sentence."""
    evidence: str
    """What points to it."""
    todo: str
    """What to do."""

    @property
    def likelihood(self) -> str:
        """The strength in words."""
        return _WORDS[self.strength]


@dataclass(frozen=True, slots=True, repr=False)
class Explanation:
    """The causes of one failed call, likeliest first."""

    call: str
    """Method and address."""
    status: int
    """The status of the answer."""
    causes: tuple[Cause, ...]
    """The causes; never empty."""

    @property
    def table(self) -> Table:
        """The causes as a table."""
        return Table(
            ("likelihood", "cause", "evidence", "what to do"),
            tuple((cause.likelihood, cause.what, cause.evidence, cause.todo) for cause in self.causes),
        )

    @property
    def frame(self) -> pd.DataFrame:
        """The causes as a DataFrame, likeliest first."""
        return self.table.frame()

    def __str__(self) -> str:
        lines = [f"{self.call} answered {self.status}."]
        for cause in self.causes:
            lines.append(f"{_SIGNS[cause.strength]} {cause.likelihood}: {cause.what}")
            lines += [f"    because {cause.evidence}", f"    → {cause.todo}"]
        return "\n".join(lines)

    def __repr__(self) -> str:
        first = self.causes[0]
        return f"<Explanation: {self.call} answered {self.status}; {first.likelihood}: {first.what}>"

    def _repr_pretty_(self, printer: Printer, cycle: bool) -> None:
        """Show every cause where IPython shows text."""
        printer.text(str(self))

    def _repr_html_(self) -> str:
        signs = {_WORDS[strength]: sign for strength, sign in _SIGNS.items()}
        shown = html_table(
            self.table.columns,
            self.table.rows,
            mark=lambda column, value: f"{signs[str(value)]} " if column == "likelihood" else "",
        )
        return f"<div><strong>{html.escape(self.call)} answered {self.status}.</strong>{shown}</div>"


@dataclass(frozen=True, slots=True)
class _Case:
    method: str
    url: str
    status: int
    challenges: tuple[Challenge, ...]
    problem: Problem
    credential: Credential | None
    decision: Decision
    token: TokenInspection | None
    contract: Contract

    @property
    def is_live(self) -> bool:
        """Whether the credential may open something, so that it matters who saw it."""
        return self.credential is not None and self.credential.is_live

    @property
    def is_of_sandbox(self) -> bool:
        return self.credential is not None and not self.is_live and not self.credential.is_placeholder

    @property
    def key_type(self) -> KeyType | None:
        return self.credential.key_type if self.credential else None

    @property
    def holder(self) -> str:
        return self.key_type.value if self.key_type else "no credential"

    @property
    def words(self) -> str:
        said = f"{self.problem.title or ''} {self.problem.detail or ''}".lower()
        return said + " ".join(f" {found.params.get('error_description', '')}" for found in self.challenges).lower()

    @property
    def errors(self) -> frozenset[str]:
        return frozenset(found.params["error"] for found in self.challenges if "error" in found.params)


_BODY = Wanted.of(bytes, str, Mapping, what="bytes, a text or a dict", hint="Give the body of the answer as it came.")


def explain(
    failure: object = None,
    credential: Credential | str | None = None,
    *,
    method: str | None = None,
    url: str | None = None,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
    body: bytes | str | Mapping[str, object] | None = None,
    discovery: KeySource | None = None,
    contract: Contract | None = None,
    now: datetime | float | None = None,
) -> Explanation:
    """Say why a call failed: the likeliest causes in order, with the evidence for each.

    Parameters
    ----------
    failure
        An `ApiError` of ours, or the response of an HTTP library (httpx, requests); else give the pieces below.
    credential
        What the call was made with; None if it was made without.
    method, url, status, headers, body
        The pieces of the failed call; they go before what ``failure`` says.
    discovery
        The result of ``lp.discover``, to judge a user token by.
    contract
        What the API takes; the seed's revision unless given.
    now
        The time to judge a token at: an aware datetime or epoch seconds; the clock's unless given.

    Raises
    ------
    LeadpingError
        If there is neither an error nor an address and a status.

    Examples
    --------
    >>> why = explain(method="GET", url="/users/me", status=403, credential="lp_src_test_1")
    >>> why.causes[0].code
    'key-type'
    """
    demand(TEXT.or_none, method=method, url=url)
    demand(MAPPING.or_none, headers=headers)
    demand(_BODY.or_none, body=body)
    status = None if status is None else whole("status", status, least=100, most=599)
    pieces = _pieces(failure)
    chosen = None if credential is None else Credential.from_text(credential)
    known = contract_or_seed(contract)
    demand(SOURCE.or_none, discovery=discovery)
    at = None if now is None else moment("now", now)
    seen = headers if headers is not None else pieces.headers
    lower = {str(name).lower(): value for name, value in seen.items()}
    wanted, address, answered = method or pieces.method, url or pieces.url, status or pieces.status
    if not address or answered is None:
        raise LeadpingError("There is nothing to explain.", hint="Give an ApiError, a response, or url= and status=.")
    case = _Case(
        wanted.upper(),
        address,
        answered,
        tuple(parse_www_authenticate(lower.get("www-authenticate"))),
        _problem(body) if body is not None else pieces.problem,
        chosen,
        permissions(chosen, contract=known).check(wanted, _path_of(address)),
        inspect_token(chosen, discovery=discovery, now=at) if _is_token(chosen) else None,  # type: ignore[arg-type]
        known,
    )
    found = [cause for rule in _RULES for cause in rule(case)]
    ordered = sorted(found, key=lambda cause: -cause.strength)  # stable: rules of one strength keep their order
    return Explanation(f"{case.method} {case.url}", case.status, tuple(ordered) or (_unknown(case),))


@dataclass(frozen=True, slots=True)
class _Pieces:
    method: str = "GET"
    url: str = ""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    problem: Problem = field(default_factory=Problem)


def _pieces(failure: object) -> _Pieces:
    """Take a failed call apart; a response is known by its members, so that no HTTP library is needed."""
    if failure is None:
        return _Pieces()
    if isinstance(failure, ApiError):
        return _Pieces(failure.method, failure.url or "", failure.status, failure.headers, failure.problem)
    status, url = getattr(failure, "status_code", None), getattr(failure, "url", None)
    if not isinstance(status, int) or url is None:
        raise LeadpingError(
            f"A {type(failure).__name__} is no failed call.", hint="Give an ApiError, a response, or url= and status=."
        )
    method = getattr(getattr(failure, "request", None), "method", None) or "GET"
    content = getattr(failure, "content", b"")
    headers = dict(getattr(failure, "headers", {}))
    return _Pieces(str(method), str(url), status, headers, _problem(content if isinstance(content, bytes) else b""))


def _problem(body: bytes | str | Mapping[str, object]) -> Problem:
    if isinstance(body, Mapping):
        body = json.dumps(body, default=str)
    return read_problem(body if isinstance(body, bytes) else body.encode("utf-8", "replace"))


def _is_token(credential: Credential | None) -> bool:
    return credential is not None and credential.key_type is KeyType.USER_TOKEN


def _path_of(url: str) -> str:
    parts = split_address(url)
    return "" if parts is None else parts.path


def _host_of(url: str) -> str | None:
    parts = split_address(url)
    return None if parts is None else parts.hostname


def _is_here(url: str) -> bool:
    host = _host_of(url)
    return host is None or is_loopback(host)


# -- the rules: each gives the causes it sees in a case -----------------------------------------------------------


def _no_credential(case: _Case) -> Iterator[Cause]:
    if case.credential is None and case.status == HTTPStatus.UNAUTHORIZED:
        yield Cause(
            "missing-header",
            LIKELY,
            "The call carried no credential.",
            f"none was named here, and {case.decision.why.lower()}",
            "Send Authorization: Bearer …; lp.connect(credential) does.",
        )


def _plain_http(case: _Case) -> Iterator[Cause]:
    if case.url.lower().startswith("http:") and not _is_here(case.url):
        yield Cause(
            "plain-http",
            LIKELY,
            "The call went over http, where the header is lost or refused.",
            "the address begins with http://",
            "Use https. The credential was exposed on the way: rotate it." if case.is_live else "Use https.",
        )


def _example_key(case: _Case) -> Iterator[Cause]:
    if case.credential is not None and case.credential.is_placeholder:
        yield Cause(
            "placeholder",
            CERTAIN,
            "The credential is the documentation's example.",
            case.credential.why,
            _instead(f"Put {_OWN.get(case.key_type, _YOUR_KEY)} in its place.", "Put a sandbox's key in its place"),
        )
    elif case.is_of_sandbox and not _is_here(case.url):
        kind = "token" if case.token is not None else "key"
        is_the_api = _host_of(case.url) == _host_of(case.contract.base_url)
        yield Cause(
            "sandbox-key",
            CERTAIN if is_the_api else LIKELY,  # a sandbox may stand behind the address of a proxy
            f"A sandbox's {kind} was sent to another API.",
            "it says that a sandbox made it" if case.token is not None else "it begins as the sandbox's keys do",
            _instead(
                f"Use {_OWN.get(case.key_type, _YOUR_KEY)}, or the sandbox's address.", "Use the sandbox's address"
            ),
        )


_YOUR_KEY = "your own key"
# Which credential to take, by the type of the one that was sent.
_OWN: Mapping[KeyType | None, str] = {
    KeyType.SOURCE_KEY: "the key of your source",
    KeyType.USER_TOKEN: "a token of your own",
}


def _instead(elsewhere: str, on_shared_host: str) -> str:
    """Say what to do; on a shared host a live credential is refused, and nobody is asked for one."""
    host = shared_host()
    return elsewhere if host is None else f"{on_shared_host}; this is {host.name}, where no live one belongs."


def _wrong_key_type(case: _Case) -> Iterator[Cause]:
    decision = case.decision
    if case.credential is None:
        return
    takers = ", ".join(kind.value for kind in decision.would_do)
    todo = f"It takes: {takers}." if takers else "lp.permissions(credential) lists what this key type may do."
    if decision.operation is None:
        yield Cause("unknown-call", POSSIBLE, "The API may not have this call.", decision.why, "Check the path.")
    elif decision.verdict == "denied":
        yield Cause(
            "key-type",
            CERTAIN if decision.certainty == "stated" else LIKELY,
            f"This call does not take a {case.holder}.",
            f"{decision.why} ({decision.certainty}: {decision.basis})",
            todo,
        )
    elif decision.verdict == "undocumented":
        strength = LIKELY if case.status == HTTPStatus.FORBIDDEN else POSSIBLE
        what = f"This call may not take a {case.holder}."
        yield Cause("key-type-undocumented", strength, what, decision.why, todo)


_TOKEN_CAUSES: Mapping[str, tuple[str, str]] = {
    "expiry": ("token-expired", "The token has expired."),
    "not before": ("token-early", "The token is not valid yet."),
    "issued at": ("token-early", "The token was issued in the future."),
    "issuer": ("token-issuer", "The token is of another issuer."),
    "audience": ("token-audience", "The token is for another application."),
    "signature": ("token-signature", "The token was changed, or somebody else made it."),
    "key": ("token-key", "The token was signed with a key that its issuer does not publish."),
    "algorithm": ("token-algorithm", "The token uses an algorithm that its key does not allow."),
}


def _bad_token(case: _Case) -> Iterator[Cause]:
    if case.token is None or case.status != HTTPStatus.UNAUTHORIZED:
        return
    for check in case.token.results:
        if check.outcome == "failed":
            code, what = _TOKEN_CAUSES.get(
                check.check, ("token-other", f"The token fails the check of its {check.check}.")
            )
            evidence = f"expected {check.expected}; got {check.got}"
            yield Cause(code, CERTAIN, what, evidence, check.todo or "Get a new token.")
    if case.token.verdict == "unverified":
        yield Cause(
            "token-unverified",
            POSSIBLE,
            "The token may be foreign or forged.",
            case.token.summary,
            "Give discovery=lp.discover(url), so that signature and issuer can be checked.",
        )


def _clock(case: _Case) -> Iterator[Cause]:
    if case.token is None or case.status != HTTPStatus.UNAUTHORIZED:
        return
    early = [check for check in case.token.results if check.check in ("not before", "issued at")]
    if any(check.outcome == "failed" for check in early):
        yield Cause(
            "clock-skew",
            LIKELY,
            "This machine's clock and the issuer's differ.",
            "a fresh token lies in the future",
            "Set the clock; compare it with the Date header of an answer.",
        )


def _dead_key(case: _Case) -> Iterator[Cause]:
    if case.status != HTTPStatus.UNAUTHORIZED or case.credential is None or case.token is not None:
        return
    is_elsewhere = case.is_of_sandbox and not _is_here(case.url)
    if case.decision.verdict == "allowed" and not case.credential.is_placeholder and not is_elsewhere:
        yield Cause(
            "key-dead",
            LIKELY,
            f"The {case.holder} has expired, was revoked or rotated, or is not whole.",
            "its type may make this call, so the key itself is at fault",
            "Take the key of the sandbox that runs now." if case.is_of_sandbox else _COMPARE[case.credential.key_type],
        )


_ON_PAGE = "Compare it with the list of keys on the api-keys page, or make a new one."
_COMPARE: Mapping[KeyType, str] = {
    KeyType.BUSINESS_API_KEY: _ON_PAGE,
    KeyType.ORGANIZATION_API_KEY: _ON_PAGE,
    KeyType.SOURCE_KEY: "Compare it with the key that the source shows in Leadping, or make the source a new one.",
}


def _valid_but_refused(case: _Case) -> Iterator[Cause]:
    if case.status == HTTPStatus.UNAUTHORIZED and case.token is not None and case.token.verdict == "valid":
        yield Cause(
            "session-ended",
            LIKELY,
            "The person signed out, or the session was ended, before the token expired.",
            "the token passes every check",
            "Sign in again.",
        )


_SPEAKS_OF_SOURCE = re.compile(r"\b(source|disabled|approved)\b")  # a resource is none


def _source(case: _Case) -> Iterator[Cause]:
    if (
        case.key_type is KeyType.SOURCE_KEY
        and case.decision.verdict == "allowed"
        and case.status == HTTPStatus.FORBIDDEN
    ):
        named = _SPEAKS_OF_SOURCE.search(case.words) is not None
        yield Cause(
            "source-off",
            CERTAIN if named else LIKELY,
            "The source is off, not approved, or may not send this.",
            "the server speaks of it" if named else "the key is known, and its type may send leads",
            "Look at the source in Leadping: is it enabled, approved, and allowed this product and state?",
        )


_BUSINESSES = ("business", "GET /businesses/me/options")
_ORGANIZATIONS = ("organization", "GET /organizations/me/options")


def _role(case: _Case) -> Iterator[Cause]:
    is_business = case.key_type not in (None, KeyType.SOURCE_KEY)
    has_organizations = KeyType.ORGANIZATION_API_KEY in case.contract.key_types
    account, listing = _ORGANIZATIONS if has_organizations else _BUSINESSES
    if case.status == HTTPStatus.FORBIDDEN and is_business and case.decision.verdict == "allowed":
        yield Cause(
            "role",
            LIKELY,
            f"The person's role, or the key's, does not reach this, or it belongs to another {account}.",
            f"a {case.holder} may make this call, and this one may not",
            f"Check the role and the current {account}; {listing} lists them.",
        )


def _server_says(case: _Case) -> Iterator[Cause]:
    if "insufficient_scope" in case.errors:
        yield Cause(
            "scope",
            CERTAIN,
            "The token lacks a scope.",
            "the challenge says insufficient_scope",
            "Ask for a token with the scope that the challenge names.",
        )
    if "invalid_token" in case.errors and case.token is None and case.credential is not None:
        yield Cause(
            "invalid-token",
            LIKELY,
            "The server does not accept the credential.",
            "the challenge says invalid_token",
            "Copy it whole, or make a new one.",
        )


_RULES: tuple[Callable[[_Case], Iterable[Cause]], ...] = (
    _no_credential,
    _example_key,
    _wrong_key_type,
    _bad_token,
    _clock,
    _source,
    _server_says,
    _plain_http,
    _dead_key,
    _valid_but_refused,
    _role,
)


def _unknown(case: _Case) -> Cause:
    said = " ".join(text for text in (case.problem.title, case.problem.detail) if text)
    return Cause(
        "unknown",
        POSSIBLE,
        "Nothing that is known of the API explains it.",
        f"it says: {said}" if said else "the server says nothing more",
        "Give the credential and discovery=lp.discover(url), or ask support with the trace id.",
    )
