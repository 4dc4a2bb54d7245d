"""Faults of tokens: user tokens that are old, foreign, changed or of another kind; one row each."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

from leadping_nb.sandbox.faults import Fault

__all__ = ["TOKEN_FAULTS"]

Json = dict[str, Any]
_ATTACKER = "https://attacker.example/jwks"


def _claims(change: Callable[[Json], Json]) -> Callable[[Json, Json], tuple[Json, Json]]:
    """Change the claims; None takes one out."""

    def token(header: Json, claims: Json) -> tuple[Json, Json]:
        changed = {**claims, **change(claims)}
        return header, {name: value for name, value in changed.items() if value is not None}

    return token


def _header(**members: object) -> Callable[[Json, Json], tuple[Json, Json]]:
    return lambda header, claims: ({**header, **members}, claims)


def _other_signature(token: str) -> str:
    signed, _, signature = token.rpartition(".")
    swapped = ("A" if signature[0] != "A" else "B") + signature[1:]
    return f"{signed}.{swapped}"


def _other_claims(token: str) -> str:
    header, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    forged = json.dumps({**claims, "role": "owner"}, separators=(",", ":")).encode()
    return f"{header}.{base64.urlsafe_b64encode(forged).decode().rstrip('=')}.{signature}"


def _unsigned(token: str) -> str:
    header = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    return f"{header}.{token.split('.')[1]}."


def _shared_secret(token: str) -> str:
    header = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"%s","typ":"JWT"}' % _kid(token).encode()).decode()
    signed = f"{header.rstrip('=')}.{token.split('.')[1]}"
    made = hmac.new(b"sandbox-example", signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(made).decode().rstrip('=')}"


def _kid(token: str) -> str:
    header = token.split(".")[0]
    return str(json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))["kid"])


def _fault(name: str, what: str, teaches: str, check: str | None, verdict: str = "invalid", **how: Any) -> Fault:
    expected = f"lp.inspect_token says {verdict}" + (f", because {check} failed" if check else "")
    return Fault(name, what, teaches, expected, area="token", check=check, verdict=verdict, **how)


TOKEN_FAULTS: tuple[Fault, ...] = (
    _fault("token_expired", "Tokens have expired when they are issued.", "The commonest cause of a 401.", "expiry",
           token=_claims(lambda claims: {"exp": claims["iat"] - 60})),
    _fault("token_without_end", "Tokens have no end.", "A token without an end is good for ever, for a thief too.",
           "expiry", token=_claims(lambda claims: {"exp": None})),
    _fault("token_end_as_text", "The end of tokens is a text.", "A time is a number; anything else is refused.",
           "expiry", token=_claims(lambda claims: {"exp": str(claims["exp"])})),
    _fault("token_too_early", "Tokens begin in an hour.", "Not before means not before.", "not before",
           token=_claims(lambda claims: {"nbf": claims["iat"] + 3600})),
    _fault("clock_ahead", "The issuer's clock is ten minutes ahead.", "Two clocks are never the same.", "issued at",
           token=_claims(lambda claims: {"iat": claims["iat"] + 600})),
    _fault("token_other_issuer", "Tokens are of another issuer.", "A good signature of somebody else is no good here.",
           "issuer", token=_claims(lambda claims: {"iss": "https://other.example"})),
    _fault("token_issuer_slash", "The issuer in tokens has a slash at the end.",
           "One character makes another issuer, and the API says only 401.", "issuer",
           token=_claims(lambda claims: {"iss": f"{claims['iss']}/"})),
    _fault("token_other_audience", "Tokens are for another application.", "A token is for whom it names.", "audience",
           token=_claims(lambda claims: {"aud": "client_other_example"})),
    _fault("token_without_audience", "Tokens are for nobody in particular.", "What is for nobody can be used anywhere.",
           "audience", token=_claims(lambda claims: {"aud": None})),
    _fault("token_unknown_kid", "Tokens name a key that is not published.", "Keys are rotated; a forger names any.",
           "key", token=_header(kid="sandbox-unknown")),
    _fault("token_wrong_signature", "One character of the signature is another.", "The signature is all that counts.",
           "signature", sealed=_other_signature),
    _fault("token_changed", "The role in tokens was changed after they were signed.",
           "Reading a token is easy, and so is writing one; only keys tell.", "signature", sealed=_other_claims),
    _fault("token_unsigned", "Tokens say that they are not signed.", "The token does not choose how it is checked.",
           "algorithm", sealed=_unsigned),
    _fault("token_shared_secret", "Tokens are signed with a shared secret (HS256) in place of the issuer's key.",
           "The key decides which algorithm is allowed; an RSA key never allows HS256.", "algorithm",
           sealed=_shared_secret),
    _fault("token_critical", "Tokens demand an extension that nobody knows.", "What is not understood ends it.",
           "critical", token=_header(crit=["exp"])),
    _fault("token_logout", "Tokens are logout tokens.", "A token of another kind is no access token.", "type",
           token=_header(typ="logout+jwt")),
    _fault("token_id_token", "Tokens are ID tokens, which tell a client who signed in.",
           "Both are signed by one key; only the kind tells them apart.", "token kind",
           token=_claims(lambda claims: {"nonce": "sandbox-example"})),
    _fault("token_refresh", "Tokens are refresh tokens.", "A refresh token goes to the issuer and never to an API.",
           "token kind", token=_claims(lambda claims: {"token_use": "refresh"})),
    _fault("token_brings_keys", "Tokens say where their keys are.", "A token does not choose its keys.", None, "valid",
           token=_header(jku=_ATTACKER)),
)  # fmt: skip
"""The faults of tokens."""
