"""The sandbox's credentials, new at every start, and whom each stands for."""

from __future__ import annotations

import hashlib
import secrets
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadping_nb.credential import KeyType
from leadping_nb.errors import LeadpingError
from leadping_nb.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leadping_nb.sandbox.issuer import Issuer

__all__ = ["PREFIXES", "Identity", "Keys"]

PREFIXES: Mapping[KeyType, str] = {
    KeyType.BUSINESS_API_KEY: "lp_sandbox_",
    KeyType.ORGANIZATION_API_KEY: "sk_sandbox_",
    KeyType.SOURCE_KEY: "lp_src_sandbox_",
}
"""How the sandbox's keys begin."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a credential stands for."""

    key_type: KeyType
    """What kind of credential it is."""
    business_id: str | None
    """The business it works on; None for a user token without one."""
    user_id: str | None = None
    """The signed-in person."""
    source_id: str | None = None
    """The source that sends."""


class Keys:
    """Issue API keys and recognise every credential of the sandbox; any thread may ask.

    Only hashes are kept to recognise keys by.

    Parameters
    ----------
    key_types
        The key types of the revision.
    business_id
        The business of all keys.
    source_ids
        The sources; the first has the sandbox's source key.
    issuer
        Verifies user tokens.
    """

    def __init__(
        self, key_types: frozenset[KeyType], *, business_id: str, source_ids: Sequence[str], issuer: Issuer
    ) -> None:
        self._business_id = business_id
        self._source_ids = tuple(source_ids)
        self._issuer = issuer
        self._lock = threading.RLock()
        self._known: dict[str, Identity] = {}
        self._current: dict[Identity, Secret] = {}
        self.business_type = next(kind for kind in PREFIXES if kind in key_types and kind is not KeyType.SOURCE_KEY)
        self.business_key()
        self.source_key()

    def business_key(self) -> str:
        """Give the key of the business."""
        return self._key(Identity(self.business_type, self._business_id))

    def source_key(self, source_id: str | None = None) -> str:
        """Give the key of a source: the first unless another is named."""
        wanted = self._source_ids[0] if source_id is None else source_id
        if wanted not in self._source_ids:
            raise LeadpingError("The sandbox has no such source.", hint="sandbox.source_ids lists them.")
        return self._key(Identity(KeyType.SOURCE_KEY, self._business_id, source_id=wanted))

    def rotate(self, key_type: KeyType) -> None:
        """End every key of a type; the next one that is asked for is new."""
        with self._lock:
            if not any(identity.key_type is key_type for identity in self._known.values()):
                raise LeadpingError(
                    "The sandbox has no keys of that type to rotate.",
                    hint="Rotate the business key or the source key; rotate_keys() is for user tokens.",
                )
            for identity in [identity for identity in self._current if identity.key_type is key_type]:
                del self._current[identity]
            self._known = {digest: who for digest, who in self._known.items() if who.key_type is not key_type}
            self.business_key()
            self.source_key()

    def identify(self, authorization: Sequence[str]) -> Identity | None:
        """Say whom the ``Authorization`` headers of a call stand for, or None: exactly one Bearer credential counts."""
        if len(authorization) != 1:
            return None
        scheme, _, text = authorization[0].strip().partition(" ")
        text = text.strip(" ")
        if scheme.lower() != "bearer" or not text:
            return None
        known = self._known.get(_digest(text))
        if known is not None or text.count(".") != 2:
            return known
        claims = self._issuer.verify(text)
        if claims is None:
            return None
        business = claims.get("org_id")
        return Identity(KeyType.USER_TOKEN, self._business_id if business == self._business_id else None, claims["sub"])

    def _key(self, identity: Identity) -> str:
        with self._lock:
            if identity not in self._current:
                text = PREFIXES[identity.key_type] + secrets.token_hex(16)
                self._current[identity] = Secret(text)
                self._known = {**self._known, _digest(text): identity}
            return self._current[identity].reveal()

    def __repr__(self) -> str:
        return f"<Keys of {self._business_id}: {len(self._known)}>"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
