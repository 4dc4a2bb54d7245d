"""Who calls and where: what the code of a call needs to know of a connection, and no credential."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from leadping_nb.contracts import Contract
from leadping_nb.credential import KeyType
from leadping_nb.session.http import Session
from leadping_nb.session.memory import Memory

__all__ = ["Caller"]


@dataclass(frozen=True, slots=True)
class Caller:
    """A key type at an address, under a contract.

    Examples
    --------
    >>> from leadping_nb.contracts import contract
    >>> Caller(KeyType.SOURCE_KEY, contract(), "https://api.leadping.ai").key_type.value
    'source key'
    """

    key_type: KeyType | None
    """The type of the credential; None for calls without."""
    contract: Contract = field(repr=False)
    """What may be called."""
    base_url: str
    """The API's address."""
    memory: Memory = field(default_factory=Memory, repr=False)
    """What was asked last of each operation."""
    scrub: Callable[[str], str] = field(default=str, repr=False)
    """Takes the credential out of a text that repeats it."""

    @classmethod
    def of(cls, session: Session) -> Caller:
        """Give whoever calls through a session."""
        key_type = None if session.credential is None else session.credential.key_type
        return cls(key_type, session.contract, session.base_url, session.memory, session.scrub)
