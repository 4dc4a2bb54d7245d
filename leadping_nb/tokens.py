"""Is a user token still good: its claims, and every check with what was expected and got.

The allowed algorithm comes from the key and never from the token (RFC 8725, section 3.1); what a token's
header says about where to find keys is reported and ignored. PyJWT does the cryptography.
"""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import inf
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, Protocol

import jwt

from leadping_nb.credential import Credential, KeyType
from leadping_nb.errors import CredentialError, LeadpingError
from leadping_nb.table import Table, html_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Check", "KeySource", "TokenInspection", "inspect_token"]

Outcome = Literal["passed", "failed", "skipped"]
TokenVerdict = Literal["valid", "invalid", "unverified"]
Jwks = Mapping[str, object]

SIGNS: Mapping[str, str] = {"passed": "✓", "failed": "✗", "skipped": "–"}
VERDICT_SIGNS: Mapping[str, str] = {"valid": "✓", "invalid": "✗", "unverified": "?"}

_REQUIRED = frozenset({"form", "key", "algorithm", "signature", "expiry", "issuer", "audience"})
_CURVE_ALGORITHMS: Mapping[str, tuple[str, ...]] = {
    "P-256": ("ES256",),
    "P-384": ("ES384",),
    "P-521": ("ES512",),
    "secp256k1": ("ES256K",),
    "Ed25519": ("EdDSA",),
    "Ed448": ("EdDSA",),
}
_RSA_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
_RSA_BITS = 2048
_KEYS_IN_HEADER = ("jku", "x5u", "jwk", "x5c")
_NEW_TOKEN = "Sign in again, or ask for a new token."  # noqa: S105  # a sentence

CLAIM_MEANINGS: Mapping[str, tuple[str, str]] = {
    "iss": ("who issued it", "RFC 7519, section 4.1.1"),
    "sub": ("whom it stands for", "RFC 7519, section 4.1.2"),
    "aud": ("whom it is for", "RFC 7519, section 4.1.3"),
    "exp": ("when it ends", "RFC 7519, section 4.1.4"),
    "nbf": ("when it begins", "RFC 7519, section 4.1.5"),
    "iat": ("when it was issued", "RFC 7519, section 4.1.6"),
    "jti": ("its own id", "RFC 7519, section 4.1.7"),
    "sid": ("the session it belongs to", "OpenID Connect Front-Channel Logout, section 3"),
    "client_id": ("the client it was issued to", "RFC 8693, section 4.3"),
    "scope": ("what was granted", "RFC 8693, section 4.2"),
    "org_id": ("the organization it works in", "not standardised"),
    "role": ("the person's role there", "not standardised"),
    "permissions": ("what the role allows", "not standardised"),
}


class KeySource(Protocol):
    """What an inspection needs of a discovery."""

    @property
    def issuers(self) -> tuple[str, ...]:
        """The issuers whose tokens are accepted."""

    @property
    def jwks(self) -> Mapping[str, Jwks]:
        """The keys of each issuer that publishes them."""

    @property
    def audiences(self) -> tuple[str, ...]:
        """Whom a token may be for."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a token."""

    check: str
    """Its name."""
    outcome: Outcome
    """``passed``, ``failed``, or ``skipped`` where it was not possible."""
    expected: str
    """What would pass."""
    got: str
    """What was found, never a piece of the signature."""
    todo: str = ""
    """What to do about it; the reason where it was skipped."""


