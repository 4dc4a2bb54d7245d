"""How many requests each partition may make in a minute."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from leadping_nb.credential import KeyType

if TYPE_CHECKING:
    from collections.abc import Callable

    from leadping_nb.contracts import Operation
    from leadping_nb.sandbox.keys import Identity

__all__ = ["WINDOW", "Limits", "partition"]

WINDOW = 60.0
"""The length of a window, in seconds; that windows are fixed is assumed."""


class Limits:
    """Count requests in fixed windows, one counter a partition.

    Parameters
    ----------
    limit
        How many requests a window holds; None for no limit.
    monotonic
        The seconds to count by.

    Examples
    --------
    >>> limits = Limits(1, monotonic=lambda: 0.0)
    >>> limits.wait("business"), limits.wait("business")
    (None, 60)
    """

    def __init__(self, limit: int | None, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._monotonic = monotonic
        self._windows: dict[str, tuple[float, int]] = {}

    def wait(self, partition: str) -> int | None:
        """Count one request; give the seconds until the next window if it is one too many, else None."""
        if self._limit is None:
            return None
        now = self._monotonic()
        start, count = self._windows.get(partition, (now, 0))
        if not 0 <= now - start < WINDOW:
            start, count = now, 0
        if count >= self._limit:
            return max(1, math.ceil(start + WINDOW - now))
        self._windows[partition] = (start, count + 1)
        return None

    def reset(self) -> None:
        """Start every window anew."""
        self._windows.clear()


def partition(identity: Identity | None, operation: Operation, client: str) -> str:
    """Name the counter that a request falls to.

    Parameters
    ----------
    identity
        Whom the credential stands for, or None.
    operation
        The operation that was called.
    client
        The address it came from.

    Returns
    -------
    str
        A business, the ingestion of a business, a user, or an address.
    """
    ingests = operation.scope == "source"
    if identity is None or ingests != (identity.key_type is KeyType.SOURCE_KEY):
        return f"address {client}"
    if ingests:
        return f"ingestion of {identity.business_id}"
    if identity.business_id is None:
        return f"user {identity.user_id}"
    return f"business {identity.business_id}"
