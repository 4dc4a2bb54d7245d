"""Which ids were seen, in few bytes each."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["Seen"]


class Seen:
    """The ids that were seen, as hashes of 64 bits: 8 bytes each, whatever an id looks like.

    Two of n ids share a hash with a chance of n² ÷ 2^65: one in thirty million for a million rows.
    """

    def __init__(self) -> None:
        self._runs: list[np.ndarray] = []

    def news(self, ids: pa.ChunkedArray) -> np.ndarray:
        """Take in ids, and say of each whether it is new; a null always is.

        Examples
        --------
        >>> seen = Seen()
        >>> seen.news(pa.chunked_array([["a", "b", "a"]])).tolist(), seen.news(pa.chunked_array([["c", "b"]])).tolist()
        ([True, True, False], [True, False])
        """
        texts = ids if pa.types.is_string(ids.type) else ids.cast(pa.string())
        is_null = pc.is_null(texts).to_numpy()
        hashes = pd.util.hash_array(texts.fill_null("").to_numpy().astype(object), categorize=False)
        is_new = np.zeros(len(hashes), dtype=bool)
        is_new[np.unique(np.where(is_null, 0, hashes), return_index=True)[1]] = True
        for run in self._runs:
            at = np.minimum(np.searchsorted(run, hashes), len(run) - 1)
            is_new &= run[at] != hashes
        self._add(np.sort(hashes[is_new & ~is_null]))
        news: np.ndarray = is_new | is_null
        return news

    def _add(self, run: np.ndarray) -> None:
        """Keep runs sorted, each less than half as long as the one before, so that they are few."""
        if not len(run):
            return
        while self._runs and len(self._runs[-1]) < 2 * len(run):
            run = np.sort(np.concatenate([self._runs.pop(), run]), kind="stable")
        self._runs.append(run)
