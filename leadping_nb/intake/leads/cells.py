"""The cells of a field: a code a row, and each different value once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from leadping_nb.errors import LeadpingError
from leadping_nb.identifiers import shown
from leadping_nb.intake.columns import ColumnUse, Place, place_of
from leadping_nb.intake.form import Form

__all__ = ["MISSING", "Cells", "Codes", "cells_of", "combined"]

Codes = npt.NDArray[np.intp]

MISSING = -1
"""The code of a cell that is missing: the row's lead does not have the field."""


@dataclass(slots=True)
class Cells:
    """What the rows have at one place of their leads."""

    place: Place
    """The place."""
    codes: Codes
    """For each row, which of the values it has, or `MISSING`."""
    values: list[object] = field(repr=False)
    """The values; one may stand there twice."""

    def where(self, holds: Callable[[object], bool]) -> npt.NDArray[np.bool_]:
        """Say for each row whether it has a value of which something holds."""
        # The last one stands for rows without, since their code is -1.
        return np.array([*map(holds, self.values), False], dtype=bool)[self.codes]


def cells_of(df: pd.DataFrame, form: Form, uses: Iterable[ColumnUse]) -> list[Cells]:
    """Read the columns of a frame as cells of the form's fields.

    Parameters
    ----------
    df
        The frame.
    form
        The form of its leads.
    uses
        What each column is taken for.

    Raises
    ------
    LeadpingError
        If one column holds objects whose fields are columns, or what another has a part of.
    """
    columns: dict[str, list[tuple[Place, pd.Series[Any]]]] = {}
    for use in uses:
        if use.field is not None:
            place = place_of(form, use.field)
            columns.setdefault(place.path, []).append((place, df[use.column]))
    found = []
    for path, parts in columns.items():
        place, series = parts[0]
        if len(parts) > 1 or place.rest:
            _refuse_parts(path, [part.rest for part, _ in parts])
            found.append(Cells(place, *_gathered([(part.rest, column) for part, column in parts])))
            continue
        codes, values = _factorised(series)
        is_holder = place.field is not None and place.field.type == "object" and place.field.model in form.models
        if is_holder and any(isinstance(value, Mapping) for value in values):
            raise LeadpingError(
                f"The column of {shown(path)} holds objects.",
                hint="Spread them: pd.json_normalize(df.to_dict('records')).",
            )
        found.append(Cells(place, codes, values))
    return found


def combined(rows: int, parts: Sequence[Codes]) -> tuple[Codes, Codes]:
    """Give each different combination of codes a number.

    Parameters
    ----------
    rows
        How many rows there are.
    parts
        Codes, `MISSING` among them.

    Returns
    -------
    tuple
        The combination of each row, and the first row of each combination.
    """
    numbers: Codes = np.zeros(rows, dtype=np.intp)
    for codes in parts:
        highest = int(codes.max(initial=MISSING)) + 2
        numbers = pd.factorize(numbers * highest + (codes + 1))[0]
    first: Codes = np.empty(int(numbers.max(initial=MISSING)) + 1, dtype=np.intp)
    first[numbers[::-1]] = np.arange(rows - 1, -1, -1)
    return numbers, first


def _factorised(series: pd.Series[Any]) -> tuple[Codes, list[object]]:
    if not isinstance(series.dtype, pd.ArrowDtype) and series.dtype != object:
        codes, uniques = pd.factorize(series)
        return codes, list(uniques)
    # True is 1 to pandas, and a list no value at all: so kind and value together tell one from another.
    cells, missing = series.astype(object).tolist(), series.isna().to_numpy(dtype=bool)
    codes = np.empty(len(cells), dtype=np.intp)
    known: dict[object, int] = {}
    values: list[object] = []
    for row, (value, is_missing) in enumerate(zip(cells, missing, strict=True)):
        if is_missing:
            codes[row] = MISSING
            continue
        key = (type(value), value) if isinstance(value, Hashable) and not isinstance(value, tuple) else row
        code = known.setdefault(key, len(values))
        if code == len(values):
            values.append(value)
        codes[row] = code
    return codes, values


def _refuse_parts(path: str, rests: Sequence[tuple[str, ...]]) -> None:
    for one, other in permutations(rests, 2):
        if other[: len(one)] == one:
            place = shown(".".join((path, *one)))
            raise LeadpingError(f"One column is {place}, and another is a part of it.", hint="Leave one of them out.")


def _gathered(parts: Sequence[tuple[tuple[str, ...], pd.Series[Any]]]) -> tuple[Codes, list[object]]:
    """Put columns of the same object together, such as those of a map."""
    rows: list[dict[str, object]] = [{} for _ in range(len(parts[0][1]))]
    for path, column in parts:
        cells, missing = column.astype(object).tolist(), column.isna().to_numpy(dtype=bool)
        *holders, name = path
        for whole, value, is_missing in zip(rows, cells, missing, strict=True):
            if not is_missing:
                holder: Any = whole
                for inner in holders:
                    holder = holder.setdefault(inner, {})
                holder[name] = value
    filled = np.array([bool(whole) for whole in rows], dtype=bool)
    codes = np.where(filled, np.cumsum(filled) - 1, MISSING)
    return codes, [whole for whole in rows if whole]
