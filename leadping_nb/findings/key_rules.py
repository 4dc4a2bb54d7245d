"""Rules over published keys (RFC 7517, RFC 7518, RFC 8037, RFC 8725)."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from leadping_nb.findings.rule import Evidence, Hit, Rule
from leadping_nb.metadata import jwks_addresses

__all__ = ["KEY_RULES"]

_ABOUT = "keys"
_PRIVATE = ("d", "p", "q", "dp", "dq", "qi", "oth")
_MEMBERS: Mapping[str, tuple[str, ...]] = {"RSA": ("n", "e"), "EC": ("crv", "x", "y"), "OKP": ("crv", "x")}
_CURVES: Mapping[str, tuple[str, ...]] = {
    "EC": ("P-256", "P-384", "P-521", "secp256k1"),
    "OKP": ("Ed25519", "Ed448", "X25519", "X448"),
}
_ALGORITHMS: Mapping[str, tuple[str, ...]] = {
    "RSA": ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    "EC": ("ES256", "ES384", "ES512", "ES256K"),
    "OKP": ("EdDSA", "Ed25519", "Ed448"),
}
_CURVE_OF = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521", "ES256K": "secp256k1"}
_ENCRYPTION = frozenset({"RSA1_5", "RSA-OAEP", "RSA-OAEP-256", "ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A256KW"})
_SIGNING = frozenset(name for names in _ALGORITHMS.values() for name in names)
_KNOWN = _SIGNING | _ENCRYPTION
_RSA_BITS = 2_048
_USUAL_EXPONENT = 65_537
_MOST_KEYS = 1_000  # a set of keys in use holds a handful

Key = Mapping[str, object]


def _each(look: Callable[[Key], Iterator[tuple[str, str, str]]]) -> Callable[[Evidence], Iterator[Hit]]:
    """Apply a look at one key to each set's first 1,000 keys; hits name a key by its kid, never its material."""

    def check(evidence: Evidence) -> Iterator[Hit]:
        for place, keys in _sets(evidence, _MOST_KEYS):
            for key in keys:
                for message, expected, got in look(key):
                    yield Hit(f"{_name(key)}: {message}", expected, got, place)

    return check


def _not_fetched(evidence: Evidence) -> Iterator[Hit]:
    if evidence.walked:
        for issuer, address in jwks_addresses(evidence.documents).items():
            document = evidence.documents.get(address)
            if document is None:
                absence = evidence.failures.get(address)
                got = absence.why if absence else "it was not fetched"
                yield Hit(f"The keys of {_short(issuer)} did not come.", "a JWK set", got, address)
            elif document.kind != "jwks":
                yield Hit(f"What should be the keys of {_short(issuer)} is none.", "a JWK set", document.kind, address)


def _empty(evidence: Evidence) -> Iterator[Hit]:
    for place, keys in _sets(evidence):
        if not keys:
            yield Hit("The set holds no key.", "a signing key", "none", place)


def _too_many(evidence: Evidence) -> Iterator[Hit]:
    for place, keys in _sets(evidence):
        if len(keys) > _MOST_KEYS:
            message = "The set holds more keys than any needs to, and not all were looked at."
            yield Hit(message, f"at most {_MOST_KEYS:,} keys", f"{len(keys):,}", place)


def _not_an_object(evidence: Evidence) -> Iterator[Hit]:
    for document in evidence.of_kind("jwks"):
        listed = document.get("keys")
        others = [entry for entry in listed if not isinstance(entry, Mapping)] if isinstance(listed, list) else []
        if others:
            yield Hit("Something in the set is no key.", "JSON objects", type(others[0]).__name__, document.url or "")


def _kid_twice(evidence: Evidence) -> Iterator[Hit]:
    for place, keys in _sets(evidence):
        counts = Counter(kid for key in keys if (kid := _text(key, "kid")) is not None)
        for kid, count in counts.items():
            if count > 1:
                yield Hit("Two keys have one kid, so a token does not say which.", "each kid once", _short(kid), place)


def _no_signing_key(evidence: Evidence) -> Iterator[Hit]:
    for place, keys in _sets(evidence):
        if keys and not any(key.get("use") in (None, "sig") and key.get("kty") != "oct" for key in keys):
            yield Hit("No key of the set is for signatures.", "a key with use sig", "none", place)


def _private(key: Key) -> Iterator[tuple[str, str, str]]:
    present = [name for name in _PRIVATE if name in key]
    if present and key.get("kty") != "oct":
        yield "private material is published; everybody can sign.", "public members alone", ", ".join(present)


