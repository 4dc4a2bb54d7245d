"""A forger's workshop: one good token taken apart, keys of one's own, and ways to put it together again."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from leadping_nb.sandbox.sandbox import Sandbox

__all__ = ["Workshop", "decoded", "encoded", "open_workshop"]

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a forger has: one good token taken apart, public keys, and keys of their own."""

    header: Json
    """The good token's header."""
    claims: Json
    """The good token's claims."""
    parts: tuple[str, str, str]
    """The good token's parts."""
    jwk: Mapping[str, Any]
    """The issuer's public key."""
    issue: Callable[..., str]
    """The issuer itself, for tokens that it signed and that are still not good here."""
    own: rsa.RSAPrivateKey
    """The forger's RSA key."""
    weak: rsa.RSAPrivateKey
    """The forger's small RSA key."""
    curve: ec.EllipticCurvePrivateKey
    """The forger's elliptic curve key."""

    @property
    def token(self) -> str:
        """The good token."""
        return ".".join(self.parts)

    def signed(self, *, key: Any = None, algorithm: str = "RS256", header: Mapping[str, Any] | None = None) -> str:
        """Sign the good claims with another key; by hand, because PyJWT warns of what a forger does not mind."""
        head = encoded({**self.header, **(header or {}), "alg": algorithm})
        signer = jwt.algorithms.get_default_algorithms()[algorithm]
        signature = signer.sign(f"{head}.{self.parts[1]}".encode(), self.own if key is None else key)
        return f"{head}.{self.parts[1]}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"

    def renamed(self, **header: Any) -> str:
        """Change the header and keep claims and signature."""
        return f"{encoded({**self.header, **header})}.{self.parts[1]}.{self.parts[2]}"

    def reclaimed(self, **claims: Any) -> str:
        """Change the claims and keep header and signature."""
        return f"{self.parts[0]}.{encoded({**self.claims, **claims})}.{self.parts[2]}"


def open_workshop(sandbox: Sandbox, jwks: Mapping[str, Any]) -> Workshop:
    """Take a good token of a sandbox apart, and make keys to forge with."""
    header, claims, signature = sandbox.issue_token().split(".")
    return Workshop(
        decoded(header),
        decoded(claims),
        (header, claims, signature),
        jwks["keys"][0],
        sandbox.issue_token,
        rsa.generate_private_key(65_537, 2_048),
        rsa.generate_private_key(65_537, 1_024),  # noqa: S505  # weak is the point
        ec.generate_private_key(ec.SECP256R1()),
    )


def encoded(value: Any) -> str:
    """Write a JSON value as a part of a token."""
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).decode().rstrip("=")


def decoded(part: str) -> Json:
    """Read a part of a token."""
    value: Json = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return value
