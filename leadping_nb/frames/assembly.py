"""Blocks to a DataFrame: the same dtypes for one block as for many, and no value changed on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from leadping_nb.frames.blocks import Block
from leadping_nb.frames.collector import collector_eased
from leadping_nb.frames.lists import promised_type
from leadping_nb.frames.naming import is_object, named
from leadping_nb.frames.packing import Backend
from leadping_nb.frames.pieces import Pieces, joined, unpacked
from leadping_nb.frames.shapes import Path, Shape
from leadping_nb.models import Field, Models

__all__ = ["assemble"]


def assemble(
    blocks: Sequence[Block],
    shape: Shape,
    fields: Mapping[str, Field],
    backend: Backend = "numpy_nullable",
    *,
    models: Models | None = None,
) -> tuple[pd.DataFrame, list[str]]:
    """Join blocks into a frame.

    Parameters
    ----------
    blocks
        Blocks in order; they are used up, so that no value is held twice.
    shape
        The keys that were met.
    fields
        The flat columns that a model promises; they come first, and come always.
    backend
        ``numpy_nullable``: ``str``, ``Int64``, ``Float64``, ``boolean``, ``datetime64[ns, UTC]``, lists of Python.
        ``pyarrow``: ``ArrowDtype`` for all of it.
    models
        Where the models of what lists hold are, so that with ``pyarrow`` a list has its dtype also where it is empty.

    Returns
    -------
    tuple
        The frame, and notes on the columns that had to fall back.
    """
    rows = sum(block.rows for block in blocks)
    pieces = _gathered(blocks)
    leaves = list(shape.leaves())
    settled = _settled(pieces, rows, leaves)
    leaves = [leaf for leaf in leaves if not any(_is_below(leaf, path) for path in settled)]
    notes = [*settled.values()]
    series: dict[str, pd.Series] = {}
    with collector_eased():
        for path, name in named(leaves, pieces, fields, notes).items():
            field = fields.get(name)
            listed = promised_type(field, models) if backend == "pyarrow" and field and models else None
            made, note = joined(name, pieces.pop(path, []), rows, field, backend, listed)
            series[name] = made
            if note and path not in settled and not is_object(name, fields):
                notes.append(note)
    return pd.DataFrame(series, index=pd.RangeIndex(rows), copy=False), notes


def _gathered(blocks: Iterable[Block]) -> dict[Path, Pieces]:
    pieces: dict[Path, Pieces] = {}
    at = 0
    for block in blocks:
        for path, values in block.columns.items():
            pieces.setdefault(path, []).append((at, values))
        block.columns = {}
        at += block.rows
    return pieces


def _settled(pieces: dict[Path, Pieces], rows: int, leaves: Iterable[Path]) -> dict[Path, str]:
    """Put objects and what else stands under their key into one column of Python's objects, with a note on each."""
    notes: dict[Path, str] = {}
    parents = {path[:end] for path in (*pieces, *leaves) for end in range(1, len(path))}
    for path in sorted(parents & pieces.keys()):
        if path not in pieces:  # it went into one that it lies below
            continue
        whole = unpacked(pieces.pop(path), rows)
        if all(value is None or value == {} for value in whole):
            continue
        for other in [other for other in pieces if _is_below(other, path)]:
            for at, value in enumerate(unpacked(pieces.pop(other), rows)):
                if value is not None:
                    _put(whole, at, other[len(path) :], value)
        pieces[path] = [(0, whole)]
        notes[path] = (
            f"{'.'.join(path)}: objects and other values, so it is object; members that are null are left out."
        )
    return notes


def _is_below(path: Path, parent: Path) -> bool:
    return len(path) > len(parent) and path[: len(parent)] == parent


def _put(whole: list[Any], at: int, path: Path, value: object) -> None:
    if whole[at] is None:
        whole[at] = {}
    entry = whole[at]
    for key in path[:-1]:
        entry = entry.setdefault(key, {})
    entry[path[-1]] = value
