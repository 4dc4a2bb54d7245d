"""What the claims of a token mean, and whether they hold (RFC 7519, section 4.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from leadping_nb.identifiers import differences
from leadping_nb.tokens.check import Check, is_number, moment, plain

__all__ = ["HEADER_MEANINGS", "MEANINGS", "TIMES", "claim_checks", "header_checks", "texts"]

_RFC = "https://www.rfc-editor.org/rfc/"
_CORE = "https://openid.net/specs/openid-connect-core-1_0.html"
MEANINGS: Mapping[str, tuple[str, str]] = {
    "iss": ("who issued it", f"{_RFC}rfc7519#section-4.1.1"),
    "sub": ("whom it stands for", f"{_RFC}rfc7519#section-4.1.2"),
    "aud": ("whom it is for", f"{_RFC}rfc7519#section-4.1.3"),
    "exp": ("when it ends", f"{_RFC}rfc7519#section-4.1.4"),
    "nbf": ("when it begins", f"{_RFC}rfc7519#section-4.1.5"),
    "iat": ("when it was issued", f"{_RFC}rfc7519#section-4.1.6"),
    "jti": ("its own id", f"{_RFC}rfc7519#section-4.1.7"),
    "client_id": ("the client it was issued to", f"{_RFC}rfc8693#section-4.3"),
    "scope": ("what was granted", f"{_RFC}rfc8693#section-4.2"),
    "act": ("who acts for the subject", f"{_RFC}rfc8693#section-4.1"),
    "sid": ("the session it belongs to", "https://openid.net/specs/openid-connect-frontchannel-1_0.html"),
    "nonce": ("ties an ID token to a sign-in", f"{_CORE}#IDToken"),
    "at_hash": ("ties an ID token to its access token", f"{_CORE}#CodeIDToken"),
    "c_hash": ("ties an ID token to its code", f"{_CORE}#HybridIDToken"),
    "auth_time": ("when the person signed in", f"{_CORE}#IDToken"),
    "org_id": ("the organization it works in", "not registered"),
    "role": ("the person's role there", "not registered"),
    "permissions": ("what the role allows", "not registered"),
}
"""What each claim means, and where it is defined."""

HEADER_MEANINGS: Mapping[str, tuple[str, str]] = {
    "alg": ("how it says it was signed; the key decides", f"{_RFC}rfc7515#section-4.1.1"),
    "jku": ("an address of keys; ignored", f"{_RFC}rfc7515#section-4.1.2"),
    "jwk": ("a key; ignored", f"{_RFC}rfc7515#section-4.1.3"),
    "kid": ("the id of the key that signed", f"{_RFC}rfc7515#section-4.1.4"),
    "x5u": ("an address of a certificate; ignored", f"{_RFC}rfc7515#section-4.1.5"),
    "x5c": ("certificates; ignored", f"{_RFC}rfc7515#section-4.1.6"),
    "typ": ("the kind of token", f"{_RFC}rfc7515#section-4.1.9"),
    "cty": ("the kind of content", f"{_RFC}rfc7515#section-4.1.10"),
    "crit": ("what a reader must understand", f"{_RFC}rfc7515#section-4.1.11"),
    "b64": ("whether the claims are encoded", f"{_RFC}rfc7797#section-3"),
}
"""What each member of the header means, and where it is defined."""

TIMES = ("exp", "nbf", "iat", "auth_time")
"""The claims that are times."""

_KEYS_IN_HEADER = ("jku", "x5u", "jwk", "x5c")
_OF_AN_ID_TOKEN = ("nonce", "at_hash", "c_hash")
_ACCESS_TYPES = ("jwt", "at+jwt")
_NEW_TOKEN = "Sign in again, or ask for a new token."  # noqa: S105  # a sentence


def claim_checks(
    claims: Mapping[str, object],
    header: Mapping[str, object],
    *,
    issuers: tuple[str, ...],
    audiences: tuple[str, ...],
    now: datetime,
    leeway: float,
    clock_difference: float | None,
) -> list[Check]:
    """Check times, issuer, audience and kind.

    Parameters
    ----------
    claims, header
        What the token says.
    issuers, audiences
        What is accepted; empty if that is not known.
    now, leeway
        The time to judge at, and the seconds by which clocks may differ.
    clock_difference
        Seconds by which the server's clock was measured to be ahead of this machine's, or None.
    """
    return [
        *_times(claims, now.timestamp(), leeway, clock_difference),
        _issuer(claims, issuers),
        _audience(claims, audiences),
        _kind(claims, header),
    ]


def header_checks(header: Mapping[str, object]) -> list[Check]:
    """Check the header's type, and report what is ignored in it."""
    kind = plain(header.get("typ")) if "typ" in header else "no typ"
    fits = kind == "no typ" or kind.lower().removeprefix("application/") in _ACCESS_TYPES
    results = [
        Check("type", "passed", "JWT or at+jwt", kind)
        if fits
        else Check("type", "failed", "JWT or at+jwt", kind, "It is a token of another kind.")
    ]
    if "crit" in header:
        todo = "It demands what nobody here understands (RFC 7515, section 4.1.11)."
        results.append(Check("critical", "failed", "no crit", plain(header["crit"]), todo))
    if header.get("b64", True) is not True:
        todo = "Its claims would not be signed as they are written (RFC 7797, section 7): do not accept it."
        results.append(Check("payload", "failed", "claims signed in base64url", f"b64 {plain(header['b64'])}", todo))
    pointers = [name for name in _KEYS_IN_HEADER if name in header]
    if pointers:
        todo = "Ignored: a token does not choose its keys."
        results.append(Check("keys in header", "skipped", "none", ", ".join(pointers), todo))
    return results


