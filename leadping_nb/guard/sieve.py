"""A sieve for long texts: one pass by which most are seen to hold none of many forms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["LONG", "Sieve"]

LONG: Final = 262_144
"""From how many bytes on a text is sieved: a search for each form would take milliseconds then."""
_STEP: Final = 16
"""How far apart the places of a text are that are looked at."""
_WINDOW: Final = 4
"""How many bytes are looked at in each place."""
_WORD: Final = 8
"""How many are looked at where these are some of a run's."""
_RUN: Final = _STEP + _WINDOW - 1
"""How long runs are: wherever one stands, a place is among its bytes with the whole window."""
_NUMBER: Final = "<u8"
"""As what a word is read: its first bytes are the lower ones."""
_SPREAD: Final = 0x9E3779B97F4A7C15
"""What numbers are multiplied by, so that all their bits count in the upper ones (Knuth's way)."""
_BITS: Final = 17
"""How many of these are looked up: in tables that the processor's own memory holds."""
_MOST: Final = 0.1
"""Where more of the places could be a run's, a search for each run is the better way."""


class Sieve:
    """Runs of bytes, prepared for one pass over a text, however many there are.

    Parameters
    ----------
    runs
        What to look for, each of :attr:`LENGTH` bytes; or more: the last ones count.

    Examples
    --------
    >>> sieve = Sieve([b"lp_sandbox_0123456789", b"bHBfdGVzdF8wMTIzNDU2Nzg5"])
    >>> sieve.may_hold(b"nothing here " * 100_000), sieve.may_hold(b"lp_sandbox_0123456789 " * 100_000)
    (False, True)
    """

    LENGTH: Final = _RUN
    """How many bytes in a row it can see; a secret in lines of fewer characters it does not."""

    def __init__(self, runs: Iterable[bytes]) -> None:
        self._runs = {run[-_RUN:] for run in runs}
        self._tables: tuple[NDArray[np.bool_], NDArray[np.bool_]] | None = None

    def __repr__(self) -> str:
        return f"<Sieve of {len(self._runs)}>"

    def may_hold(self, data: bytes) -> bool:
        """Whether a search for each run is needed, because one of them may be in the data."""
        import numpy as np  # not before there is a text long enough to make it worth while

        beyond = len(data) - _RUN - _WINDOW  # the last places have no word after them
        if beyond < 0:
            return self._is_at(range(len(data)), data)
        windows, words = self._tables = self._tables or self._marked()
        count = (len(data) - _WORD) // _STEP + 1
        places = np.ndarray(count, _NUMBER, data, strides=(_STEP,))
        near = np.flatnonzero(windows.take(_spread(places, _WINDOW))) * _STEP
        if len(near) > _MOST * count:
            return True
        # Of a run that a place is in, the word from there on or up to there; in few steps, because numpy gives Python's
        # lock back in each, and waits for it.
        starts = np.concatenate([near, np.maximum(near - (_WORD - _WINDOW), 0)])
        everywhere = np.ndarray(len(data) - _WORD + 1, _NUMBER, data, strides=(1,))
        alike = starts[words.take(_spread(everywhere[starts], _WORD))]
        if any(self._is_at(range(max(start - _RUN + _WORD, 0), start + 1), data) for start in alike.tolist()):
            return True
        return self._is_at(range(beyond, len(data)), data)

    def _is_at(self, starts: Iterable[int], data: bytes) -> bool:
        return any(data[start : start + _RUN] in self._runs for start in starts)

    def _marked(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        return (
            _table((run[at : at + _WINDOW] for run in self._runs for at in range(_STEP)), _WINDOW),
            _table((run[at : at + _WORD] for run in self._runs for at in range(_RUN - _WORD + 1)), _WORD),
        )


def _table(texts: Iterable[bytes], size: int) -> NDArray[np.bool_]:
    """Give the table in which these texts, all of one size, are marked."""
    import numpy as np

    table = np.zeros(1 << _BITS, np.bool_)
    table[_spread(np.frombuffer(b"".join(text.ljust(_WORD) for text in texts), _NUMBER), size)] = True
    return table


def _spread(numbers: NDArray[Any], size: int) -> NDArray[np.int64]:
    """Give the places in a table of what the first bytes of numbers say."""
    import numpy as np

    spread = numbers * np.uint64((_SPREAD << 8 * (_WORD - size)) % (1 << 64))
    spread >>= np.uint64(64 - _BITS)
    return spread.view(np.int64)
