"""Where the API stands: the addresses that its document names against the one that was asked."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin

from leadping_nb.drift.change import Change, change_of
from leadping_nb.identifiers import split_address
from leadping_nb.openapi import Outline

__all__ = ["changed_address"]

_SHIPPED = "https://api.leadping.ai"  # where all revisions stand
_DEFAULT_PORTS = {"https": 443, "http": 80}

Place = tuple[str, str, int | None, str]


def changed_address(start: str, published: Outline | None) -> Iterator[Change]:
    """Say so where the document names addresses, and neither the one that was asked nor the one that is known.

    Parameters
    ----------
    start
        The address that was asked.
    published
        The published OpenAPI document, if there is one.
    """
    if published is None:
        return
    asked = [_root(place) for place in map(_place, (start, published.name, _SHIPPED)) if place is not None]
    # What is relative is so to where the document stands: OpenAPI 3.1, section 4.6.
    base = published.name if _place(published.name) is not None else start
    named = [_joined(base, server) for server in published.servers]
    if named and not any(_place(address) in asked for address in named):
        yield change_of(
            "address",
            "changed",
            "the address of the API",
            before=start,
            after=", ".join(named),
            evidence=f"servers in {published.name}",
        )


def _joined(base: str, server: str) -> str:
    return server if None in (split_address(base), split_address(server)) else urljoin(base, server)


def _place(address: str) -> Place | None:
    """Give scheme, host, port and path, which are the same however an address writes them; None for what is none."""
    parts = split_address(address)
    try:
        if parts is None or parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
            return None
        return parts.scheme, parts.hostname, parts.port or _DEFAULT_PORTS[parts.scheme], parts.path.rstrip("/")
    except ValueError:  # a port that is no number
        return None


def _root(place: Place) -> Place:
    return (*place[:3], "")
