"""What was searched and held nothing: a notebook is not searched again where it did not change."""

from __future__ import annotations

import hashlib
from typing import Final

__all__ = ["Memory"]

_SHORTEST: Final = 1_000
"""What is shorter is searched in the time that its digest takes."""

_MOST: Final = 16_384
"""How many texts are remembered: of most notebooks all, and some megabytes."""


class Memory:
    r"""Which texts hold no secret: their SHA-256 and nothing of them, the latest of them.

    Examples
    --------
    >>> memory, text = Memory(), "a clean line\n" * 1000
    >>> memory.has(text), memory.add(text), memory.has(text), memory.has(text + "!")
    (False, None, True, False)
    """

    def __init__(self) -> None:
        self._digests: dict[bytes, None] = {}

    def has(self, text: str) -> bool:
        """Whether a text was found to hold none."""
        return len(text) >= _SHORTEST and _digest(text) in self._digests

    def add(self, text: str) -> None:
        """Remember that a text holds none."""
        if len(text) >= _SHORTEST:
            self._digests[_digest(text)] = None
            if len(self._digests) > _MOST:
                del self._digests[next(iter(self._digests))]


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