@dataclass(frozen=True, slots=True, eq=False)
class TokenInspection:
    """What a user token says, and whether to believe it."""

    verdict: TokenVerdict
    """``valid`` if every required check passed, ``invalid`` if one failed, ``unverified`` if one was not possible."""
    header: Mapping[str, object]
    """The JOSE header (RFC 7515, section 4)."""
    claims: Mapping[str, object]
    """The claims (RFC 7519, section 4); not to be believed unless the verdict is ``valid``."""
    results: tuple[Check, ...] = field(repr=False)
    """The checks in the order in which they were made."""
    now: datetime
    """The time it was judged at, in UTC."""

    @property
    def checks(self) -> pd.DataFrame:
        """The checks as a DataFrame: check, outcome, expected, got, what to do."""
        return self.table.frame()

    @property
    def table(self) -> Table:
        """The checks as a table."""
        return Table(
            ("check", "outcome", "expected", "got", "what to do"),
            tuple((entry.check, entry.outcome, entry.expected, entry.got, entry.todo) for entry in self.results),
        )

    @property
    def expires_in(self) -> float | None:
        """Seconds until it ends, negative if it has ended, None if it does not say when."""
        ends = self.claims.get("exp")
        return None if not _is_number(ends) else float(ends) - self.now.timestamp()  # type: ignore[arg-type]  # a number

    @property
    def claims_table(self) -> Table:
        """The claims with their meaning, times written out in UTC."""
        rows = []
        for name, value in self.claims.items():
            meaning, source = CLAIM_MEANINGS.get(name, ("", "not registered"))
            shown = _time(value) if name in ("exp", "nbf", "iat", "auth_time") else _plain(value)
            rows.append((name, shown, meaning, source))
        return Table(("claim", "value", "meaning", "source"), tuple(rows))

    @property
    def summary(self) -> str:
        """The verdict in a sentence."""
        if self.verdict == "valid":
            return f"The token is valid; it ends in {_duration(self.expires_in or 0)}."
        deciding = [entry for entry in self.results if entry.outcome == "failed"] or [
            entry for entry in self.results if entry.outcome == "skipped" and entry.check in _REQUIRED
        ]
        names = ", ".join(entry.check for entry in deciding)
        if self.verdict == "invalid":
            return f"The token is invalid: {names} failed."
        return f"The token is unverified: {names} could not be checked, so nothing it says is proven."

    def __repr__(self) -> str:
        return f"<TokenInspection {VERDICT_SIGNS[self.verdict]} {self.verdict}: {self.summary}>"

    def _repr_html_(self) -> str:
        checks = html_table(
            self.table.columns,
            self.table.rows,
            mark=lambda column, value: f"{SIGNS[str(value)]} " if column == "outcome" else "",
        )
        claims = self.claims_table.html(caption="Claims" + ("" if self.verdict == "valid" else f" ({self.verdict})"))
        return f"<div><strong>{VERDICT_SIGNS[self.verdict]} {html.escape(self.summary)}</strong>{checks}{claims}</div>"


def inspect_token(
    token: Credential | str,
    *,
    discovery: KeySource | None = None,
    jwks: Jwks | Iterable[Jwks] | str | Path | None = None,
    issuer: str | None = None,
    audience: str | Iterable[str] | None = None,
    now: datetime | float | None = None,
    leeway: float | timedelta = 30.0,
) -> TokenInspection:
    """Say whether a user token is still good, and why.

    Parameters
    ----------
    token
        A user token, as a credential or as text.
    discovery
        Where issuers, keys and audiences come from: the result of ``lp.discover``.
    jwks
        A JWK set as dict, a list of them, or the path of one; used in place of the discovery's.
    issuer, audience
        What ``iss`` and ``aud`` must be; used in place of the discovery's.
    now
        The time to judge at: an aware datetime or epoch seconds; the clock's unless given.
    leeway
        Seconds, or a timedelta, by which clocks may differ.

    Returns
    -------
    TokenInspection
        Never valid without keys, an issuer and an audience to compare with.

    Raises
    ------
    CredentialError
        If the text is no user token.
    LeadpingError
        If ``now`` is a datetime without a time zone, or ``jwks`` holds no JWK set.
    """
    credential = token if isinstance(token, Credential) else Credential.from_text(token)
    if credential.key_type is not KeyType.USER_TOKEN:
        raise CredentialError(
            f"A {credential.key_type.value} is opaque: it has no claims to inspect.",
            hint="lp.permissions(credential) says what it may do; only a call shows whether it is still good.",
        )
    header, claims = _decode(credential)
    moment = _moment(now)
    slack = leeway.total_seconds() if isinstance(leeway, timedelta) else float(leeway)
    issuers = (issuer,) if issuer is not None else (discovery.issuers if discovery else ())
    audiences = _texts(audience) if audience is not None else (discovery.audiences if discovery else ())
    keys, key_note = _keys_for(claims.get("iss"), jwks, discovery)

    results = [Check("form", "passed", "three parts, header and claims JSON objects", "so it is")]
    results += _key_checks(credential, header, keys, key_note)
    results += _time_checks(claims, moment, slack)
    results += [_issuer_check(claims, issuers), _audience_check(claims, audiences)]
    results += _header_checks(header)
    return TokenInspection(
        _verdict(results), MappingProxyType(header), MappingProxyType(claims), tuple(results), moment
    )


