"""Page bytes to structs by a shape; what decodes them is made anew when the shape has learned more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from leadping_nb.bodies import BOM, Row, rows_of_page
from leadping_nb.frames.packing import Values
from leadping_nb.frames.shapes import Path, Shape, Struct

__all__ = ["Decoded", "PageDecoder", "first_row", "rows_of"]


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
                self._typed[by_texts] = _Typed.of(self._shape.struct(by_texts=by_texts))
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
        page = msgspec.defstruct("Page", [("items", list[struct.type] | None)], gc=False)  # type: ignore[name-defined]
        return cls(struct, msgspec.json.Decoder(page))

    def decode(self, body: bytes) -> list[msgspec.Struct] | None:
        try:
            return self.decoder.decode(body).items or []
        except _UNEXPECTED:
            return None


class _Page(msgspec.Struct, gc=False):
    items: list[dict[str, Any]]


class _RawPage(msgspec.Struct, gc=False):
    items: list[msgspec.Raw]


_ROWS = msgspec.json.Decoder(_Page)
_RAW_ROWS = msgspec.json.Decoder(_RawPage)
_ROW = msgspec.json.Decoder(dict[str, Any])
_UNEXPECTED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def first_row(body: bytes) -> list[Row] | None:
    """Give the first row of a page in a list, which is empty where there is none; None where that cannot be read."""
    try:
        return [_ROW.decode(row) for row in _RAW_ROWS.decode(body.removeprefix(BOM)).items[:1]]
    except _UNEXPECTED:
        return None


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
