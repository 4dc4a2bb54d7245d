"""Charts, tables and widgets that were searched and held nothing: what did not change is not searched again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

__all__ = ["CleanOutputs"]

_SHORTEST: Final = 1_000
"""What is shorter, packed, is searched in the time that its digest takes."""

_MOST: Final = 16_384
"""How many values are remembered."""


class CleanOutputs:
    """Which objects and lists hold no secret: a digest of each and nothing of it, the latest of them.

    To pack a value takes a tenth of the time that it takes to gather its texts. What is a text is not looked at here.

    Examples
    --------
    >>> clean, points = CleanOutputs(), [{"lead": number} for number in range(1_000)]
    >>> notebook = {"cells": [{"outputs": [{"data": {"application/json": points}}]}]}
    >>> rest, marks = clean.others(notebook)
    >>> rest == notebook, len(marks)
    (True, 1)
    >>> clean.add(marks)
    >>> clean.others(notebook)
    ({'cells': [{'outputs': [{'data': {'application/json': None}}]}]}, [])
    """

    def __init__(self) -> None:
        self._marks: dict[bytes, None] = {}

    def others(self, notebook: Mapping[str, object]) -> tuple[Mapping[str, object], list[bytes]]:
        """Give a notebook without the values that were clean, and the marks of the others."""
        marks: list[bytes] = []
        rest = dict(notebook)
        cells, metadata = notebook.get("cells"), notebook.get("metadata")
        if isinstance(cells, list):
            rest["cells"] = [self._of_cell(cell, marks) for cell in cells]
        if isinstance(metadata, Mapping) and "widgets" in metadata:
            rest["metadata"] = {**metadata, "widgets": self._of_value(metadata["widgets"], marks)}
        return rest, marks

    def add(self, marks: Iterable[bytes]) -> None:
        """Remember that values hold no secret."""
        self._marks.update(dict.fromkeys(marks))
        while len(self._marks) > _MOST:
            del self._marks[next(iter(self._marks))]

    def _of_cell(self, cell: object, marks: list[bytes]) -> object:
        outputs = cell.get("outputs") if isinstance(cell, Mapping) else None
        if not isinstance(cell, Mapping) or not isinstance(outputs, list):
            return cell
        return {**cell, "outputs": [self._of_output(output, marks) for output in outputs]}

    def _of_output(self, output: object, marks: list[bytes]) -> object:
        data = output.get("data") if isinstance(output, Mapping) else None
        if not isinstance(output, Mapping) or not isinstance(data, Mapping):
            return output
        return {**output, "data": {mime: self._of_value(value, marks) for mime, value in data.items()}}

    def _of_value(self, value: object, marks: list[bytes]) -> object:
        mark = _mark(value) if isinstance(value, dict | list) else None
        if mark in self._marks:
            return None
        if mark is not None:
            marks.append(mark)
        return value


def _mark(value: object) -> bytes | None:
    """Give the digest of a value; None for one that is short, or that cannot be packed."""
    try:
        packed = msgspec.msgpack.encode(value)
    except (ValueError, TypeError, OverflowError, RecursionError):  # half characters, long numbers, deep brackets
        return None
    return hashlib.sha256(packed).digest() if len(packed) >= _SHORTEST else None