def texts(value: object) -> tuple[str, ...]:
    """Give a text, or the texts of a list."""
    if isinstance(value, str):
        return (value,)
    return tuple(entry for entry in value if isinstance(entry, str)) if isinstance(value, Iterable) else ()


def _times(claims: Mapping[str, object], now: float, leeway: float, difference: float | None) -> list[Check]:
    shown = f"{moment(now)}, give or take {leeway:.0f} s"
    rows: tuple[tuple[str, str, str, Callable[[float, float], bool], str], ...] = (
        ("expiry", "exp", f"after {shown}", lambda at, value: at < value + leeway, _NEW_TOKEN),
        (
            "not before",
            "nbf",
            f"not after {shown}",
            lambda at, value: value <= at + leeway,
            "Wait, or set the clock right.",
        ),
        ("issued at", "iat", f"not after {shown}", lambda at, value: value <= at + leeway, "Set the clock right."),
    )
    results = []
    for name, claim, expected, fits, todo in rows:
        value = claims.get(claim)
        if claim not in claims and claim != "exp":
            results.append(Check(name, "skipped", expected, f"no {claim}", "It is optional."))
        elif not is_number(value):
            got = f"no {claim}" if claim not in claims else f"{claim} that is no number"
            results.append(Check(name, "failed", expected, got, f"Do not accept it without a good {claim}."))
        elif fits(now, float(value)):  # type: ignore[arg-type]  # a number
            todo = ""
            if difference is not None and not fits(now + difference, float(value)):  # type: ignore[arg-type]  # a number
                todo = f"Not so by the server's clock, which is {_seconds(difference)} this machine's."
            results.append(Check(name, "passed", expected, moment(value), todo))
        else:
            if difference is not None and fits(now + difference, float(value)):  # type: ignore[arg-type]  # a number
                explained = f"The server's clock is {_seconds(difference)} this machine's, which explains it."
                todo = f"{explained} Set this machine's clock right."
            results.append(Check(name, "failed", expected, moment(value), todo))
    return results


def _seconds(difference: float) -> str:
    return f"{abs(difference):.0f} s {'ahead of' if difference > 0 else 'behind'}"


def _issuer(claims: Mapping[str, object], issuers: tuple[str, ...]) -> Check:
    got = plain(claims.get("iss")) if "iss" in claims else "no iss"
    expected = " or ".join(issuers) or "an issuer that the API accepts"
    if not issuers:
        return Check("issuer", "skipped", expected, got, "No issuer was given, and none discovered.")
    if claims.get("iss") in issuers:
        return Check("issuer", "passed", expected, got)
    ways = {name: differences(name, got) for name in issuers}
    near = min(ways, key=lambda name: (len(ways[name].split(", and ")), "another host" in ways[name]))
    differs = f"It differs from {near}: {ways[near]}." if "iss" in claims else "It does not say who issued it."
    return Check("issuer", "failed", expected, got, f"{differs} Use a token of an accepted issuer.")


def _audience(claims: Mapping[str, object], audiences: tuple[str, ...]) -> Check:
    value = claims.get("aud")
    named = texts(value) if isinstance(value, str | list | tuple) else ()
    got = plain(value if isinstance(value, str) else " and ".join(named)) if named else "no aud"
    expected = " or ".join(audiences) or "this API's client id"
    if not audiences:
        return Check("audience", "skipped", expected, got, "No audience was given, and none discovered.")
    if isinstance(value, list | tuple) and len(named) != len(value):
        todo = "An audience is a text (RFC 7519, section 4.1.3): do not accept it."
        return Check("audience", "failed", expected, f"a list with what is no text: {plain(value)}", todo)
    if set(named) & set(audiences):
        return Check("audience", "passed", expected, got)
    return Check(
        "audience",
        "failed",
        expected,
        got,
        "It is meant for another application: use one that was issued for this API.",
    )


def _kind(claims: Mapping[str, object], header: Mapping[str, object]) -> Check:
    """Recognise tokens that are signed as well, but are not for calling an API."""
    named = (claims.get("token_use"), claims.get("token_type"), claims.get("typ"), header.get("typ"))
    uses = {value.lower() for value in named if isinstance(value, str)}
    if "rt+jwt" in uses or any("refresh" in use for use in uses):
        todo = "It is a refresh token: exchange it for an access token, and never send it to the API."
        return Check("token kind", "failed", "an access token", "a refresh token", todo)
    signs = [name for name in _OF_AN_ID_TOKEN if name in claims]
    if signs or "id" in uses:
        todo = "It is an ID token: it tells a client who signed in. Send the access token that came with it."
        return Check(
            "token kind", "failed", "an access token", f"an ID token ({', '.join(signs) or 'token_use'})", todo
        )
    return Check("token kind", "passed", "an access token", "no sign of another kind")
