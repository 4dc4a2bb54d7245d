"""A sieve for long texts: one pass by which most are seen to hold none of many forms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["LONG", "Sieve"]

LONG: Final = 262_144
"""From how many bytes on a sieve is faster than a search for each form."""
_STEP: Final = 8
"""How far apart the places of a text are that are looked at."""
_WINDOW: Final = 4
"""How many bytes are looked at in each place."""
_TAIL: Final = _STEP + _WINDOW - 1
"""How many bytes of a form are enough: wherever they stand, a place is among them with its whole window."""
_SPREAD: Final = {4: 0x9E3779B1, 8: 0x9E3779B97F4A7C15}
"""What numbers of so many bytes are multiplied by, so that all their bits count in the upper ones (Knuth's way)."""
_BITS: Final = 16
"""How many of these are looked up: in a table that the processor's own memory holds."""
_CHUNK: Final = 65_536
"""How many places are looked at together, for the same reason."""
_MOST: Final = 0.1
"""Where more of the places could be a form's, a search for each form is the better way."""


class Sieve:
    """The ends of many forms, prepared for one pass over a text, however many there are.

    Parameters
    ----------
    forms
        What to look for, each at least as long as :attr:`SHORTEST`.

    Examples
    --------
    >>> sieve = Sieve([b"lp_test_0123456789", b"bHBfdGVzdF8wMTIzNDU2Nzg5"])
    >>> sieve.may_hold(b"nothing here " * 100_000), sieve.may_hold(b"lp_test_0123456789 " * 100_000)
    (False, True)
    """

    SHORTEST: Final = _TAIL

    def __init__(self, forms: Iterable[bytes]) -> None:
        self._tails = {form[-_TAIL:] for form in forms}
        self._tables: tuple[NDArray[np.bool_], NDArray[np.bool_]] | None = None

    def __repr__(self) -> str:
        return f"<Sieve of {len(self._tails)}>"

    def may_hold(self, data: bytes) -> bool:
        """Whether a search for each form is needed, because one of them may be in the data."""
        import numpy as np  # not before there is a text long enough to make it worth while

        if self._tables is None:
            self._tables = (
                _table(tail[at : at + _WINDOW] for tail in self._tails for at in range(_STEP)),
                _table(tail[:_STEP] for tail in self._tails),
            )
        windows, beginnings = self._tables
        if len(data) < _TAIL:
            return False
        count = (len(data) - _WINDOW) // _STEP + 1
        places = np.ndarray(count, np.uint32, data, strides=(_STEP,))
        found = [np.flatnonzero(windows.take(_spread(places[at : at + _CHUNK]))) + at for at in range(0, count, _CHUNK)]
        near = np.concatenate(found) * _STEP
        if len(near) > _MOST * count:
            return True
        words = np.ndarray(len(data) - _STEP + 1, np.uint64, data, strides=(1,))
        for before in range(_STEP):
            starts = near - before
            starts = starts[(starts >= 0) & (starts < len(words))]
            starts = starts[beginnings.take(_spread(words[starts]))]
            if any(data[start : start + _TAIL] in self._tails for start in starts.tolist()):
                return True
        return False


def _table(texts: Iterable[bytes]) -> NDArray[np.bool_]:
    """Give the table in which these texts, all of 4 or of 8 bytes, are marked."""
    import numpy as np

    listed = [*texts]
    table = np.zeros(1 << _BITS, np.bool_)
    table[_spread(np.frombuffer(b"".join(listed), f"u{len(listed[0])}"))] = True
    return table


def _spread(numbers: NDArray[Any]) -> NDArray[np.intp]:
    """Give the places of numbers in a table."""
    import numpy as np

    size = numbers.dtype.itemsize
    spread = numbers * numbers.dtype.type(_SPREAD[size])
    spread >>= numbers.dtype.type(8 * size - _BITS)
    places: NDArray[np.intp] = spread.astype(np.intp)
    return places
