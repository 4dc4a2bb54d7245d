"""A request before it is sent: exactly what would leave, but for the credential, for which its label stands."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Draft"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A request that was made and not sent."""

    method: str
    """The method of RFC 9110, in capitals."""
    url: str
    """The whole address, with its query."""
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    """The headers in their order; where the credential goes stands its label."""
    body: str = field(repr=False)
    """The body as text, byte for byte; empty where there is none."""
