"""What was sent to the sandbox, without any credential."""

from __future__ import annotations

from collections import deque
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadping_nb.credential import KeyType

__all__ = ["Log", "Request"]


@dataclass(frozen=True, slots=True)
class Request:
    """One request that was answered."""

    method: str
    """The method."""
    path: str
    """The path, without query; what could be a credential is left out."""
    key_type: KeyType | None
    """The type of its credential, if that is one of the sandbox's."""
    operation: str | None
    """The id of the operation, or None for a document or an unknown path."""
    status: int
    """The status of the answer."""
    host: str = "api"
    """``api`` or ``website``."""
    authorized: bool = False
    """Whether it had an ``Authorization`` header at all."""


class Log:
    """Keep the last requests and the leads that came in."""

    def __init__(self, *, size: int = 10_000) -> None:
        self._requests: deque[Request] = deque(maxlen=size)
        self._leads: deque[dict[str, object]] = deque(maxlen=size)

    @property
    def requests(self) -> tuple[Request, ...]:
        """The last requests, oldest first."""
        return tuple(self._requests.copy())

    @property
    def leads(self) -> tuple[dict[str, object], ...]:
        """The last leads that came in, oldest first."""
        return tuple(self._leads.copy())

    def add(self, request: Request) -> None:
        """Keep a request."""
        self._requests.append(request)

    def add_lead(self, lead: dict[str, object]) -> None:
        """Keep a lead that came in."""
        self._leads.append(deepcopy(lead))

    def clear(self) -> None:
        """Forget everything so far."""
        self._requests.clear()
        self._leads.clear()
