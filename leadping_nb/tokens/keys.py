"""Which key signed a token, whether it may, and whether it did.

The allowed algorithm comes from the key and never from the token (RFC 8725, section 3.1). PyJWT and cryptography do
the arithmetic.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import jwt

from leadping_nb.arguments import Wanted
from leadping_nb.credential import Credential
from leadping_nb.errors import LeadpingError
from leadping_nb.tokens.check import Check, plain

__all__ = ["Jwks", "KeySource", "PublishedKeys", "given_keys", "key_checks", "keys_in", "published_keys"]

Jwks = Mapping[str, object]
Jwk = Mapping[str, object]

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
_PUBLIC_MEMBERS = ("kty", "n", "e", "crv", "x", "y")
_EXPECTED_KEY = "a key of the issuer's set with the token's kid"
_ALGORITHMS: Mapping[str, Any] = jwt.algorithms.get_default_algorithms()


@dataclass(frozen=True, slots=True)
class PublishedKeys:
    """The keys of an issuer that may have signed, or why there are none to be had."""

    keys: tuple[Jwk, ...] | None
    """The keys; None if they could not be had."""
    source: str = ""
    """Whose they are, in words."""
    note: str = ""
    """What to know about them: why there are none, or that they are not fresh."""


class KeySource(Protocol):
    """What an inspection needs of a discovery, or of a keyring.

    A source that fetches keys when they are needed also has ``keys_for(issuer, kid)``, which gives `PublishedKeys`; a
    source that has measured the server's clock has ``clock_difference``, the seconds by which it is ahead.
    """

    @property
    def issuers(self) -> tuple[str, ...]:
        """The issuers whose tokens are accepted."""

    @property
    def audiences(self) -> tuple[str, ...]:
        """Whom a token may be for."""

    @property
    def jwks(self) -> Mapping[str, Jwks]:
        """The keys at hand of each issuer that publishes them."""


SOURCE = Wanted(
    "what lp.discover found, or a keyring",
    "Give {name}=lp.discover(url), or its keyring().",
    lambda value: all(hasattr(value, name) for name in ("issuers", "audiences", "jwks")),
)
"""What `KeySource` describes."""


def published_keys(source: KeySource | None, issuer: object, kid: object) -> PublishedKeys:
    """Give the keys of an issuer that the source accepts, or say why there are none to be had."""
    if source is None:
        return PublishedKeys(None, "", "No keys were given, and no discovery.")
    if not isinstance(issuer, str) or issuer not in source.issuers:
        return PublishedKeys(None, "", "Keys are looked for only at issuers that the API accepts.")
    keys_for: Callable[[str, str | None], PublishedKeys] | None = getattr(source, "keys_for", None)
    if keys_for is not None:
        return keys_for(issuer, kid if isinstance(kid, str) else None)
    if issuer not in source.jwks:
        return PublishedKeys(None, "", "The issuer is accepted, but the discovery found no keys of it.")
    return PublishedKeys(keys_in(source.jwks[issuer]), f"the JWK set of {plain(issuer)}")


def given_keys(jwks: Jwks | Iterable[Jwks] | str | Path) -> PublishedKeys:
    """Read keys that were given: a JWK set, several, or the path of one; raise `LeadpingError` if it is none."""
    given: object = jwks
    if isinstance(jwks, str | Path):
        try:
            given = json.loads(Path(jwks).read_text(encoding="utf-8-sig"))
        except (OSError, ValueError) as error:
            raise LeadpingError(
                "The file of the JWK set could not be read as JSON.",
                hint="Check the path; where the set is at hand as a dict, give that.",
            ) from error
    is_list = isinstance(given, Iterable) and not isinstance(given, Mapping | bytes | bytearray)
    sets = list(given) if is_list else [given]  # type: ignore[call-overload]  # as was just seen
    found = [entry for entry in sets if isinstance(entry, Mapping) and isinstance(entry.get("keys"), list | tuple)]
    if not sets or len(found) != len(sets):
        raise LeadpingError("This is no JWK set.", hint='A JWK set is an object with a list under "keys" (RFC 7517).')
    return PublishedKeys(tuple(key for entry in found for key in keys_in(entry)), "the given keys")


def keys_in(jwks: Jwks) -> tuple[Jwk, ...]:
    """Give the keys of a set; what is no object is passed over."""
    keys = jwks.get("keys")
    return tuple(key for key in keys if isinstance(key, Mapping)) if isinstance(keys, list | tuple) else ()


def key_checks(credential: Credential, header: Mapping[str, object], published: PublishedKeys) -> list[Check]:
    """Check key, algorithm and signature, in that order; what one failure makes impossible is skipped."""
    kid, named = header.get("kid"), plain(header.get("alg"))
    got = f"kid {plain(kid)}" + (f" of {published.source}" if published.source else "")
    if published.keys is None:
        return [Check("key", "skipped", _EXPECTED_KEY, got, published.note), *_not_possible(named, published.note)]
    if "kid" in header and not isinstance(kid, str):
        todo = "A key id is a text (RFC 7515, section 4.1.4): do not accept it."
        return [Check("key", "failed", _EXPECTED_KEY, got, todo), *_not_possible(named, "There is no key.")]
    chosen = [key for key in published.keys if key.get("kid") == kid] if kid is not None else list(published.keys)
    if len(chosen) != 1:
        count = f"which {len(chosen)} of {len(published.keys)} keys have"
        missing = f"{got}, {count}" if kid is not None else f"no kid, and there are {len(published.keys)} keys"
        todo = (
            f"{published.note} The key may have been rotated: fetch the keys again. If it stays so, it is not theirs."
        )
        return [Check("key", "failed", _EXPECTED_KEY, missing, todo.strip()), *_not_possible(named, "There is no key.")]
    key, allowed = chosen[0], _allowed(chosen[0])
    loaded = _loaded(key, allowed[0]) if allowed else None
    problem = _problem(key, allowed, loaded)
    if problem:
        expected = f"a public signing key, RSA of {_RSA_BITS} bits or more"
        return [
            Check("key", "failed", expected, problem, "Tell the issuer."),
            *_not_possible(named, "The key is unfit."),
        ]
    notes = [published.note, "" if "alg" in key else "The key names no algorithm, so its type decides."]
    results = [Check("key", "passed", _EXPECTED_KEY, got, " ".join(filter(None, notes)))]
    if named not in allowed:
        todo = "The key decides, not the token: do not accept it."
        results.append(Check("algorithm", "failed", " or ".join(allowed), named, todo))
        return [*results, _not_possible(named, "The algorithm is not allowed.")[1]]
    results.append(Check("algorithm", "passed", " or ".join(allowed), named))
    if "crit" in header:
        return [*results, _not_possible(named, "It demands what nobody here understands.")[1]]
    if _signed(credential, loaded, named):
        return [*results, Check("signature", "passed", "made with that key", "it is")]
    todo = "Do not accept it: it was changed, or somebody else made it."
    return [*results, Check("signature", "failed", "made with that key", "it is not", todo)]


def _not_possible(named: str, why: str) -> list[Check]:
    return [
        Check("algorithm", "skipped", "what the key allows", named, why),
        Check("signature", "skipped", "made with that key", "not checked", why),
    ]


def _problem(key: Jwk, allowed: tuple[str, ...], loaded: Any) -> str:
    """Say why a JWK cannot be used to verify, or nothing."""
    if key.get("kty") == "oct":
        return "a symmetric key, which must not be published"
    if key.get("use") not in (None, "sig"):
        return f"a key for use {plain(key.get('use'))}"
    operations = key.get("key_ops")
    if isinstance(operations, list | tuple) and "verify" not in operations:
        return f"a key for key_ops {plain(operations)}"
    if not allowed:
        return f"a key of kty {plain(key.get('kty'))} and alg {plain(key.get('alg'))}, which allow no known algorithm"
    if loaded is None:
        return "a key that cannot be read"
    bits = getattr(loaded, "key_size", 0)
    return f"an RSA key of {bits} bits" if key.get("kty") == "RSA" and bits < _RSA_BITS else ""


def _allowed(key: Jwk) -> tuple[str, ...]:
    curve = key.get("crv")
    by_type: tuple[str, ...] = _RSA_ALGORITHMS
    if key.get("kty") != "RSA":
        by_type = _CURVE_ALGORITHMS.get(curve, ()) if isinstance(curve, str) else ()
    named = key.get("alg")
    return by_type if named is None else tuple(name for name in by_type if name == named)


def _loaded(key: Jwk, algorithm: str) -> Any:
    """Load a public key once, however many tokens it signed."""
    members = tuple((name, key[name]) for name in _PUBLIC_MEMBERS if isinstance(key.get(name), str))
    return _load(members, algorithm)


@lru_cache(maxsize=128)
def _load(members: tuple[tuple[str, str], ...], algorithm: str) -> Any:
    try:
        return _ALGORITHMS[algorithm].from_jwk(dict(members))
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        return None


def _signed(credential: Credential, loaded: Any, algorithm: str) -> bool:
    signed, _, signature = credential.reveal().encode("ascii").rpartition(b".")
    try:
        made = base64.urlsafe_b64decode(signature + b"=" * (-len(signature) % 4))
        if base64.urlsafe_b64encode(made).rstrip(b"=") != signature:
            return False  # another spelling of the same bytes (RFC 7515, section 2)
        return bool(_ALGORITHMS[algorithm].verify(signed, loaded, made))
    except (jwt.PyJWTError, ValueError, TypeError):
        return False
