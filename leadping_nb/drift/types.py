"""The types of fields as two descriptions can be compared by them, and as people read them."""

from __future__ import annotations

from collections.abc import Mapping

from leadping_nb.models import Field

__all__ = ["comparable_type", "differs_in_type", "written_type"]

_TIMES = frozenset({"date-time", "date", "time"})  # the formats whose values are read as something else than text


def comparable_type(entry: Field, models: Mapping[str, str] | None = None) -> str:
    """Write a field's type as far as two descriptions agree on how to write it, under the new names of models.

    Examples
    --------
    >>> comparable_type(Field("at", "string", "date-time", nullable=True))
    'string date-time'
    """
    if entry.items is not None:
        return f"array of {comparable_type(entry.items, models)}"
    if entry.model is not None:
        return (models or {}).get(entry.model, entry.model)
    return f"{entry.type} {entry.format}" if entry.format in _TIMES else entry.type


def differs_in_type(one: Field, other: Field, models: Mapping[str, str]) -> bool:
    """Whether a field has another type; ``any`` says nothing of what it was.

    Examples
    --------
    >>> differs_in_type(Field("price", "number"), Field("price", "string"), {})
    True
    """
    is_known = "any" not in comparable_type(one).split()
    return is_known and comparable_type(one, models) != comparable_type(other)


def written_type(entry: Field) -> str:
    """Write a field's type for people.

    Examples
    --------
    >>> written_type(Field("status", "string", enum=("new", "done")))
    'one of 2 values'
    """
    return f"one of {len(entry.enum)} values" if entry.enum else comparable_type(entry)