def _verdict(results: Iterable[Check]) -> TokenVerdict:
    outcomes = [(entry.outcome, entry.check in _REQUIRED) for entry in results]
    if any(outcome == "failed" for outcome, _ in outcomes):
        return "invalid"
    return "unverified" if ("skipped", True) in outcomes else "valid"


def _decode(credential: Credential) -> tuple[dict[str, object], dict[str, object]]:
    header, claims = credential.reveal().split(".")[:2]
    return _object_in(header), _object_in(claims)


def _object_in(part: str) -> dict[str, object]:
    """Read a part that `Credential.from_text` has found to be a JSON object; endless numbers become infinite."""
    text = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()
    value: dict[str, object] = json.loads(text, parse_int=lambda digits: int(digits) if len(digits) < 300 else inf)
    return value


def _keys_for(
    issuer: object, jwks: Jwks | Iterable[Jwks] | str | Path | None, discovery: KeySource | None
) -> tuple[list[Mapping[str, object]] | None, str]:
    """Give the keys that may have signed, or None with the reason why there are none to be had."""
    if jwks is not None:
        return _given_keys(jwks), ""
    if discovery is None:
        return None, "No keys were given, and no discovery."
    if not isinstance(issuer, str) or issuer not in discovery.issuers:
        return None, "Keys are looked for only at issuers that the API accepts."
    if issuer not in discovery.jwks:
        return None, "The issuer is accepted, but the discovery found no keys of it."
    return _keys_of(discovery.jwks[issuer]), ""


def _given_keys(jwks: Jwks | Iterable[Jwks] | str | Path) -> list[Mapping[str, object]]:
    given: object = jwks
    if isinstance(jwks, str | Path):
        try:
            given = json.loads(Path(jwks).read_text(encoding="utf-8-sig"))
        except (OSError, ValueError) as error:
            raise LeadpingError("The file of the JWK set could not be read as JSON.") from error
    sets = list(given) if isinstance(given, Iterable) and not isinstance(given, Mapping) else [given]
    found = [entry for entry in sets if isinstance(entry, Mapping) and isinstance(entry.get("keys"), list | tuple)]
    if len(found) != len(sets):
        raise LeadpingError("This is no JWK set.", hint='A JWK set is an object with a list under "keys" (RFC 7517).')
    return [key for entry in found for key in _keys_of(entry)]


def _keys_of(jwks: Jwks) -> list[Mapping[str, object]]:
    keys = jwks.get("keys")
    return [key for key in keys if isinstance(key, Mapping)] if isinstance(keys, list | tuple) else []


