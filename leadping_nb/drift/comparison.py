"""Two descriptions of the API against each other: what went, was renamed, changed or came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from leadping_nb.contracts import REVISIONS, Contract, contract as load_contract
from leadping_nb.drift.change import Change, Happened, Subject, change_of
from leadping_nb.drift.outlines import columns_by_model, outline_of, uses
from leadping_nb.drift.renames import Rename, comparable_type, renamed_calls, renamed_fields, renamed_models
from leadping_nb.drift.words import Exchange
from leadping_nb.models import Field
from leadping_nb.openapi import Call, Outline
from leadping_nb.table import Table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["changes", "compare_contracts"]

_T = TypeVar("_T")
_COLUMNS = ("change", "kind", "name", "before", "after", "breaks", "rank", "evidence")
_MOST_LISTS = 3
_STATED, _INFERRED = "stated", "inferred"


def compare_contracts(a: Contract | str, b: Contract | str) -> pd.DataFrame:
    """Compare two revisions of the contract: what appeared, went, was renamed or changed from the first to the second.

    Parameters
    ----------
    a, b
        Contracts, or the dates of revisions.

    Returns
    -------
    DataFrame
        One row a change, what breaks most first: change, kind, name, before, after, breaks, rank, evidence. A rename
        that is inferred says so in ``evidence``, with the reason.

    Raises
    ------
    LeadpingError
        If the package has no such revision.

    Examples
    --------
    >>> compare_contracts("2026-07-05", "2026-10-26").iloc[0]["name"]
    'GET /businesses/me/users'
    >>> len(compare_contracts("2026-07-05", "2026-07-05"))
    0
    """
    first, second = (load_contract(given) if isinstance(given, str) else given for given in (a, b))
    found = changes(outline_of(first), outline_of(second), wording=True)
    return Table(_COLUMNS, tuple(tuple(getattr(change, name) for name in _COLUMNS) for change in found)).frame()


def changes(before: Outline, after: Outline, *, wording: bool = False) -> tuple[Change, ...]:
    """Compare two outlines; what breaks most comes first.

    Parameters
    ----------
    before, after
        What is relied on, and what there is now.
    wording
        Whether summaries count.
    """
    comparison = _Comparison.of(before, after)
    found = (*comparison.calls(wording=wording), *comparison.models())
    return tuple(sorted(dict.fromkeys(found), key=lambda change: change.rank))


@dataclass(frozen=True, slots=True)
class _Comparison:
    before: Outline
    after: Outline
    model_renames: Mapping[str, Rename]
    call_renames: Mapping[str, Rename]
    exchange: Exchange
    shown_before: Mapping[str, tuple[str, ...]]
    shown_after: Mapping[str, tuple[str, ...]]
    rows_before: frozenset[str | None]
    rows_after: frozenset[str | None]

    @classmethod
    def of(cls, before: Outline, after: Outline) -> _Comparison:
        models = renamed_models(_missing(before.models, after.models), _missing(after.models, before.models))
        names = {pair.before: pair.after for pair in models}
        calls = renamed_calls(_missing(before.calls, after.calls), _missing(after.calls, before.calls), names)
        exchange = Exchange([*names.items(), *((pair.before, pair.after) for pair in calls)])
        return cls(
            before,
            after,
            {pair.before: pair for pair in models},
            {pair.before: pair for pair in calls},
            exchange,
            columns_by_model(before),
            columns_by_model(after),
            frozenset(call.row_model for call in before.calls.values()),
            frozenset(call.row_model for call in after.calls.values()),
        )

    # -- calls --

    def calls(self, *, wording: bool) -> Iterator[Change]:
        new_names = {pair.after for pair in self.call_renames.values()}
        for key, call in _used_first(self.before.calls, uses()):
            rename = self.call_renames.get(key)
            if key in self.after.calls:
                yield from self._same_call(key, call, self.after.calls[key], wording=wording)
            elif rename is not None:
                other = self.after.calls[rename.after]
                yield self._call("renamed", key, call, before=call.id, after=other.id, evidence=_because(rename))
                yield from self._other_credential(key, call, other)
            else:
                yield self._call("gone", key, call, before=call.id, evidence=_not_in(self.after))
        for key, call in _used_first(self.after.calls, uses()):
            if key not in self.before.calls and key not in new_names:
                yield self._call("appeared", key, call, after=call.id, evidence=_in(self.after))

    def _call(
        self, happened: Happened, key: str, call: Call, *, before: str = "", after: str = "", evidence: str
    ) -> Change:
        new = self.call_renames[key].after if happened == "renamed" else key
        return change_of(
            _subject(key, call),
            happened,
            call.id,
            before=before,
            after=after,
            use=_code(key, call),
            remedy=_remedy(new),
            evidence=evidence,
        )

    def _same_call(self, key: str, one: Call, other: Call, *, wording: bool) -> Iterator[Change]:
        yield from self._other_credential(key, one, other)
        rows = self._now(one.row_model)
        if rows and other.row_model and rows != other.row_model and _subject(key, one) == "list":
            yield change_of("rows", "changed", one.id, before=one.row_model or "", after=other.row_model,
                            use=_code(key, one), evidence=_in(self.after))  # fmt: skip
        if one.path != other.path:
            yield change_of("words", "changed", one.id, before=one.path, after=other.path, evidence=_in(self.after))
        if wording and one.summary != other.summary:
            yield change_of("words", "changed", one.id, before=one.summary, after=other.summary,
                            evidence=_in(self.after))  # fmt: skip

    def _other_credential(self, key: str, one: Call, other: Call) -> Iterator[Change]:
        if one.takes and other.takes and one.takes != other.takes:
            subject: Subject = "other lock" if _subject(key, one) == "write" else "lock"
            yield change_of(subject, "changed", other.id, before=one.takes, after=other.takes, use=_code(key, one),
                            evidence=_in(self.after))  # fmt: skip

    # -- models --

    def models(self) -> Iterator[Change]:
        new_names = {pair.after for pair in self.model_renames.values()}
        for name, fields in _used_first(self.before.models, self.shown_before):
            rename = self.model_renames.get(name)
            if name in self.after.models:
                yield from self._fields(name, fields, name)
            elif rename is not None:
                yield change_of("model", "renamed", name, before=name, after=rename.after, evidence=_because(rename))
                yield from self._fields(name, fields, rename.after)
            elif not name.startswith("PagedResultOf"):
                yield change_of("model", "gone", name, before=name, evidence=_not_in(self.after))
        for name in self.after.models:
            if name not in self.before.models and name not in new_names and not name.startswith("PagedResultOf"):
                yield change_of("model", "appeared", name, after=name, evidence=_in(self.after))

    def _fields(self, model: str, fields: Mapping[str, Field], new_model: str) -> Iterator[Change]:
        others = self.after.models[new_model]
        names = {pair.before: pair.after for pair in self.model_renames.values()}
        gone, new = _missing(fields, others), _missing(others, fields)
        pairs = {pair.before: pair for pair in renamed_fields(gone, new, names, self.exchange)}
        for name, entry in gone.items():
            pair = pairs.get(name)
            happened: Happened = "gone" if pair is None else "renamed"
            yield self._field(happened, model, name, before=_written(entry) if pair is None else name,
                              after="" if pair is None else pair.after,
                              evidence=_because(pair) if pair else _not_in(self.after))  # fmt: skip
        taken = {pair.after for pair in pairs.values()}
        for name, entry in new.items():
            if name not in taken:
                yield self._field("appeared", new_model, name, after=_written(entry), evidence=_in(self.after))
        for name, entry in fields.items():
            if name in others:
                yield from self._same_field(model, name, entry, others[name], names)

    def _same_field(
        self, model: str, name: str, one: Field, other: Field, names: Mapping[str, str]
    ) -> Iterator[Change]:
        known = "any" not in comparable_type(one).split()
        if known and comparable_type(one, names) != comparable_type(other):
            yield self._field(
                "changed", model, name, before=_written(one), after=_written(other), evidence=_in(self.after)
            )
        elif set(one.enum) != set(other.enum):
            yield change_of("values", "changed", f"{model}.{name}", before=_values(one.enum, other.enum),
                            after=_values(other.enum, one.enum), evidence=_in(self.after))  # fmt: skip
        elif one.type == "string" and one.format != other.format:
            before, after = (entry.format or "no format" for entry in (one, other))
            yield change_of(
                "format", "changed", f"{model}.{name}", before=before, after=after, evidence=_in(self.after)
            )
        if None not in (one.nullable, other.nullable) and one.nullable != other.nullable:
            before, after = (("never null", "may be null")[bool(entry.nullable)] for entry in (one, other))
            yield change_of("null", "changed", f"{model}.{name}", before=before, after=after, evidence=_in(self.after))

    def _field(
        self, happened: Happened, model: str, name: str, *, before: str = "", after: str = "", evidence: str
    ) -> Change:
        shown = self.shown_after if happened == "appeared" else self.shown_before
        lists = shown.get(model, ())
        return change_of(
            "column" if lists else "field",
            happened,
            f"{model}.{name}",
            before=before,
            after=after,
            columns=_columns(
                name, model, lists, is_row=model in (self.rows_after if happened == "appeared" else self.rows_before)
            ),
            evidence=evidence,
        )

    def _now(self, model: str | None) -> str | None:
        rename = self.model_renames.get(model or "")
        return rename.after if rename is not None else model


def _missing(one: Mapping[str, _T], other: Mapping[str, object]) -> dict[str, _T]:
    return {name: value for name, value in one.items() if name not in other}


def _used_first(described: Mapping[str, _T], used: Mapping[str, object]) -> Iterator[tuple[str, _T]]:
    """Give the entries in the order in which the toolkit uses them, and then the others."""
    yield from ((key, described[key]) for key in used if key in described)
    yield from ((key, value) for key, value in described.items() if key not in used)


def _subject(key: str, call: Call) -> Subject:
    use = uses().get(key)
    if use is not None:
        return use.role
    return "read" if call.method == "GET" else "write"


def _code(key: str, call: Call) -> str:
    use = uses().get(key)
    return use.code if use is not None else f'api.get("{call.path}")' if call.method == "GET" else call.id


def _remedy(key: str) -> str:
    """Say which shipped revision knows a call, if one does."""
    knowing = [revision for revision in REVISIONS if key in outline_of(load_contract(revision)).calls]
    if not knowing:
        return "No revision of the toolkit knows this name yet."
    use = uses().get(key)
    how = f"and use {use.code}" if use is not None and use.role != "send" else "which knows this name"
    return f'Connect with contract=lp.contract("{knowing[-1]}"), {how}.'


def _because(rename: Rename) -> str:
    return f"{_STATED if rename.certain else _INFERRED}: {rename.evidence}"


def _in(outline: Outline) -> str:
    return f"in {outline.name}"


def _not_in(outline: Outline) -> str:
    return f"not in {outline.name}"


def _columns(name: str, model: str, lists: Sequence[str], *, is_row: bool) -> str:
    named = ", ".join(f'api.frame("{entry}")' for entry in lists[:_MOST_LISTS])
    more = f" and {len(lists) - _MOST_LISTS} more" if len(lists) > _MOST_LISTS else ""
    return f"column {name} of {named}{more}" if is_row else f"member {name} of each {model} in {named}{more}"


def _written(entry: Field) -> str:
    return f"one of {len(entry.enum)} values" if entry.enum else comparable_type(entry)


def _values(some: Sequence[object], others: Sequence[object]) -> str:
    """Name the values that only one side has."""
    if not some:
        return "any value"
    alone = [str(value) for value in some if value not in others]
    return f"also {', '.join(alone)}" if alone else "no others"
