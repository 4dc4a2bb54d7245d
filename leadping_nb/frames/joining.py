"""Frames taken apart into blocks, to be joined with what comes later, and rows that came twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from leadping_nb.frames.blocks import Block
from leadping_nb.frames.packing import Values
from leadping_nb.frames.shapes import Path, Shape
from leadping_nb.models import Field

__all__ = ["distinct", "taken_apart"]

_ROWS = 65_536
"""How many rows a block has, so that no column of texts outgrows the 32-bit offsets of a smaller type."""
_DAYS = pa.timestamp("s")
"""What days are; any other times without an offset were made so since, and keep their hours."""
_AS_WRITTEN = r"(?:\.0+|(\.\d*[1-9])0*)Z$"
"""The end of an instant as Arrow writes it, of which the API leaves the last zeros out."""


def taken_apart(
    frame: pd.DataFrame, shape: Shape, fields: Mapping[str, Field], text: pa.DataType
) -> tuple[list[Block], Shape]:
    """Take a frame apart into the blocks that it was made of, so that more can be joined as if all came at once.

    Parameters
    ----------
    frame
        A frame as it was assembled, in the dtypes of either backend.
    shape
        The keys that were met since.
    fields
        The flat columns that the model promises.
    text
        What texts are packed to.

    Returns
    -------
    tuple
        The blocks, and the keys of the frame and those that were met since, in this order.
    """
    met = {".".join(path): path for path in shape.leaves()}
    paths: dict[str, Path] = {}
    for name in map(str, frame):
        nested = tuple(name.split("."))
        paths[name] = nested if name in fields else met.get(name, nested)
    known = Shape.promised(fields)
    known.learn([_row_of(paths.values())])
    _extend(known, shape)
    parts = (frame.iloc[start : start + _ROWS] for start in range(0, len(frame), _ROWS))
    return [
        Block(len(part), {path: _values(part[name], text) for name, path in paths.items()}) for part in parts
    ], known


def distinct(frame: pd.DataFrame) -> tuple[pd.DataFrame, int, int]:
    """Leave out rows whose id comes again later; give the frame, how many there were, and how many of them differed."""
    try:
        again = None if frame["id"].is_unique else frame["id"].notna() & frame["id"].duplicated(keep="last")
    except (KeyError, TypeError, NotImplementedError):  # no ids, or lists and the like
        again = None
    if again is None or not again.any():
        return frame.reset_index(drop=True), 0, 0
    left_out, kept = frame[again], frame[~again]
    later = kept[kept["id"].isin(left_out["id"])].set_index("id", drop=False).loc[left_out["id"]]
    pairs = zip(left_out.itertuples(index=False, name=None), later.itertuples(index=False, name=None), strict=True)
    return kept.reset_index(drop=True), len(left_out), sum(repr(one) != repr(other) for one, other in pairs)


def _row_of(paths: Iterable[Path]) -> dict[str, Any]:
    """Make a row that has these keys and no values."""
    row: dict[str, Any] = {}
    for *parents, last in paths:
        at = row
        for key in parents:
            below = at.get(key) or {}
            at[key] = below
            at = below
        at.setdefault(last, None)
    return row


def _extend(shape: Shape, further: Shape) -> None:
    """Put the keys of a shape behind those of another."""
    for key, below in further.keys.items():
        if below is not None:
            _extend(shape.keys.get(key) or shape.open(key), below)
        elif key in further.whole:
            shape.keys[key] = None
        else:
            shape.keys.setdefault(key, None)
    shape.whole |= further.whole


def _values(series: pd.Series, text: pa.DataType) -> Values:
    """Give a column's values as JSON had them: packed where Arrow has their type, or else Python's own."""
    if series.dtype == object:
        return list(series)
    array = pa.array(series, from_pandas=True)
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    kind = array.type
    if kind in (pa.int64(), pa.float64(), pa.bool_()):
        return array
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return array.cast(text)
    if pa.types.is_timestamp(kind) and kind != _DAYS:
        texts = pc.replace_substring(array.cast(text), " ", "T")
        return texts if kind.tz is None else pc.replace_substring_regex(texts, _AS_WRITTEN, r"\1Z")
    if pa.types.is_temporal(kind):
        return pc.strftime(array, "%Y-%m-%d").cast(text)
    values: list[Any] = array.to_pylist()
    return [_number(value) if isinstance(value, Decimal) else value for value in values]


def _number(value: Decimal) -> int | float:
    """Give money as the number that it was."""
    return int(value) if value == value.to_integral_value() else float(value)
