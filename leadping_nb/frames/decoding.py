"""Page bytes to structs by a shape; what decodes them is made anew when the shape has learned more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from leadping_nb.bodies import BOM, Row, rows_of_page
from leadping_nb.frames.packing import Values
from leadping_nb.frames.shapes import TYPEABLE, Path, Shape

__all__ = ["Decoded", "PageDecoder", "Struct", "first_row", "in_pieces", "rows_of", "struct_of"]

_PIECE = 524_288
"""How many bytes are read at a time: what has become of more than the processor's own memory holds is fetched again for
each column."""
_MANY = 16
"""From how many pieces on a page is cut into them: to find where its rows end takes time as well."""


@dataclass(frozen=True, slots=True)
class Struct:
    """What rows of a shape are decoded to."""

    type: type[msgspec.Struct]
    """Its members are in the order of the keys."""
    shape: Shape
    """What it was made of, which may have learned more since."""
    below: Mapping[str, Struct | None]
    """The keys, and what the objects under each are decoded to; None where there are none to be spread."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The rows of a page."""

    rows: Sequence[msgspec.Struct]
    """As structs, in order."""
    struct: Struct
    """What they are."""
    by_texts: bool
    """Whether no key that has few texts held another."""


class PageDecoder:
    """Decodes pages whose rows have the keys of a shape.

    It tries first whether the keys with few texts hold no others: looking a text up among few takes less time than
    making one for each row.

    Parameters
    ----------
    shape
        The keys; `renew` is to be called when it has learned some.
    """

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._typed: dict[bool, _Typed] = {}
        """What decodes, by whether it goes by texts."""

    def decode(self, body: bytes) -> Decoded | None:
        """Decode a page, or give None where its rows are not as expected."""
        body = body.removeprefix(BOM)
        for by_texts in (True, False) if self._shape.has_few_texts() else (False,):
            if by_texts not in self._typed:
                self._typed[by_texts] = _Typed.of(struct_of(self._shape, by_texts=by_texts))
            typed = self._typed[by_texts]
            if (rows := typed.decode(body)) is not None:
                return Decoded(rows, typed.struct, by_texts)
        return None

    def learn_texts(self, columns: Mapping[Path, Values]) -> None:
        """Learn from the columns of a page that was not decoded by texts which keys have few of them."""
        self._shape.learn_texts(columns)
        self._typed.pop(True, None)

    def renew(self) -> None:
        """Go by what the shape knows now."""
        self._typed = {}


@dataclass(frozen=True, slots=True)
class _Typed:
    struct: Struct
    decoder: msgspec.json.Decoder[Any]

    @classmethod
    def of(cls, struct: Struct) -> _Typed:
        rows = list[struct.type] | None  # type: ignore[name-defined]  # a value
        page = msgspec.defstruct("Page", [("items", rows)], gc=False)
        return cls(struct, msgspec.json.Decoder(page))

    def decode(self, body: bytes) -> list[msgspec.Struct] | None:
        try:
            return self.decoder.decode(body).items or []
        except _UNEXPECTED:
            return None


def struct_of(shape: Shape, *, by_texts: bool = False) -> Struct:
    """Make what rows of a shape are decoded to; a key that is absent is None, an unknown one fails.

    Parameters
    ----------
    shape
        The keys that rows may have.
    by_texts
        Whether a key that has few texts takes no others, so that each text is made once and not once a row.
    """
    typeable = dict.fromkeys(key for key in (*shape.sent, *shape.keys) if key in shape.keys and TYPEABLE.match(key))
    below = {
        key: struct_of(inner, by_texts=by_texts) if (inner := shape.keys[key]) is not None else None for key in typeable
    }
    members: list[tuple[str, Any, Any]] = []
    for at, (key, struct) in enumerate(below.items()):
        held: Any = struct.type | None if struct is not None else _held(shape, key, by_texts=by_texts)
        members.append((f"x{at}", held, None))
    names = {f"x{at}": key for at, key in enumerate(below)}
    made = msgspec.defstruct("Row", members, rename=names, forbid_unknown_fields=True, gc=False)
    return Struct(made, shape, below)


def _held(shape: Shape, key: str, *, by_texts: bool) -> Any:
    """Give the type of what is under a key and not spread, null included."""
    if (items := shape.items.get(key)) is not None:
        return list[_item(items, by_texts=by_texts)] | None  # type: ignore[misc]  # a value
    if by_texts and (texts := shape.texts.get(key)):
        return Literal[(*texts, None)]
    return Any


def _item(shape: Shape, *, by_texts: bool) -> type[msgspec.Struct]:
    """Make the type of objects in lists; a member that is absent is not null there."""
    members = [(f"x{at}", _held(shape, key, by_texts=by_texts), msgspec.UNSET) for at, key in enumerate(shape.keys)]
    names = {f"x{at}": key for at, key in enumerate(shape.keys)}
    return msgspec.defstruct("Item", members, rename=names, forbid_unknown_fields=True, frozen=True, gc=False)


class _Page(msgspec.Struct, gc=False):
    items: list[dict[str, Any]]


class _RawPage(msgspec.Struct, gc=False):
    items: list[msgspec.Raw]


_ROWS = msgspec.json.Decoder(_Page)
_RAW_ROWS = msgspec.json.Decoder(_RawPage)
_RAW_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_ROW = msgspec.json.Decoder(dict[str, Any])
_UNEXPECTED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def first_row(body: bytes) -> list[Row] | None:
    """Give the first row of a page in a list, which is empty where there is none; None where that cannot be read."""
    try:
        return [_ROW.decode(row) for row in _RAW_ROWS.decode(body.removeprefix(BOM)).items[:1]]
    except _UNEXPECTED:
        return None


def in_pieces(body: bytes) -> list[bytes]:
    """Give a large page, or a list of rows, as smaller pages; as it is where it is small, or cannot be read so.

    Examples
    --------
    >>> in_pieces(b'{"items": [{"id": "1"}]}')
    [b'{"items": [{"id": "1"}]}']
    """
    if len(body) < _MANY * _PIECE:
        return [body]
    bare = body.removeprefix(BOM)
    try:
        rows = _RAW_LIST.decode(bare) if bare.lstrip()[:1] == b"[" else _RAW_ROWS.decode(bare).items
    except _UNEXPECTED:
        return [body]
    if not all(row[:1] == b"{" for row in map(bytes, rows)):
        return [body]
    count = max(1, len(rows) * _PIECE // len(body))
    return [b'{"items":[%b]}' % b",".join(rows[at : at + count]) for at in range(0, len(rows), count)] or [body]


def rows_of(body: bytes) -> Sequence[Row]:
    """Read rows of which not all is known yet, by the same decoder as the others where that can.

    Raises
    ------
    ResponseError
        If the page is no JSON, or nested too deeply.
    LeadpingError
        If it holds no rows.
    """
    try:
        return _ROWS.decode(body.removeprefix(BOM)).items
    except _UNEXPECTED:
        return rows_of_page(body)
