"""The sandbox's token issuer: RS256 keys, the JWK set, and user tokens of any kind a lesson needs."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from leadping_nb.arguments import MAPPING, TEXT, demand, number
from leadping_nb.errors import LeadpingError
from leadping_nb.secret import Secret

if TYPE_CHECKING:
    from leadping_nb.sandbox.clock import Clock

__all__ = ["Issuer", "SigningKey"]

Alter = Callable[[dict[str, Any], dict[str, Any]], tuple[dict[str, Any], dict[str, Any]]]


class SigningKey:
    """An RSA key pair under a key id; it is made at its first use, which can take a tenth of a second."""

    def __init__(self, kid: str, *, bits: int = 2048) -> None:
        self.kid = kid
        self._bits = bits
        self._lock = threading.Lock()
        self._private: RSAPrivateKey | None = None

    @property
    def private(self) -> RSAPrivateKey:
        """The private key."""
        with self._lock:
            if self._private is None:
                self._private = generate_private_key(65537, self._bits)
            return self._private

    def jwk(self) -> dict[str, str]:
        """Give the public key as a JWK (RFC 7517)."""
        public = RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": self.kid,
            "n": str(public["n"]),
            "e": str(public["e"]),
        }

    def __repr__(self) -> str:
        return f"<SigningKey {self.kid}>"


class Issuer:
    """Issue and verify user tokens by the sandbox's clock.

    Parameters
    ----------
    name
        The ``iss`` of its tokens.
    accepted
        Every ``iss`` that the API accepts.
    audience
        The client id.
    subject
        The user's id.
    business_id
        The business that tokens speak for, in ``org_id``.
    clock
        The sandbox's clock.
    alter
        Changes header and claims of every token before it is signed.
    seal
        Changes every token after it was signed.
    """

    def __init__(
        self,
        name: str,
        *,
        accepted: tuple[str, ...],
        audience: str,
        subject: str,
        business_id: str,
        clock: Clock,
        alter: Alter | None = None,
        seal: Callable[[str], str] = str,
    ) -> None:
        self.name = name
        self.accepted = accepted
        self.audience = audience
        self._subject = subject
        self._business_id = business_id
        self._clock = clock
        self._alter = alter
        self._seal = seal
        self._lock = threading.Lock()
        self._good: Secret | None = None
        self._issued = 0
        self._made = 0
        self._keys: tuple[SigningKey, ...] = ()
        self.rotate()

    @property
    def current(self) -> SigningKey:
        """The key that signs."""
        return self._keys[0]

    def rotate(self, *, keep_old: bool = False) -> str:
        """Sign with a new key from now on and give its key id; tokens of the old one end, unless it is kept."""
        self._made += 1
        fresh = SigningKey(f"sandbox-{self._made}")
        self._keys = (fresh, *self._keys) if keep_old else (fresh,)
        return fresh.kid

    def jwks(self) -> dict[str, object]:
        """Give the JWK set."""
        return {"keys": [key.jwk() for key in self._keys]}

    def issue(
        self,
        lifetime: float = 3600,
        *,
        kid: str | None = None,
        key: object = None,
        algorithm: str = "RS256",
        headers: Mapping[str, object] | None = None,
        claims: Mapping[str, object] | None = None,
    ) -> str:
        """Issue a token; `Sandbox.issue_token` explains the parameters."""
        lifetime = number("lifetime", lifetime, hint="Give seconds; claims such as exp=… may be anything.")
        demand(TEXT, algorithm=algorithm)
        demand(TEXT.or_none, kid=kid)
        demand(MAPPING.or_none, headers=headers)
        now = int(self._clock.now().timestamp())
        self._issued += 1
        merged: dict[str, Any] = {
            "iss": self.name,
            "aud": self.audience,
            "sub": self._subject,
            "sid": "session_sandbox_example",
            "jti": f"token_sandbox_{self._issued:06}",
            "iat": now,
            "exp": now + int(lifetime),
            "org_id": self._business_id,
            "role": "admin",
            **(claims or {}),
        }
        payload = {name: value for name, value in merged.items() if value is not None}
        header: dict[str, Any] = {"kid": self.current.kid if kid is None else kid, "typ": "JWT", **(headers or {})}
        if self._alter is not None:
            header, payload = self._alter(header, payload)
        signer: Any = self.current if key is None else key
        if isinstance(signer, SigningKey):
            signer = signer.private
        # jwt.encode() insists that iss is a text; a lesson may want otherwise, so the claims are signed as they are.
        try:
            text = json.dumps(payload, separators=(",", ":")).encode()
            token = jwt.PyJWS().encode(text, signer, algorithm=algorithm, headers=header)
        except (jwt.PyJWTError, NotImplementedError, TypeError, ValueError, AttributeError) as error:
            raise LeadpingError(
                "No token can be made of this algorithm, key, header and claims.",
                hint="Give an algorithm such as RS256, a key that fits it, and what can be written as JSON.",
            ) from error
        return self._seal(token)

    def good_token(self) -> str:
        """Give a token that is good now: the same one until it expires or its key is retired."""
        with self._lock:
            if self._good is None or self.expires_at(self._good.reveal()) is None:
                self._good = Secret(self.issue())
            return self._good.reveal()

    def verify(self, token: str) -> Mapping[str, Any] | None:
        """Give the claims of a token that the API accepts now, or None."""
        try:
            kid = jwt.get_unverified_header(token).get("kid")
            key = next((known for known in self._keys if known.kid == kid), None)
            if key is None:
                return None
            claims: dict[str, Any] = jwt.decode(
                token,
                key.private.public_key(),
                algorithms=["RS256"],
                audience=self.audience,
                issuer=list(self.accepted),
                options={
                    "require": ["iss", "aud", "sub", "exp"],
                    "verify_exp": False,  # by the sandbox's clock, below
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except (jwt.InvalidTokenError, ValueError, RecursionError):
            return None
        now = self._clock.now().timestamp()
        begins, ends = claims.get("nbf", 0), claims["exp"]
        if not _is_number(begins) or not _is_number(ends) or not begins <= now < ends:
            return None
        return claims if claims["sub"] == self._subject else None

    def expires_at(self, token: str) -> datetime | None:
        """Give the end of a token that verifies now, or None."""
        claims = self.verify(token)
        return None if claims is None else datetime.fromtimestamp(claims["exp"], UTC)

    def __repr__(self) -> str:
        return f"<Issuer {self.name} with {len(self._keys)} key(s)>"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
