"""What is said otherwise of a field that is still there: whether it may be empty, its values, its format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leadping_nb.drift.change import Change, change_of
from leadping_nb.drift.pairing import Pairing
from leadping_nb.drift.sorts import Happened, Subject
from leadping_nb.models import Field

__all__ = ["changed_promises"]

_NUMBERS = frozenset({"integer", "number"})
_NONE = "no format"
_OUR_OWN = "decimal"  # a format of the shipped models alone: what must add up to the cent


def changed_promises(pairing: Pairing, model: str, new_model: str, one: Field, other: Field) -> Iterator[Change]:
    """Give the changes in what is said of one field, beside its type.

    Parameters
    ----------
    pairing
        The two descriptions.
    model, new_model
        The model's name in each.
    one, other
        The field in each.
    """
    name, here = f"{model}.{one.name}", pairing.here
    reach = pairing.reach_after
    rows = reach.column_words(new_model, one.name, is_row=new_model in pairing.after.row_models)
    part = f"{one.name} ({model})"
    for before, after, is_stricter in _presence(pairing, model, new_model, one, other):
        subject, happened, columns = _of_presence(pairing, new_model, is_stricter, after)
        words = rows if columns else part
        yield change_of(subject, happened, name, before=before, after=after, columns=words, evidence=here)
    gone, new = _values(_held(one), _held(other)), _values(_held(other), _held(one))
    if gone != new:
        lost = bool(_held(other)) and not set(_held(one)) <= set(_held(other))
        subject = "values"
        if lost and new_model in reach.leads:
            subject = "lead values"
        if lost and rows:
            subject = "column values"
        words = rows if subject == "column values" else part
        yield change_of(subject, "changed", name, before=gone, after=new, columns=words, evidence=here)
    formats = one.format or _NONE, other.format or _NONE
    if formats[0] != formats[1] and _is_said(one, other):
        yield change_of("format", "changed", name, before=formats[0], after=formats[1], evidence=here)


def _presence(
    pairing: Pairing, model: str, new_model: str, one: Field, other: Field
) -> Iterator[tuple[str, str, bool]]:
    """Give what is said otherwise of null and of being there, before and after, and whether more is demanded now."""
    if None not in (one.nullable, other.nullable) and one.nullable != other.nullable:
        words = {True: "may be null", False: "never null"}
        yield words[bool(one.nullable)], words[bool(other.nullable)], not other.nullable
    required = pairing.before.required.get(model), pairing.after.required.get(new_model)
    if required[0] is not None and required[1] is not None:
        was, is_now = one.name in required[0], other.name in required[1]
        if was != is_now:
            words = {True: "required", False: "may be left out"}
            yield words[was], words[is_now], is_now


def _of_presence(pairing: Pairing, model: str, is_stricter: bool, after: str) -> tuple[Subject, Happened, bool]:
    """Say what it is about: stricter breaks what is sent, looser what is read; and whether columns show it."""
    reach = pairing.reach_after
    if is_stricter and after == "required":
        sent = reach.sent_as(model)
        return (sent, "required", False) if sent is not None else ("null", "changed", False)
    if is_stricter and model in reach.leads:
        return "lead null", "changed", False
    if not is_stricter and model in reach.columns:
        return "column empty", "changed", True
    return "null", "changed", False


def _held(entry: Field) -> tuple[object, ...]:
    """Give the values of an enumeration, or of those that an array holds."""
    return entry.items.enum if entry.items is not None else entry.enum


def _values(some: Sequence[object], others: Sequence[object]) -> str:
    """Name the values that only one side has."""
    if set(some) == set(others):
        return ""
    if not some:
        return "any value"
    alone = [str(value) for value in some if value not in others]
    return f"{'also' if others else 'only'} {', '.join(alone)}" if alone else "no others"


def _is_said(one: Field, other: Field) -> bool:
    """Whether both say a format: of texts none is one too, of numbers the sources of the revisions often lack it."""
    if one.type != other.type:
        return False
    formats = (one.format, other.format)
    return one.type == "string" or (one.type in _NUMBERS and None not in formats and _OUR_OWN not in formats)