def _key_checks(
    credential: Credential, header: Mapping[str, object], keys: list[Mapping[str, object]] | None, note: str
) -> list[Check]:
    kid, named = header.get("kid"), _plain(header.get("alg"))
    expected_key = "a key of the issuer's set with the token's kid"
    if keys is None:
        return [
            Check("key", "skipped", expected_key, f"kid {_plain(kid)}", note),
            Check("algorithm", "skipped", "what the key allows", named, note),
            Check("signature", "skipped", "made with that key", "not checked", note),
        ]
    chosen = [key for key in keys if key.get("kid") == kid] if kid is not None else list(keys)
    if len(chosen) != 1:
        got = f"kid {_plain(kid)}, which {len(chosen)} of {len(keys)} keys have" if kid is not None else "no kid"
        todo = "The key may have been rotated: fetch the keys again. If it stays so, the token is not theirs."
        return [
            Check("key", "failed", expected_key, got, todo),
            Check("algorithm", "skipped", "what the key allows", named, "There is no key to allow one."),
            Check("signature", "skipped", "made with that key", "not checked", "There is no key to check with."),
        ]
    key, problem = chosen[0], _key_problem(chosen[0])
    if problem:
        return [
            Check("key", "failed", "a public signing key, RSA of 2048 bits or more", problem, "Tell the issuer."),
            Check("algorithm", "skipped", "what the key allows", named, "The key is not usable."),
            Check("signature", "skipped", "made with that key", "not checked", "The key is not usable."),
        ]
    allowed = _allowed_algorithms(key)
    noted = "" if "alg" in key else "The key names no algorithm, so its type decides."
    results = [Check("key", "passed", expected_key, f"kid {_plain(kid)}", noted)]
    if named not in allowed:
        todo = "The key decides, not the token: do not accept it."
        results.append(Check("algorithm", "failed", " or ".join(allowed), named, todo))
        results.append(
            Check("signature", "skipped", "made with that key", "not checked", "The algorithm is not allowed.")
        )
        return results
    results.append(Check("algorithm", "passed", " or ".join(allowed), named))
    if "crit" in header:
        reason = "It demands what nobody here understands."
        results.append(Check("signature", "skipped", "made with that key", "not checked", reason))
    elif _signed(credential, key, named):
        results.append(Check("signature", "passed", "made with that key", "it is"))
    else:
        todo = "Do not accept it: it was changed, or somebody else made it."
        results.append(Check("signature", "failed", "made with that key", "it is not", todo))
    return results


def _key_problem(key: Mapping[str, object]) -> str:
    """Say why a JWK cannot be used to verify, or nothing."""
    if key.get("kty") == "oct":
        return "a symmetric key, which must not be published"
    if key.get("use") not in (None, "sig"):
        return f"a key for use {_plain(key.get('use'))}"
    if not _allowed_algorithms(key):
        return f"a key of kty {_plain(key.get('kty'))} and alg {_plain(key.get('alg'))}, which allow no known algorithm"
    loaded = _load(key)
    if loaded is None:
        return "a key that cannot be read"
    bits = getattr(loaded.key, "key_size", None)
    if key.get("kty") == "RSA" and (bits or 0) < _RSA_BITS:
        return f"an RSA key of {bits} bits"
    return ""


def _allowed_algorithms(key: Mapping[str, object]) -> tuple[str, ...]:
    by_type = _RSA_ALGORITHMS if key.get("kty") == "RSA" else _CURVE_ALGORITHMS.get(_plain(key.get("crv")), ())
    named = key.get("alg")
    return by_type if named is None else tuple(name for name in by_type if name == named)


def _load(key: Mapping[str, object]) -> jwt.PyJWK | None:
    public = {name: value for name, value in key.items() if name not in ("d", "p", "q", "dp", "dq", "qi", "oth", "alg")}
    try:
        return jwt.PyJWK(public, algorithm=_allowed_algorithms(key)[0])
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        return None


def _signed(credential: Credential, key: Mapping[str, object], algorithm: str) -> bool:
    loaded = _load(key)
    if loaded is None:
        return False
    try:
        jwt.PyJWS().decode(credential.reveal(), key=loaded.key, algorithms=[algorithm])
    except (jwt.PyJWTError, ValueError, TypeError):
        return False
    return True


