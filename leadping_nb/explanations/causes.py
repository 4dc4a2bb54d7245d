"""The causes of a 401 or 403: a rule for each looks at a case, and says how strongly that points to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from http import HTTPStatus

from leadping_nb.credential import KeyType
from leadping_nb.explanations.case import Case, host_of
from leadping_nb.explanations.explanation import CERTAIN, LIKELY, POSSIBLE, Cause
from leadping_nb.shared_hosts import shared_host

__all__ = ["RULES", "unknown"]


def _no_credential(case: Case) -> Iterator[Cause]:
    if case.credential is None and case.status == HTTPStatus.UNAUTHORIZED:
        yield Cause(
            "missing-header",
            LIKELY,
            "The call carried no credential.",
            f"none was named here, and {case.decision.why.lower()}",
            "Send Authorization: Bearer …; lp.connect(credential) does.",
        )


def _plain_http(case: Case) -> Iterator[Cause]:
    if case.url.lower().startswith("http:") and not case.is_here:
        yield Cause(
            "plain-http",
            LIKELY,
            "The call went over http, where the header is lost or refused.",
            "the address begins with http://",
            "Use https. The credential was exposed on the way: rotate it." if case.is_live else "Use https.",
        )


def _example_key(case: Case) -> Iterator[Cause]:
    if case.credential is not None and case.credential.is_placeholder:
        yield Cause(
            "placeholder",
            CERTAIN,
            "The credential is the documentation's example.",
            case.credential.why,
            _instead(f"Put {_OWN.get(case.key_type, _YOUR_KEY)} in its place.", "Put a sandbox's key in its place"),
        )
    elif case.is_of_sandbox and not case.is_here:
        kind = "token" if case.token is not None else "key"
        is_the_api = case.host == host_of(case.contract.base_url)
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


def _wrong_key_type(case: Case) -> Iterator[Cause]:
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


def _bad_token(case: Case) -> Iterator[Cause]:
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


def _clock(case: Case) -> Iterator[Cause]:
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


def _dead_key(case: Case) -> Iterator[Cause]:
    if case.status != HTTPStatus.UNAUTHORIZED or case.credential is None or case.token is not None:
        return
    is_elsewhere = case.is_of_sandbox and not case.is_here
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


def _valid_but_refused(case: Case) -> Iterator[Cause]:
    if case.status == HTTPStatus.UNAUTHORIZED and case.token is not None and case.token.verdict == "valid":
        yield Cause(
            "session-ended",
            LIKELY,
            "The person signed out, or the session was ended, before the token expired.",
            "the token passes every check",
            "Sign in again.",
        )


_SPEAKS_OF_SOURCE = re.compile(r"\b(source|disabled|approved)\b")  # a resource is none


def _source(case: Case) -> Iterator[Cause]:
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


def _role(case: Case) -> Iterator[Cause]:
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


def _server_says(case: Case) -> Iterator[Cause]:
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


RULES: tuple[Callable[[Case], Iterable[Cause]], ...] = (
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
"""Each gives the causes that it sees in a case."""


def unknown(case: Case) -> Cause:
    """Give the cause where no rule sees one."""
    said = " ".join(text for text in (case.problem.title, case.problem.detail) if text)
    return Cause(
        "unknown",
        POSSIBLE,
        "Nothing that is known of the API explains it.",
        f"it says: {said}" if said else "the server says nothing more",
        "Give the credential and discovery=lp.discover(url), or ask support with the trace id.",
    )
