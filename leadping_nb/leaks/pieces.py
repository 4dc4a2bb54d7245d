"""A notebook's anatomy: every text in it, and the path that leads to it.

Nothing goes by a list of fields that notebooks should have: whatever text is in it is a piece, keys of objects too. So
notebooks of nbformat 3, and metadata that some program made up, are covered. Pictures in base64 are left out. What the
format has in base64 (buffers of widgets, attachments that are texts) is a piece twice: as it is written and decoded.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, TypeAlias

__all__ = ["BETWEEN", "Path", "Piece", "decoded", "encoded", "join", "parts", "pieces", "texts_of"]

Path: TypeAlias = tuple[str | int, ...]
"""The keys and indices that lead to a value."""

_LINES: Final = frozenset({"source", "input", "text", "html", "latex", "svg", "javascript"})
"""Keys whose list of texts is one text, cut anywhere (the last four in nbformat 3)."""

_LONG: Final = 16_384

BETWEEN: Final = "\0"
"""What stands between texts that are looked at together: no secret goes on over it, and none is hidden by it."""

_WITHOUT_TEXT: Final = frozenset({int, float, bool, type(None)})  # lists of numbers are long

_IN_ROWS: Final = _WITHOUT_TEXT | {str, dict}

_BASE64: Final = frozenset({"encoding", "attachments"})
"""Keys of objects that may have base64 by the format."""

_LISTS: Final = (list, tuple)


@dataclass(frozen=True, slots=True)
class Piece:
    """A text of a notebook."""

    path: Path
    """Where it stands; for a list of texts, where the list stands."""
    text: str
    """The text; of a list, all of it."""
    is_key: bool = False
    """Whether it is the key at the end of its path, and not the value there."""
    is_decoded: bool = False
    """Whether it is what base64 at the end of its path stands for, a character a byte."""


def parts(notebook: Mapping[str, object]) -> Iterator[tuple[Path, object]]:
    """Give a notebook in parts: each cell, and what there is beside the cells."""
    for path, holder in _holders(notebook):
        beside = {}
        for key, value in holder.items():
            if key == "cells" and isinstance(value, list):
                yield from (((*path, key, number), cell) for number, cell in enumerate(value))
            elif key != "worksheets" or path:
                beside[key] = value
        yield path, beside


def _holders(notebook: Mapping[str, object]) -> Iterator[tuple[Path, Mapping[str, object]]]:
    """Give what has cells: the notebook, and in nbformat 3 its worksheets."""
    yield (), notebook
    sheets = notebook.get("worksheets")
    if isinstance(sheets, list):
        for number, sheet in enumerate(sheets):
            yield ("worksheets", number), sheet if isinstance(sheet, Mapping) else {"": sheet}
    elif sheets is not None:
        yield ("worksheets",), {"": sheets}


def pieces(value: object, path: Path = ()) -> Iterator[Piece]:
    r"""Give every text below a value.

    Parameters
    ----------
    value
        What JSON gives.
    path
        What leads to it.

    Examples
    --------
    >>> [(piece.path, piece.text) for piece in pieces({"source": ["a\n", "b"]}) if not piece.is_key]
    [(('source',), 'a\nb')]
    """
    if isinstance(value, str):
        yield Piece(path, value)
    elif isinstance(value, list | tuple):
        if value and all(isinstance(entry, str) for entry in value):
            yield Piece(path, join(value, path[-1] if path else ""))
        else:
            for number, entry in enumerate(value):
                yield from pieces(entry, (*path, number))
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            yield Piece((*path, key), key, is_key=True)
            if not _is_picture(key, entry):
                yield from pieces(entry, (*path, key))
        yield from (Piece((*path, *rest), text, is_decoded=True) for rest, text in _in_base64(value))


def texts_of(value: object) -> list[str]:
    """Give all the texts that :func:`pieces` gives, the short ones as one and once, in a fraction of the time.

    Long ones stay apart: each is looked for fewer things where it lacks a character that they have.
    """
    texts: list[str] = []
    _gather(value, "", texts)
    texts = list(dict.fromkeys(map(str, texts)))  # the keys of rows come again and again, and Python's may be numbers
    long = [text for text in texts if len(text) >= _LONG]
    return [BETWEEN.join([text for text in texts if len(text) < _LONG] if long else texts), *long]


def _gather(value: object, key: str, texts: list[str]) -> None:
    if isinstance(value, dict):
        texts.extend(value)
        for name, entry in value.items():
            if isinstance(entry, str):
                if len(entry) < _LONG or not _is_picture(name, entry):
                    texts.append(entry)
            elif type(entry) not in _WITHOUT_TEXT:
                _gather(entry, name, texts)
        if not _BASE64.isdisjoint(value):
            texts.extend(text for _, text in _in_base64(value))
    elif isinstance(value, str):
        texts.append(value)
    elif isinstance(value, _LISTS):
        if value and isinstance(value[0], str) and all(isinstance(entry, str) for entry in value):
            texts.append(join(value, key))
            return
        if set(map(type, value)) == {dict} and (found := _in_rows(value)) is not None:
            texts.extend(found)
            return
        for entry in value:
            if type(entry) not in _WITHOUT_TEXT:
                _gather(entry, "", texts)
    elif isinstance(value, Mapping):
        _gather(dict(value), key, texts)


def _in_rows(rows: Sequence[dict[str, object]]) -> list[str] | None:
    """Give the texts of objects, such as the points of a chart; None where one holds a list, base64 or a long text."""
    keys: set[str] = set()
    texts: list[str] = []  # in their order, in which they lie in memory: any other takes three times as long
    level: Sequence[dict[str, object]] = rows
    while level:  # the objects within those objects are the next one
        keys.update(chain.from_iterable(level))
        values = list(chain.from_iterable(map(dict.values, level)))
        kinds = set(map(type, values))
        if not kinds <= _IN_ROWS:
            return None
        texts += [value for value in values if type(value) is str]
        level = [value for value in values if type(value) is dict] if dict in kinds else []
    if max(map(len, texts), default=0) >= _LONG or not keys.isdisjoint(_BASE64):
        return None
    return [*keys, *texts]


def _in_base64(holder: Mapping[str, object]) -> Iterator[tuple[Path, str]]:
    """Give what stands in base64 by the format: a buffer of a widget, or the attachments of a cell that are texts."""
    if holder.get("encoding") == "base64" and (text := decoded(holder.get("data"))):
        yield ("data",), text
    attachments = holder.get("attachments")
    for name, bundle in attachments.items() if isinstance(attachments, Mapping) else ():
        for mime, value in bundle.items() if isinstance(bundle, Mapping) else ():
            if mime.startswith(("text/", "image/svg")) and (text := decoded(value)):
                yield ("attachments", name, mime), text


def decoded(value: object) -> str | None:
    """Decode base64 that may be a list of lines, a character a byte; None for what is none.

    Examples
    --------
    >>> decoded(["VGVz", "dA=="]), decoded("no base64!")
    ('Test', None)
    """
    if isinstance(value, list | tuple) and all(isinstance(entry, str) for entry in value):
        value = "".join(value)
    if not isinstance(value, str):
        return None
    try:
        return base64.b64decode("".join(value.split()), validate=True).decode("latin-1")
    except (binascii.Error, ValueError):
        return None


def encoded(text: str) -> str:
    """Encode again what :func:`decoded` gave."""
    return base64.b64encode(text.encode("latin-1")).decode()


def join(texts: Iterable[str], key: str | int) -> str:
    """Join a list of texts: as nbformat does under its own keys and MIME types, elsewhere one a line."""
    if key in _LINES or (isinstance(key, str) and "/" in key and not key.endswith("json")):
        return "".join(texts)
    return "\n".join([text.removesuffix("\n") for text in texts])


def _is_picture(key: str, value: object) -> bool:
    """Whether it is a picture in base64, which lacks what prefixes, tokens and headers have; SVG is text."""
    return (
        key.startswith("image/")
        and not key.startswith("image/svg")
        and isinstance(value, str)
        and not any(mark in value for mark in "_. ")
    )
