"""Charts, tables and widgets: most hold nothing that even begins like a secret, and the others are searched once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from leadping_nb.leaks.sieve import MARKERS

__all__ = ["CleanOutputs"]

_SHORTEST: Final = 1_000
"""What is shorter, as JSON, is searched in the time that this takes."""

_MOST: Final = 16_384
"""How many values are remembered."""


_LIST_OF_TEXTS: Final = re.compile(rb'\[(?=")')
"""How lists of texts begin, which may be the lines of one text."""

_SIGNS: Final = {
    sign: [sign[at : at + 1] for at in range(len(sign))]
    for sign in (*(marker.encode() for marker in MARKERS), b'"base64"', b'"attachments"')
}
"""What texts with a secret have, or what stands beside base64 by the notebook's format, and the letters of each."""


class CleanOutputs:
    """Which objects and lists hold no secret: a digest of each and nothing of it, the latest of them.

    To write a value as JSON takes a fraction of the time that it takes to gather its texts. What is a text is not
    looked at here.

    Examples
    --------
    >>> clean, points = CleanOutputs(), [{"lead": f"lp_{number}"} for number in range(1_000)]
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
            rest["metadata"] = {**metadata, "widgets": self._of_value("widgets", metadata["widgets"], marks)}
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
        return {
            **output,
            # What is no MIME type may say of its neighbours how to read them, as "encoding" does.
            "data": {key: self._of_value(key, value, marks) if "/" in key else value for key, value in data.items()},
        }

    def _of_value(self, key: str, value: object, marks: list[bytes]) -> object:
        written = _written(value) if isinstance(value, dict | list) else None
        if written is None:
            return value
        if _has_no_beginning(written):
            return None
        # With its key: a list of texts is one text under some MIME types, and several under others.
        mark = hashlib.sha256(f"{key}\0".encode("utf-8", "surrogatepass") + written).digest()
        if mark in self._marks:
            return None
        marks.append(mark)
        return value


def _written(value: object) -> bytes | None:
    """Write a value as JSON; None for one that is short, or that cannot be written."""
    try:
        written = msgspec.json.encode(value)
    except (ValueError, TypeError, OverflowError, RecursionError):  # half characters, long numbers, deep brackets
        return None
    return written if len(written) >= _SHORTEST else None


def _has_no_beginning(written: bytes) -> bool:
    """Whether every text in a value stands there whole, and none has what secrets begin with."""
    if any(_has(written, sign, letters) for sign, letters in _SIGNS.items()):
        return False
    return _LIST_OF_TEXTS.search(written) is None


def _has(written: bytes, sign: bytes, letters: Iterable[bytes]) -> bool:
    # One letter is looked for far faster than several, and most charts lack one of them.
    return all(letter in written for letter in letters) and sign in written