def _time_checks(claims: Mapping[str, object], now: datetime, leeway: float) -> list[Check]:
    moment = now.timestamp()
    shown = f"{_time(moment)}, give or take {leeway:.0f} s"
    fit: Mapping[str, tuple[str, str, Callable[[float], bool], str]] = {
        "expiry": ("exp", f"after {shown}", lambda value: moment < value + leeway, _NEW_TOKEN),
        "not before": (
            "nbf",
            f"not after {shown}",
            lambda value: value <= moment + leeway,
            "Wait, or set the clock right.",
        ),
        "issued at": ("iat", f"not after {shown}", lambda value: value <= moment + leeway, "Set the clock right."),
    }
    results = []
    for name, (claim, expected, fits, todo) in fit.items():
        value = claims.get(claim)
        if claim not in claims and claim != "exp":
            results.append(Check(name, "skipped", expected, f"no {claim}", "It is optional."))
        elif not _is_number(value):
            got = f"no {claim}" if claim not in claims else f"{claim} that is no number"
            results.append(
                Check(
                    name, "failed", expected, got, "Do not accept a token without an end." if claim == "exp" else todo
                )
            )
        elif fits(float(value)):  # type: ignore[arg-type]  # a number
            results.append(Check(name, "passed", expected, _time(value)))
        else:
            results.append(Check(name, "failed", expected, _time(value), todo))
    return results


def _issuer_check(claims: Mapping[str, object], issuers: tuple[str, ...]) -> Check:
    got = _plain(claims.get("iss")) if "iss" in claims else "no iss"
    if not issuers:
        return Check(
            "issuer", "skipped", "an issuer that the API accepts", got, "No issuer was given, and none discovered."
        )
    if claims.get("iss") in issuers:
        return Check("issuer", "passed", " or ".join(issuers), got)
    near = [name for name in issuers if name.rstrip("/") == got.rstrip("/")]
    todo = "It differs only by a trailing slash." if near else "It was issued by or for somebody else."
    return Check("issuer", "failed", " or ".join(issuers), got, f"{todo} Use a token of an accepted issuer.")


def _audience_check(claims: Mapping[str, object], audiences: tuple[str, ...]) -> Check:
    value = claims.get("aud")
    named = _texts(value) if isinstance(value, str | list | tuple) else ()
    got = " and ".join(named) if named else "no aud"
    if not audiences:
        return Check("audience", "skipped", "this API's client id", got, "No audience was given, and none discovered.")
    if set(named) & set(audiences):
        return Check("audience", "passed", " or ".join(audiences), got)
    return Check("audience", "failed", " or ".join(audiences), got, "It is meant for another application.")


def _header_checks(header: Mapping[str, object]) -> list[Check]:
    kind = _plain(header.get("typ")) if "typ" in header else "no typ"
    fitting = kind.lower().removeprefix("application/") in ("jwt", "at+jwt", "no typ")
    results = [
        Check("type", "passed", "JWT or at+jwt", kind)
        if fitting
        else Check("type", "failed", "JWT or at+jwt", kind, "It is a token of another kind.")
    ]
    if "crit" in header:
        got = _plain(header["crit"])
        results.append(
            Check("critical", "failed", "no crit", got, "It demands what nobody here understands (RFC 7515).")
        )
    pointers = [name for name in _KEYS_IN_HEADER if name in header]
    if pointers:
        results.append(
            Check(
                "keys in header", "skipped", "none", ", ".join(pointers), "Ignored: a token does not choose its keys."
            )
        )
    return results


def _moment(now: datetime | float | None) -> datetime:
    if now is None:
        return datetime.now(UTC)
    if isinstance(now, datetime):
        if now.tzinfo is None:
            raise LeadpingError("now has no time zone.", hint="Use datetime.now(timezone.utc) or epoch seconds.")
        return now.astimezone(UTC)
    return datetime.fromtimestamp(now, UTC)


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(entry for entry in value if isinstance(entry, str)) if isinstance(value, Iterable) else ()


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < inf


def _time(value: object) -> str:
    if not _is_number(value):
        return _plain(value)
    try:
        return datetime.fromtimestamp(float(value), UTC).strftime("%Y-%m-%d %H:%M:%S UTC")  # type: ignore[arg-type]  # a number
    except (OverflowError, ValueError, OSError):
        return "beyond the calendar"


def _duration(seconds: float) -> str:
    whole = int(seconds)
    for size, name in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if whole >= 2 * size:
            return f"{whole // size} {name}"
    return f"{whole} seconds"


def _plain(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text if len(text) <= 200 else text[:200] + "…"
