"""Page bytes to columns, block by block: Arrow where all values are of one kind, Python's own objects elsewhere."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from leadping_nb.bodies import BOM, Row, rows_of_page
from leadping_nb.frames.shapes import Path, Shape
from leadping_nb.models import Field

__all__ = ["Block", "BlockReader", "Values", "as_floats", "collector_paused", "packed"]

Values: TypeAlias = pa.Array | list[Any]
"""One value a row, null or None where it is absent or null."""

_MOST_TEXTS = 10_000
"""How many different texts are kept before no more are looked for."""

_TYPES: Mapping[type, pa.DataType] = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}


@dataclass(slots=True)
class Block:
    """Some rows as columns."""

    rows: int
    """How many there are."""
    columns: dict[Path, Values] = field(default_factory=dict)
    """The values by path, all as long as there are rows. Objects are spread; lists stay lists of Python."""


class BlockReader:
    """Reads pages into blocks, and learns from each what to expect of the next.

    Rows whose keys are known are decoded to structs, which takes half the time of dicts; a page that is otherwise is
    read again as Python reads it.

    Parameters
    ----------
    fields
        The flat columns that a model promises.
    """

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self.shape = Shape.promised(fields)
        self.has_closed = False
        """Whether a key that was spread has turned out to hold other things too, so that earlier pages are to be read
        again, or joined as they are."""
        self._texts: dict[str, str] = {}
        self._decoder = self._new_decoder()

    def read(self, body: bytes) -> Block:
        """Read a page.

        Raises
        ------
        ResponseError
            If the page is no JSON, or nested too deeply.
        LeadpingError
            If it holds no rows.
        """
        with collector_paused():
            try:
                items = self._decoder.decode(body.removeprefix(BOM)).items or []
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                return self.read_rows(rows_of_page(body))
            block = Block(len(items))
            if not self._spread(block, (), map(msgspec.structs.astuple, items), self.shape):
                self._decoder = self._new_decoder()
            return block

    def read_rows(self, rows: Sequence[Row]) -> Block:
        """Read rows that are Python's own objects already."""
        self.has_closed = self.shape.learn(rows) or self.has_closed
        self._decoder = self._new_decoder()
        block = Block(len(rows))
        _spread_rows(block, (), rows, self.shape)
        return block

    def _spread(self, block: Block, path: Path, rows: Iterable[tuple[Any, ...]], shape: Shape) -> bool:
        """Put rows of a shape into columns; say whether the shape knew them all."""
        is_known = True
        for (key, below), values in zip(shape.members(), zip(*rows, strict=True), strict=False):
            first = next((value for value in values if value is not None), None)
            if first is None:
                continue
            here = (*path, key)
            if below is not None and below.keys:
                absent = (None,) * len(below.members())
                inner = (absent if value is None else msgspec.structs.astuple(value) for value in values)
                is_known = self._spread(block, here, inner, below) and is_known
            elif below is not None:
                block.columns[here] = [None if value is None else {} for value in values]
            elif isinstance(first, dict) and key not in shape.whole and _are_objects(values):
                below = shape.open(key)
                below.learn(values)
                _spread_objects(block, here, values, below)
                is_known = False
            else:
                shape.whole.add(key)
                block.columns[here] = self._shared(values) if type(first) is list else _alike(values, type(first))
        return is_known

    def _shared(self, lists: Sequence[Any]) -> list[Any]:
        """Let equal texts in objects of lists be one text: real lists repeat themselves, and each costs memory."""
        if len(self._texts) < _MOST_TEXTS:
            share = self._texts.setdefault
            for items in lists:
                if items.__class__ is list:
                    for item in items:
                        if item.__class__ is dict:
                            for key, value in item.items():
                                if value.__class__ is str:
                                    item[key] = share(value, value)
        return list(lists)

    def _new_decoder(self) -> msgspec.json.Decoder[Any]:
        page = msgspec.defstruct("Page", [("items", list[self.shape.struct()] | None)], gc=False)  # type: ignore[misc]
        return msgspec.json.Decoder(page)


def _spread_rows(block: Block, path: Path, rows: Sequence[Row | None], shape: Shape) -> None:
    for key, below in shape.keys.items():
        values = [None if row is None else row.get(key) for row in rows]
        first = next((value for value in values if value is not None), None)
        if first is None:
            continue
        if below is None:
            block.columns[*path, key] = _alike(values, type(first))
        else:
            _spread_objects(block, (*path, key), values, below)


def _spread_objects(block: Block, path: Path, values: Sequence[Row | None], shape: Shape) -> None:
    """Put objects into columns; those that never had a key are a column of their own."""
    if shape.keys:
        _spread_rows(block, path, values, shape)
    else:
        block.columns[path] = [None if value is None else {} for value in values]


def _are_objects(values: Iterable[Any]) -> bool:
    return set(map(type, values)) <= {dict, type(None)}


def packed(values: Sequence[Any], kind: type) -> Values:
    """Pack values into Arrow if all are of one kind, or all are numbers, and fit; else leave them what they are.

    Parameters
    ----------
    values
        JSON values, None where absent.
    kind
        The kind of the first that is there.
    """
    array = _alike(values, kind)
    if isinstance(array, list) and kind in (int, float):
        return as_floats(array) or array
    return array


def _alike(values: Sequence[Any], kind: type) -> Values:
    """Pack values of one kind; among others, whole numbers stay apart from fractions until all pages are there."""
    if kind not in (str, bool):  # among these Arrow refuses what is not of their kind; to a number it would convert it
        kind = kind if set(map(type, values)) <= {kind, type(None)} else object
    if kind in _TYPES:
        try:
            array = pa.array(values, _TYPES[kind])
        except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError, UnicodeEncodeError):
            return list(values)
        if kind is not float or not _has_nan(array):
            return array
    return list(values)


def as_floats(values: Sequence[Any]) -> pa.Array | None:
    """Pack whole numbers and fractions into floats, or give None where a value would not be the same."""
    if not set(map(type, values)) <= {int, float, type(None)}:
        return None
    try:
        array = pa.array(values, pa.float64())
    except (pa.ArrowInvalid, OverflowError):
        return None
    return None if _has_nan(array) else array


def _has_nan(array: pa.Array) -> bool:
    """Whether an array holds NaN, which pandas would take for what is missing."""
    return pc.any(pc.is_nan(array)).as_py() is True


@contextmanager
def collector_paused() -> Iterator[None]:
    """Make many objects without the collector of cycles: there are none, and it would look again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
