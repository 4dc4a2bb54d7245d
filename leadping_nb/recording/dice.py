"""Chance that depends on a secret and a text and on nothing else."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import TypeVar

__all__ = ["Dice"]

_T = TypeVar("_T")


class Dice:
    """A stream of chance that depends on a text and nothing else."""

    def __init__(self, key: bytes, text: str) -> None:
        self._key = key
        self._text = text.encode("utf-8", "surrogatepass")
        self._drawn = 0
        self._pool, self._room = 0, 1

    def below(self, limit: int) -> int:
        """Give a whole number from 0 to less than a limit."""
        if self._room < limit << 32:  # so many bits more than needed make the bias too small to see
            self._drawn += 1
            digest = hmac.digest(self._key, self._drawn.to_bytes(4, "big") + self._text, "sha256")
            self._pool, self._room = int.from_bytes(digest, "big"), 1 << 256
        self._pool, drawn = divmod(self._pool, limit)
        self._room //= limit
        return drawn

    def pick(self, options: Sequence[_T]) -> _T:
        """Give one of several."""
        return options[self.below(len(options))]

    def letters(self, alphabet: str, count: int) -> str:
        """Give a text of so many letters."""
        return "".join(self.pick(alphabet) for _ in range(count))