def _symmetric(key: Key) -> Iterator[tuple[str, str, str]]:
    if key.get("kty") == "oct" or "k" in key:
        yield "a symmetric key is published; everybody can sign.", "RSA, EC or OKP", "oct"


def _no_kid(key: Key) -> Iterator[tuple[str, str, str]]:
    if not _text(key, "kid"):
        yield "the key has no kid, so a token cannot name it.", "a text", "none"


def _unknown_type(key: Key) -> Iterator[tuple[str, str, str]]:
    if key.get("kty") not in (*_MEMBERS, "oct"):
        yield "the kind of key is not known.", ", ".join(_MEMBERS), _short(key.get("kty"))


def _use(key: Key) -> Iterator[tuple[str, str, str]]:
    if key.get("use") not in (None, "sig", "enc"):
        yield "the use is not a registered one.", "sig", _short(key.get("use"))


def _operations(key: Key) -> Iterator[tuple[str, str, str]]:
    operations = key.get("key_ops")
    if isinstance(operations, list) and "verify" not in operations and key.get("use") != "enc":
        yield "the key is not for verifying.", "verify", ", ".join(map(_short, operations)) or "none"


def _no_alg(key: Key) -> Iterator[tuple[str, str, str]]:
    if "alg" not in key and key.get("kty") == "RSA" and key.get("use") != "enc":
        yield "the key names no algorithm, so its type decides.", "alg", "none"


def _alg(key: Key) -> Iterator[tuple[str, str, str]]:
    if "alg" in key and key.get("kty") != "oct" and _text(key, "alg") not in _KNOWN:
        yield "the algorithm is not a known one.", "such as RS256", _short(key.get("alg"))


def _alg_mismatch(key: Key) -> Iterator[tuple[str, str, str]]:
    algorithm, kind, curve = _text(key, "alg") or "", _text(key, "kty") or "", _text(key, "crv")
    fitting = _ALGORITHMS.get(kind, ())
    if algorithm in _SIGNING and fitting and algorithm not in fitting:
        yield "the algorithm does not fit the kind of key.", " or ".join(fitting), _short(algorithm)
    elif kind == "EC" and algorithm in _CURVE_OF and curve in _CURVES["EC"] and curve != _CURVE_OF[algorithm]:
        yield "the algorithm does not fit the curve.", _CURVE_OF[algorithm], _short(curve)


def _curve(key: Key) -> Iterator[tuple[str, str, str]]:
    curves = _CURVES.get(_text(key, "kty") or "")
    if curves and "crv" in key and key.get("crv") not in curves:
        yield "the curve is not a known one.", ", ".join(curves), _short(key.get("crv"))


def _unreadable(key: Key) -> Iterator[tuple[str, str, str]]:
    for name in _MEMBERS.get(_text(key, "kty") or "", ()):
        value = key.get(name)
        if not isinstance(value, str) or (name != "crv" and _number(value) is None):
            yield f"its member {name} is missing or cannot be read.", "base64url", type(value).__name__


def _small(key: Key) -> Iterator[tuple[str, str, str]]:
    modulus = _number(key.get("n")) if key.get("kty") == "RSA" else None
    if modulus is not None and modulus.bit_length() < _RSA_BITS:
        yield "the RSA key is too small to be safe.", f"{_RSA_BITS} bits", f"{modulus.bit_length()} bits"


def _exponent(key: Key) -> Iterator[tuple[str, str, str]]:
    exponent = _number(key.get("e")) if key.get("kty") == "RSA" else None
    if exponent is not None and (exponent < _USUAL_EXPONENT or exponent % 2 == 0):
        got = str(exponent) if exponent.bit_length() <= 64 else f"a number of {exponent.bit_length()} bits"
        yield "the RSA exponent is an unusual one.", str(_USUAL_EXPONENT), got


def _certificate_address(key: Key) -> Iterator[tuple[str, str, str]]:
    if "x5u" in key:
        yield "the key points to a certificate, which is not followed.", "no x5u", _short(key.get("x5u"))


def _sets(evidence: Evidence, most: int | None = None) -> Iterator[tuple[str, list[Key]]]:
    for document in evidence.of_kind("jwks"):
        listed = document.get("keys")
        keys = (entry for entry in listed if isinstance(entry, Mapping)) if isinstance(listed, list) else ()
        yield document.url or "", list(islice(keys, most))


def _text(key: Key, member: str) -> str | None:
    value = key.get(member)
    return value if isinstance(value, str) else None


