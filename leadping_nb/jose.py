"""The form of user tokens: JSON Web Tokens in the compact form of RFC 7515, section 3.1, whole or cut.

Only the form is judged here; whether to believe a token is for ``tokens`` to say.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Final
from urllib.parse import urlsplit

from leadping_nb import anatomy
from leadping_nb.anatomy import Refusal

__all__ = ["expiry", "is_json_object", "is_of_sandbox", "judge_token"]

_WHY: Final = (
    "It has three parts with dots between them, of which header and payload are JSON objects{signature}: "
    "a JSON Web Token, as user tokens are."
)

_OF_A_TOKEN = re.compile(r"[A-Za-z0-9\-_.]*")
_SIGNATURE_BYTES: Final = {  # RFC 7518, section 3.1, and RFC 8037
    "HS256": 32,
    "HS384": 48,
    "HS512": 64,
    "ES256": 64,
    "ES384": 96,
    "ES512": 132,
    "EdDSA": 64,
}
_MADE_UP_LENGTH: Final = 20  # signatures in use are longer; examples have texts like "signature" there
_RSA_STEP_BYTES: Final = 64  # RSA keys in use have a multiple of 512 bits, and the signature is as long as the key


def judge_token(text: str) -> str | Refusal:
    """Say why a text is a user token by its form, or why it is none.

    Examples
    --------
    >>> judge_token("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ0ZXN0In0").sentence
    'This token is cut at the end: its signature is missing or not whole.'
    """
    if not _OF_A_TOKEN.fullmatch(text):
        return anatomy.TOKEN_CHARACTERS if text.startswith("eyJ") else anatomy.NOT_RECOGNISED
    parts = text.split(".")
    header, payload = _json_object(parts[0]), _json_object(parts[1]) if len(parts) > 1 else None
    begins_like_token = header is not None or text.startswith("eyJ")
    if len(parts) == 5 and begins_like_token:
        return anatomy.ENCRYPTED_TOKEN
    if len(parts) > 3:
        return anatomy.TOKEN_PARTS if begins_like_token else anatomy.NOT_RECOGNISED
    if len(parts) == 3 and header is not None and payload is not None:
        return _judge_signature(header.get("alg"), parts[2])
    if header is None or "alg" not in header:
        return _judge_headless(parts, header, payload)
    if len(parts) == 3 and parts[1] and parts[2]:
        return anatomy.TOKEN_PAYLOAD
    return anatomy.TOKEN_WITHOUT_END


def _judge_signature(algorithm: object, signature: str) -> str | Refusal:
    if not isinstance(algorithm, str) or not algorithm:
        return anatomy.TOKEN_WITHOUT_ALG
    if not signature and algorithm.lower() == "none":
        return _WHY.format(signature=", but which is unsigned, so that nobody vouches for it")
    data = _base64url(signature)
    if not signature or (data is None and len(signature) > _MADE_UP_LENGTH):
        return anatomy.TOKEN_WITHOUT_END
    if data is not None and _is_cut(algorithm, len(data)):
        return anatomy.TOKEN_WITHOUT_END
    return _WHY.format(signature="")


def _is_cut(algorithm: str, size: int) -> bool:
    # Much too short ones are let through: those are made up, as in examples, and fail when they are verified.
    if algorithm.startswith(("RS", "PS")):
        return size > _RSA_STEP_BYTES and size % _RSA_STEP_BYTES != 0
    return _SIGNATURE_BYTES.get(algorithm, 0) // 2 < size < _SIGNATURE_BYTES.get(algorithm, 0)


def _judge_headless(parts: list[str], header: dict[str, object] | None, payload: dict[str, object] | None) -> Refusal:
    """Judge a text whose first part is no header: a token cut at its start, at its end, or no token."""
    if header is not None and payload is not None:
        return anatomy.TOKEN_WITHOUT_ALG
    starts_in_the_middle = header is not None or payload is not None or not parts[0] or _ends_like_json(parts[0])
    if len(parts) > 1 and starts_in_the_middle:
        return anatomy.TOKEN_WITHOUT_START
    if parts[0].startswith("eyJ"):
        return anatomy.TOKEN_WITHOUT_END if len(parts) < 3 else anatomy.NOT_A_TOKEN
    return anatomy.NOT_A_TOKEN if len(parts) == 3 else anatomy.NOT_RECOGNISED


def _ends_like_json(part: str) -> bool:
    """Whether the tail of a part could be the end of a JSON object, wherever in four characters it was cut."""
    tails = (_base64url(part[-size:]) for size in (8, 7, 6, 5) if size <= len(part))
    return any(tail.endswith(b"}") and tail.isascii() for tail in tails if tail)


def _base64url(part: str) -> bytes | None:
    """Decode strictly: no padding, no foreign character, no stray bits (RFC 7515, section 2)."""
    try:
        data = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except binascii.Error:
        return None
    return data if base64.urlsafe_b64encode(data).decode().rstrip("=") == part else None


_DECODER: Final = json.JSONDecoder(parse_int=str, parse_float=str)  # numbers of any length


def _json_object(part: str) -> dict[str, object] | None:
    data = _base64url(part)
    try:
        value = _DECODER.decode((data or b"").decode())
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def is_json_object(part: str) -> bool:
    """Whether a part of a token is the base64url of a JSON object, as headers and payloads are.

    Examples
    --------
    >>> is_json_object("eyJhbGciOiJub25lIn0"), is_json_object("eyJhbGci")
    (True, False)
    """
    return _json_object(part) is not None


def expiry(text: str) -> float | None:
    """Give when a JWT ends by its own claim ``exp``, in epoch seconds; nothing is verified.

    Examples
    --------
    >>> expiry("eyJhbGciOiJub25lIn0.eyJleHAiOjEwMH0.")
    100.0
    """
    claims = _json_object(text.split(".")[1]) if text.count(".") == 2 else None
    try:
        return float(str(claims["exp"])) if claims is not None and "exp" in claims else None
    except ValueError:
        return None


def is_of_sandbox(text: str) -> bool:
    """Whether a JWT says of itself that a sandbox made it: by its key, its id or an issuer on loopback.

    Nothing is verified: whoever makes a token can say so.

    Examples
    --------
    >>> is_of_sandbox("eyJhbGciOiJSUzI1NiIsImtpZCI6InNhbmRib3gtMSJ9.e30.c2lnbmF0dXJl")
    True
    """
    header, claims = (_json_object(part) or {} for part in text.split(".")[:2])
    names_sandbox = str(header.get("kid")).startswith("sandbox-") or str(claims.get("jti")).startswith("token_sandbox_")
    return names_sandbox or _is_on_loopback(str(claims.get("iss")))


def _is_on_loopback(issuer: str) -> bool:
    try:
        return urlsplit(issuer).hostname in ("127.0.0.1", "::1", "localhost")
    except ValueError:
        return False
