"""Chance without state: numbers that are a pure function of a seed, an index and a salt."""

from __future__ import annotations

from functools import cache

__all__ = ["mix", "salt"]

_MASK = (1 << 64) - 1


def mix(seed: int, index: int, turn: int = 0) -> int:
    """Give 64 well-mixed bits (splitmix64), cheap enough for every row.

    Parameters
    ----------
    seed
        The world.
    index
        The thing.
    turn
        The question about it; other turns give independent bits.

    Examples
    --------
    >>> mix(7, 1) == mix(7, 1), mix(7, 1) == mix(7, 2)
    (True, False)
    """
    z = (
        seed * 0xD1342543DE82EF95 + index * 0x9E3779B97F4A7C15 + turn * 0xBF58476D1CE4E5B9 + 0x94D049BB133111EB
    ) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


@cache
def salt(key: str) -> int:
    """Give 64 bits for a text, the same in every process (FNV-1a)."""
    bits = 0xCBF29CE484222325
    for byte in key.encode():
        bits = ((bits ^ byte) * 0x100000001B3) & _MASK
    return bits
