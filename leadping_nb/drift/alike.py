"""Models that only look otherwise: what is written in place, or under a second name, under the name that is known.

A model that stands where a known one stood is that one if it says the same as the one that still has the name; or if
nothing has the name any more and it has none of its own. What of it is otherwise is then found field by field. A model
without a name that stands elsewhere is the one known model that says the same, if there is just one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from leadping_nb.models import Field
from leadping_nb.openapi import Call, Outline

__all__ = ["under_known_names"]

_MOST_PAIRS = 20_000


def under_known_names(before: Outline, after: Outline) -> Outline:
    """Give a description with the models that another knows under the names that it knows.

    Parameters
    ----------
    before
        The one that is known.
    after
        The one that is given back, changed in nothing but names.

    Examples
    --------
    >>> row, page = {"id": Field("id", "string")}, "GET /tags.answer"
    >>> known = Outline("known", {"GET /tags": Call("GET", "/tags", row_model="Tag")}, {"Tag": row})
    >>> calls = {"GET /tags": Call("GET", "/tags", row_model=page)}
    >>> new = under_known_names(known, Outline("new", calls, {page: row}, in_place=frozenset({page})))
    >>> new.calls["GET /tags"].row_model, list(new.models)
    ('Tag', ['Tag'])
    """
    names: dict[str, str] = {}
    first: dict[str, str] = {}
    for known, model in _standing_alike(before, after):
        if model in before.models or model in names or model not in after.models:
            continue
        if known in after.models:
            is_known = _say_the_same(after, known, model)
        else:
            is_known = model in after.in_place and _say_the_same(after, first.setdefault(known, model), model)
        if is_known:
            names[model] = known
    found = _renamed(after, names) if names else after
    names = dict(_saying_the_same(before, found))
    return _renamed(found, names) if names else found


def _saying_the_same(before: Outline, after: Outline) -> Iterator[tuple[str, str]]:
    """Give the models without a name of their own, each with the one known model that says the same."""
    by_fields: dict[frozenset[str], list[str]] = {}
    for name in before.models:
        if name in after.models and name not in after.in_place:
            by_fields.setdefault(frozenset(after.models[name]), []).append(name)
    for model in after.in_place:
        like = by_fields.get(frozenset(after.models[model]), [])
        same = [known for known in like if _say_the_same(after, known, model)]
        if len(same) == 1:
            yield model, same[0]


def _standing_alike(before: Outline, after: Outline) -> Iterator[tuple[str, str]]:
    """Give the models that stand in the same places of both, those of calls and then those of their fields."""
    shared = [(before.calls[key], after.calls[key]) for key in before.calls if key in after.calls]
    waiting = deque(pair for one, other in shared for pair in zip(_models(one), _models(other), strict=True))
    met = set[tuple[str, str]]()
    while waiting and len(met) < _MOST_PAIRS:
        one, other = waiting.popleft()
        if one is None or other is None or (one, other) in met:
            continue
        met.add((one, other))
        if one != other:
            yield one, other
        fields = after.models.get(other, {})
        for name, entry in before.models.get(one, {}).items():
            if name in fields:
                waiting.append((_held(entry), _held(fields[name])))


def _models(call: Call) -> tuple[str | None, str | None, str | None]:
    return call.request_model, call.response_model, call.row_model


def _held(entry: Field) -> str | None:
    return entry.model if entry.items is None else _held(entry.items)


def _say_the_same(outline: Outline, one: str, other: str) -> bool:
    """Whether two models of a description have the same fields, down to those of their members."""
    waiting, met = deque([(one, other)]), {(one, other)}
    while waiting and len(met) < _MOST_PAIRS:
        pair = waiting.popleft()
        if pair[0] == pair[1]:
            continue
        fields, others = (outline.models.get(name) for name in pair)
        required, demanded = (outline.required.get(name) for name in pair)
        if fields is None or others is None or fields.keys() != others.keys() or required != demanded:
            return False
        for name, entry in fields.items():
            if _without_model(entry) != _without_model(others[name]):
                return False
            inner = _held(entry), _held(others[name])
            if inner[0] is not None and inner[1] is not None and inner not in met:
                met.add((inner[0], inner[1]))
                waiting.append((inner[0], inner[1]))
    return not waiting


def _without_model(entry: Field) -> Field:
    items = None if entry.items is None else _without_model(entry.items)
    return replace(entry, model=None if entry.model is None else "", items=items)


def _renamed(outline: Outline, names: Mapping[str, str]) -> Outline:
    def of(name: str | None) -> str | None:
        return name if name is None else names.get(name, name)

    def field(entry: Field) -> Field:
        return replace(entry, model=of(entry.model), items=None if entry.items is None else field(entry.items))

    # What keeps its name comes last, and so before what takes it.
    order = sorted(outline.models, key=lambda name: name not in names)
    models = {
        names.get(name, name): {key: field(entry) for key, entry in outline.models[name].items()} for name in order
    }
    calls = {
        key: replace(
            call,
            request_model=of(call.request_model),
            response_model=of(call.response_model),
            row_model=of(call.row_model),
        )
        for key, call in outline.calls.items()
    }
    required, deprecated = (
        {names.get(name, name): said[name] for name in order if name in said}
        for said in (outline.required, outline.deprecated)
    )
    return replace(
        outline,
        calls=MappingProxyType(calls),
        models=MappingProxyType(models),
        required=MappingProxyType(required),
        deprecated=MappingProxyType(deprecated),
        in_place=outline.in_place - names.keys(),
    )