def _name(key: Key) -> str:
    kid = _text(key, "kid")
    return f"kid {_short(kid)}" if kid else "a key without kid"


def _short(value: object) -> str:
    text = value if isinstance(value, str) else type(value).__name__ if value is not None else "none"
    return text if len(text) <= 60 else text[:60] + "…"


def _number(text: object) -> int | None:
    if not isinstance(text, str) or not text.isascii():
        return None
    try:
        data = base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    return int.from_bytes(data, "big")


_JWK = "RFC 7517, section 4"
_DO_NOT = "Do not trust tokens of this key, and tell the issuer at once."
KEY_RULES: tuple[Rule, ...] = (
    Rule("jwks-missing", "error", _ABOUT, "The keys of an issuer did not come.", "RFC 8414, section 2",
         "Its tokens stay unverified; try again, or give jwks.", _not_fetched),
    Rule("jwks-empty", "error", _ABOUT, "A set holds no key.", "RFC 7517, section 5",
         "No token of this issuer can be verified.", _empty),
    Rule("jwks-long", "warning", _ABOUT, "A set holds more keys than any needs to.", "RFC 7517, section 5",
         f"The first {_MOST_KEYS:,} were looked at; tell the issuer.", _too_many),
    Rule("jwks-entry", "error", _ABOUT, "Something in a set is no key.", "RFC 7517, section 5", "Tell the issuer.",
         _not_an_object),
    Rule("jwks-private", "error", _ABOUT, "Private material is published.", "RFC 7517, section 9.2", _DO_NOT,
         _each(_private)),
    Rule("jwks-symmetric", "error", _ABOUT, "A symmetric key is published.", "RFC 7517, section 9.2", _DO_NOT,
         _each(_symmetric)),
    Rule("jwks-no-signing-key", "error", _ABOUT, "No key of a set is for signatures.", "RFC 7517, section 4.2",
         "No token of this issuer can be verified.", _no_signing_key),
    Rule("jwks-kid-missing", "warning", _ABOUT, "A key has no kid.", "RFC 7517, section 4.5",
         "Tokens cannot name it; tell the issuer.", _each(_no_kid)),
    Rule("jwks-kid-duplicate", "error", _ABOUT, "Two keys have one kid.", "RFC 7517, section 4.5",
         "Tokens with this kid are not verified; tell the issuer.", _kid_twice),
    Rule("jwks-kty", "warning", _ABOUT, "The kind of a key is not known.", "RFC 7517, section 4.1",
         "The key is passed over.", _each(_unknown_type)),
    Rule("jwks-use", "warning", _ABOUT, "The use of a key is not a registered one.", "RFC 7517, section 4.2",
         "The key is passed over.", _each(_use)),
    Rule("jwks-key-ops", "warning", _ABOUT, "A key is not for verifying.", "RFC 7517, section 4.3",
         "Tell the issuer.", _each(_operations)),
    Rule("jwks-no-alg", "note", _ABOUT, "A key names no algorithm.", "RFC 8725, section 3.1",
         "Its type decides which are allowed.", _each(_no_alg)),
    Rule("jwks-alg", "warning", _ABOUT, "The algorithm of a key is not a known one.", "RFC 7517, section 4.4",
         "The key is passed over.", _each(_alg)),
    Rule("jwks-alg-mismatch", "error", _ABOUT, "The algorithm of a key does not fit it.", "RFC 8725, section 3.1",
         "The key verifies nothing; tell the issuer.", _each(_alg_mismatch)),
    Rule("jwks-curve", "warning", _ABOUT, "The curve of a key is not a known one.", "RFC 7518, section 6.2.1.1",
         "The key is passed over.", _each(_curve)),
    Rule("jwks-unreadable", "error", _ABOUT, "A key cannot be read.", _JWK, "The key is passed over.",
         _each(_unreadable)),
    Rule("jwks-rsa-small", "error", _ABOUT, "An RSA key is too small.", "RFC 7518, section 3.3", _DO_NOT,
         _each(_small)),
    Rule("jwks-exponent", "warning", _ABOUT, "The RSA exponent is an unusual one.", "RFC 8725, section 3.5",
         "Tell the issuer.", _each(_exponent)),
    Rule("jwks-x5u", "note", _ABOUT, "A key points to a certificate.", "RFC 7517, section 4.6",
         "Nothing; it is not followed.", _each(_certificate_address)),
)  # fmt: skip
"""The rules over published keys."""
