"""Page bytes to columns, block by block: Arrow where all values are of one kind, Python's own objects elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pyarrow as pa

from leadping_nb.bodies import Row
from leadping_nb.frames.collector import collector_eased
from leadping_nb.frames.decoding import Decoded, PageDecoder, Struct, first_row, in_pieces, rows_of
from leadping_nb.frames.lists import packed_lists
from leadping_nb.frames.packing import TEXT, Backend, Values, alike, first_of
from leadping_nb.frames.shapes import Path, Shape
from leadping_nb.models import Field

__all__ = ["Block", "BlockReader"]

_MOST_OBJECTS = 10_000
"""How many different objects are kept before no more are looked for."""


@dataclass(slots=True)
class Block:
    """Some rows as columns."""

    rows: int
    """How many there are."""
    columns: dict[Path, Values] = field(default_factory=dict)
    """The values by path, all as long as there are rows. Objects are spread, lists are Python's or Arrow's."""


class BlockReader:
    """Reads pages into blocks, and learns from each what to expect of the next.

    Rows whose keys are known are decoded to structs, which takes half the time of dicts; a page that is otherwise is
    read again as Python reads it.

    Parameters
    ----------
    fields
        The flat columns that a model promises.
    packs_lists
        Whether lists of objects become Arrow's where that changes nothing.
    text
        What texts are packed to.
    """

    def __init__(
        self, fields: Mapping[str, Field], *, packs_lists: bool = False, text: pa.DataType = TEXT["pyarrow"]
    ) -> None:
        self.shape = Shape.promised(fields)
        self.has_closed = False
        """Whether a key that was spread has turned out to hold other things too, so that earlier pages are to be read
        again, or joined as they are."""
        self._packs_lists = packs_lists
        self._text = text
        self._objects: dict[msgspec.Struct, dict[str, Any]] = {}
        self._decoder = PageDecoder(self.shape)

    @classmethod
    def of_frame(cls, fields: Mapping[str, Field], backend: Backend) -> BlockReader:
        """Give a reader of what becomes a frame with such dtypes."""
        return cls(fields, packs_lists=backend == "pyarrow", text=TEXT[backend])

    @collector_eased()
    def read(self, body: bytes) -> Block:
        """Read a page.

        Raises
        ------
        ResponseError
            If the page is no JSON, or nested too deeply.
        LeadpingError
            If it holds no rows.
        """
        decoded = self._decoder.decode(body) if self.shape.sent else None
        if decoded is None and (first := first_row(body)) is not None:  # it has all keys where null is sent
            self._learn(first)
            decoded = self._decoder.decode(body)
        return self.read_rows(rows_of(body)) if decoded is None else self._block_of(decoded)

    def read_page(self, body: bytes) -> list[Block]:
        """Read a page of any size, in pieces that the processor's own memory holds; raises as `read` does."""
        pieces = in_pieces(body)
        blocks = [self.read(piece) for piece in pieces]
        if self.has_closed and len(pieces) > 1:  # within a page nothing is left out, whatever its size
            blocks = [self.read(piece) for piece in pieces]
        return blocks

    def read_rows(self, rows: Sequence[Row]) -> Block:
        """Read rows that are Python's own objects already."""
        self._learn(rows)
        block = Block(len(rows))
        self._spread_rows(block, (), rows, self.shape)
        if self._packs_lists:
            for path, values in block.columns.items():
                block.columns[path] = self._lists(values, None) if isinstance(values, list) else values
        return block

    def _learn(self, rows: Sequence[Row]) -> None:
        try:
            self.has_closed = self.shape.learn(rows) or self.has_closed
        finally:  # also where Ctrl-C struck
            self._renew()

    def _renew(self) -> None:
        self._objects = {}
        self._decoder.renew()

    def _block_of(self, decoded: Decoded) -> Block:
        block, is_known = Block(len(decoded.rows)), False
        try:
            is_known = self._spread(block, (), map(msgspec.structs.astuple, decoded.rows), decoded.struct)
        finally:
            if not is_known:
                self._renew()
        if not decoded.by_texts:
            self._decoder.learn_texts(block.columns)
        return block

    def _spread(self, block: Block, path: Path, rows: Iterable[tuple[Any, ...]], struct: Struct) -> bool:
        """Put rows of a shape into columns; say whether the shape knew them all."""
        is_known, shape = True, struct.shape
        for (key, inner), values in zip(struct.below.items(), zip(*rows, strict=True), strict=False):
            first = first_of(values)
            if first is None:
                continue
            here = (*path, key)
            if inner is not None and inner.below:
                absent = (None,) * len(inner.below)
                members = [absent if value is None else msgspec.structs.astuple(value) for value in values]
                is_known = self._spread(block, here, members, inner) and is_known
            elif inner is not None:
                block.columns[here] = [None if value is None else {} for value in values]
            elif isinstance(first, dict) and key not in shape.whole and _are_objects(values):
                below = shape.open(key)
                below.learn(values)
                self._spread_objects(block, here, values, below)
                is_known = False
            else:
                shape.whole.add(key)
                if type(first) is not list:
                    block.columns[here] = alike(values, type(first), self._text)
                elif key in shape.items:
                    items = shape.items[key]
                    block.columns[here] = self._lists(values, None if items is None else tuple(items.keys))
                else:
                    is_known = not shape.learn_items(key, values) and is_known
                    block.columns[here] = self._lists(values, None)
        return is_known

    def _spread_rows(self, block: Block, path: Path, rows: Sequence[Row | None], shape: Shape) -> None:
        for key, below in shape.keys.items():
            values = [None if row is None else row.get(key) for row in rows]
            first = first_of(values)
            if first is None:
                continue
            if below is None:
                block.columns[*path, key] = alike(values, type(first), self._text)
            else:
                self._spread_objects(block, (*path, key), values, below)

    def _spread_objects(self, block: Block, path: Path, values: Sequence[Row | None], shape: Shape) -> None:
        """Put objects into columns; those that never had a key are a column of their own."""
        if shape.keys:
            self._spread_rows(block, path, values, shape)
        else:
            block.columns[path] = [None if value is None else {} for value in values]

    def _lists(self, lists: Sequence[Any], names: tuple[str, ...] | None) -> Values:
        """Give lists of objects of these names, or of whatever where there are none."""
        if self._packs_lists and (array := packed_lists(lists, names)) is not None:
            return array
        return list(lists) if names is None else [items and self._objects_of(items, names) for items in lists]

    def _objects_of(self, items: Sequence[msgspec.Struct], names: tuple[str, ...]) -> list[dict[str, Any]]:
        """Make Python's objects, whose texts are one text where they are equal: real lists repeat themselves."""
        known = self._objects
        try:
            return [known[item].copy() for item in items]
        except (KeyError, TypeError):  # there is a new one, or one that holds what has no hash
            return [self._object_of(item, names) for item in items]

    def _object_of(self, item: msgspec.Struct, names: tuple[str, ...]) -> dict[str, Any]:
        values = msgspec.structs.astuple(item)
        found = {name: value for name, value in zip(names, values, strict=True) if value is not msgspec.UNSET}
        if set(map(type, values)) <= {str}:  # 1, 1.0 and true are equal
            if item in self._objects:
                return self._objects[item].copy()
            if len(self._objects) < _MOST_OBJECTS:
                self._objects[item] = found.copy()
        return found


def _are_objects(values: Iterable[Any]) -> bool:
    return set(map(type, values)) <= {dict, type(None)}
