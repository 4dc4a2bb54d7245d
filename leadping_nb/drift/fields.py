"""What changed in the models: fields that went, have another name or type, or came, and the columns that show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from leadping_nb.drift.change import Change, Happened, Subject, change_of
from leadping_nb.drift.pairing import Pairing, missing, used_first
from leadping_nb.drift.renames import comparable_type, moved_fields, renamed_fields
from leadping_nb.models import Field

__all__ = ["changed_models"]

_MOST_LISTS = 3
_PAGE = "PagedResultOf"


def changed_models(pairing: Pairing) -> Iterator[Change]:
    """Give the changes in models and their fields, those that loaded rows hold first; what wraps a page has no rows.

    Parameters
    ----------
    pairing
        The two descriptions.
    """
    now = pairing.after.models
    for name, fields in used_first(pairing.before.models, pairing.lists_before):
        rename = pairing.models.get(name)
        if name in now:
            yield from _fields(pairing, name, fields, name)
        elif rename is not None and not name.startswith(_PAGE):
            yield change_of("model", "renamed", name, before=name, after=rename.after, evidence=str(rename))
            yield from _fields(pairing, name, fields, rename.after)
        elif not name.startswith(_PAGE):
            yield change_of("model", "gone", name, before=name, evidence=pairing.not_here)
    renamed = {rename.after for rename in pairing.models.values()}
    for name in missing(now, pairing.before.models):
        if name not in renamed and not name.startswith(_PAGE):
            yield change_of("model", "appeared", name, after=name, evidence=pairing.here)


def _fields(pairing: Pairing, model: str, fields: Mapping[str, Field], new_model: str) -> Iterator[Change]:
    others = pairing.after.models[new_model]
    gone, new = missing(fields, others), missing(others, fields)
    renames = {pair.before: pair for pair in renamed_fields(gone, new, pairing.model_names, pairing.exchange)}
    left = missing(gone, renames)
    renames |= {pair.before: pair for pair in moved_fields(left, new, pairing.after.models, pairing.exchange)}
    for name, entry in gone.items():
        rename = renames.get(name)
        if rename is None:
            yield _field(pairing, "gone", model, name, before=_written(entry), evidence=pairing.not_here)
        else:
            yield _field(pairing, "renamed", model, name, before=name, after=rename.after, evidence=str(rename))
    renamed = {rename.after for rename in renames.values()}
    for name, entry in new.items():
        if name not in renamed:
            yield _field(pairing, "appeared", new_model, name, after=_written(entry), evidence=pairing.here)
    for name, entry in fields.items():
        if name in others:
            yield from _in_both(pairing, model, name, entry, others[name])


def _in_both(pairing: Pairing, model: str, name: str, one: Field, other: Field) -> Iterator[Change]:
    is_known = "any" not in comparable_type(one).split()
    if is_known and comparable_type(one, pairing.model_names) != comparable_type(other):
        before, after = _written(one), _written(other)
        yield _field(pairing, "changed", model, name, before=before, after=after, evidence=pairing.here)
        return
    compared: dict[Subject, tuple[str, str]] = {
        "values": (_values(one.enum, other.enum), _values(other.enum, one.enum)),
        "format": (one.format or "no format", other.format or "no format") if one.type == "string" else ("", ""),
        "null": (_null(one), _null(other)) if None not in (one.nullable, other.nullable) else ("", ""),
    }
    for subject, (before, after) in compared.items():
        if before != after:
            yield change_of(subject, "changed", f"{model}.{name}", before=before, after=after, evidence=pairing.here)


def _field(
    pairing: Pairing,
    happened: Happened,
    model: str,
    name: str,
    *,
    before: str = "",
    after: str = "",
    evidence: str,
) -> Change:
    is_new = happened == "appeared"
    lists = (pairing.lists_after if is_new else pairing.lists_before).get(model, ())
    outline = pairing.after if is_new else pairing.before
    return change_of(
        "column" if lists else "field",
        happened,
        f"{model}.{name}",
        before=before,
        after=after,
        columns=_columns(name, model, lists, is_row=model in outline.row_models),
        evidence=evidence,
    )


def _columns(name: str, model: str, lists: Sequence[str], *, is_row: bool) -> str:
    named = ", ".join(f'api.frame("{entry}")' for entry in lists[:_MOST_LISTS])
    more = f" and {len(lists) - _MOST_LISTS} more" if len(lists) > _MOST_LISTS else ""
    return f"column {name} of {named}{more}" if is_row else f"member {name} of each {model} in {named}{more}"


def _written(entry: Field) -> str:
    return f"one of {len(entry.enum)} values" if entry.enum else comparable_type(entry)


def _null(entry: Field) -> str:
    return "may be null" if entry.nullable else "never null"


def _values(some: Sequence[object], others: Sequence[object]) -> str:
    """Name the values that only one side has."""
    if set(some) == set(others):
        return ""
    alone = [str(value) for value in some if value not in others]
    return f"also {', '.join(alone)}" if alone else "no others" if some else "any value"
