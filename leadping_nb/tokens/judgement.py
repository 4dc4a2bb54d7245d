"""The judgement of a token: read it once, make every check, and decide."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from math import inf
from pathlib import Path
from types import MappingProxyType

from leadping_nb.arguments import NAME, Wanted, demand, moment as time_of, number
from leadping_nb.credential import Credential, KeyType
from leadping_nb.errors import CredentialError
from leadping_nb.secret import Secret, concealed
from leadping_nb.tokens.check import Check, plain
from leadping_nb.tokens.claims import claim_checks, header_checks, texts
from leadping_nb.tokens.inspection import TokenInspection, verdict_of
from leadping_nb.tokens.keys import SOURCE, Jwks, KeySource, given_keys, key_checks, published_keys

__all__ = ["inspect_token"]

_MOST_DIGITS = 300  # more are beyond what a float holds
_FORM = "three parts, header and claims JSON objects"

_AUDIENCE = Wanted(
    "a text or a list of texts",
    "Give what aud must be, as in {name}='client_…'.",
    lambda value: not isinstance(value, Mapping) and all(map(NAME.holds, texts(value) or ("",))),
)
_ZONE = Wanted.of(tzinfo, what="a time zone", hint="Give {name}=ZoneInfo('Europe/London') of the module zoneinfo.")


def inspect_token(
    token: Credential | Secret | str,
    *,
    discovery: KeySource | None = None,
    jwks: Jwks | Iterable[Jwks] | str | Path | None = None,
    issuer: str | None = None,
    audience: str | Iterable[str] | None = None,
    now: datetime | float | None = None,
    leeway: float | timedelta = 30.0,
    tz: tzinfo | None = None,
    server_date: datetime | float | None = None,
) -> TokenInspection:
    """Say whether a user token is still good, and why.

    Parameters
    ----------
    token
        A user token, as a credential or as text.
    discovery
        Where issuers, keys and audiences come from: the result of ``lp.discover``, or a `Keyring`.
    jwks
        A JWK set as dict, a list of them, or the path of one; used in place of the discovery's.
    issuer, audience
        What ``iss`` and ``aud`` must be; used in place of the discovery's.
    now
        The time to judge at: an aware datetime or epoch seconds; the clock's unless given.
    leeway
        Seconds, or a timedelta, by which clocks may differ.
    tz
        The time zone of local times; this machine's unless given.
    server_date
        What the server's clock showed at ``now``, as in its Date header; used in place of the difference that the
        discovery measured. It explains a failed check of time and never makes one pass.

    Returns
    -------
    TokenInspection
        Never valid without keys, an issuer and an audience to compare with.

    Raises
    ------
    CredentialError
        If the text is no user token.
    LeadpingError
        If a time has no time zone or is none, or ``jwks`` holds no JWK set.
    """
    token = concealed(token)
    demand(SOURCE.or_none, discovery=discovery)
    demand(NAME.or_none, issuer=issuer)
    demand(_AUDIENCE.or_none, audience=audience)
    demand(_ZONE.or_none, tz=tz)
    allowed = number("leeway", leeway.total_seconds() if isinstance(leeway, timedelta) else leeway, least=0)
    credential = token if isinstance(token, Credential) else Credential.from_text(token)
    if credential.key_type is not KeyType.USER_TOKEN:
        raise CredentialError(
            f"A {credential.key_type.value} is opaque: it has no claims to inspect.",
            hint="lp.permissions(credential) says what it may do; only a call shows whether it is still good.",
        )
    twice: list[str] = []
    header_part, claims_part, _ = credential.reveal().split(".")
    header, claims = _object_in(header_part, twice), _object_in(claims_part, twice)
    moment = datetime.now(UTC) if now is None else time_of("now", now)
    if server_date is not None:
        difference: float | None = (time_of("server_date", server_date) - moment).total_seconds()
    else:  # what a discovery measured is a difference to this machine's clock, and says nothing of another time
        difference = getattr(discovery, "clock_difference", None) if now is None else None
    issuers = (issuer,) if issuer is not None else (discovery.issuers if discovery is not None else ())
    audiences = texts(audience) if audience is not None else (discovery.audiences if discovery is not None else ())
    published = published_keys(discovery, claims.get("iss"), header.get("kid")) if jwks is None else given_keys(jwks)
    results = (
        _form(twice),
        *key_checks(credential, header, published),
        *claim_checks(
            claims,
            header,
            issuers=issuers,
            audiences=audiences,
            now=moment,
            leeway=allowed,
            clock_difference=difference,
        ),
        *header_checks(header),
    )
    return TokenInspection(verdict_of(results), MappingProxyType(header), MappingProxyType(claims), results, moment, tz)


def _form(twice: list[str]) -> Check:
    if not twice:
        return Check("form", "passed", _FORM, "so it is")
    got = f"{', '.join(plain(name) for name in dict.fromkeys(twice))} more than once"
    todo = "Readers may disagree on what it says (RFC 7519, section 4): do not accept it."
    return Check("form", "failed", f"{_FORM}, each member once", got, todo)


def _object_in(part: str, twice: list[str]) -> dict[str, object]:
    """Read a part that `Credential.from_text` has found to be a JSON object; endless numbers become infinite."""

    def collect(pairs: list[tuple[str, object]]) -> dict[str, object]:
        members = dict(pairs)
        if len(members) != len(pairs):
            twice.extend(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        return members

    try:
        text = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()
        value: dict[str, object] = json.loads(text, object_pairs_hook=collect, parse_int=_integer)
    except RecursionError:
        raise CredentialError("This token is nested too deeply to be read.", hint="Ask for a new token.") from None
    return value


def _integer(digits: str) -> float:
    return int(digits) if len(digits) < _MOST_DIGITS else inf
