"""Request bodies: JSON or not, and whether fields have the types that the models know."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from leadping_nb.contracts import Operation
    from leadping_nb.models import Field, Models

__all__ = ["BodyError", "check", "mistakes", "options_from_query", "payload_from_query", "read_object"]

_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
    "map": (dict,),
    "array": (list,),
    "any": (object,),
}
_MOST = 5  # mistakes that one answer names


class BodyError(ValueError):
    """A body that is answered with 400; its text names fields and never their values.

    Parameters
    ----------
    mistakes
        A sentence, or one for each field, which begins with its name.
    """

    def __init__(self, mistakes: str | Sequence[str]) -> None:
        sentences = () if isinstance(mistakes, str) else tuple(mistakes)
        more = f" And {len(sentences) - _MOST} more." if len(sentences) > _MOST else ""
        super().__init__(mistakes if isinstance(mistakes, str) else " ".join(sentences[:_MOST]) + more)
        self.errors: dict[str, list[str]] = {}
        """The sentences by their fields."""
        for sentence in sentences:
            self.errors.setdefault(sentence.partition(" ")[0], []).append(sentence)


def read_object(body: bytes, *, required: bool = False) -> dict[str, Any]:
    """Read a body as a JSON object; an empty one is an empty object unless one is required.

    Examples
    --------
    >>> read_object(b'{"pageSize": 50}')
    {'pageSize': 50}
    """
    if not body.strip():
        if required:
            raise BodyError("The body is empty where a JSON object is needed.")
        return {}
    try:
        value = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise BodyError("The body is not valid JSON.") from None
    if not isinstance(value, dict):
        raise BodyError("The body is JSON, but not an object.")
    return value


def check(value: Mapping[str, Any], model: str | None, models: Models) -> None:
    """Raise `BodyError` if known fields of an object have the wrong type."""
    found = [] if model is None or model not in models else list(mistakes(value, model, models))
    if found:
        raise BodyError(found)


def mistakes(value: Mapping[str, Any], model: str, models: Models, *, prefix: str = "") -> Iterator[str]:
    """Name the known fields of an object whose values do not fit; null and unknown fields always do.

    Parameters
    ----------
    value
        The object.
    model
        The name of its model.
    models
        The models.
    prefix
        What stands before the names.

    Examples
    --------
    >>> from leadping_nb.models import models
    >>> list(mistakes({"firstName": 7}, "LeadIntakeRequest", models("2026-07-05")))
    ['firstName must be a string.']
    """
    fields = models[model].fields
    for name, item in value.items():
        if name in fields:
            yield from _field_mistakes(item, fields[name], f"{prefix}{name}", models)


def payload_from_query(query: Mapping[str, Sequence[str]], models: Models) -> dict[str, Any]:
    """Read a lead from the query of ``GET /leads/intake``: names in any case, as the flat body has them.

    Parameters
    ----------
    query
        The query, decoded.
    models
        The models of the revision.

    Examples
    --------
    >>> from leadping_nb.models import models
    >>> payload_from_query({"FirstName": ["Ada"], "Price": ["2.5"]}, models("2026-07-05"))
    {'firstName': 'Ada', 'price': 2.5}
    """
    fields = {name.lower(): entry for name, entry in models["LeadIntakeRequest"].fields.items()}
    payload: dict[str, Any] = {}
    for name, values in query.items():
        entry = fields.get(name.lower())
        if entry is None:
            continue
        if entry.type == "array":
            payload[entry.name] = [*payload.get(entry.name, ()), *values]
            continue
        payload[entry.name] = _from_text(values[-1], entry)
    return payload


def options_from_query(operation: Operation, query: Mapping[str, Sequence[str]], models: Models) -> dict[str, Any]:
    """Read the options of a list out of its query, as far as the operation takes any there."""
    fields = {name.lower(): entry for name, entry in models["RequestDataOptions"].fields.items()}
    known = {parameter.name.lower() for parameter in operation.query} & set(fields)
    return {
        fields[name.lower()].name: _from_text(values[-1], fields[name.lower()])
        for name, values in query.items()
        if name.lower() in known
    }


def _from_text(text: str, entry: Field) -> object:
    try:
        if entry.type == "integer":
            return int(text)
        if entry.type == "number":
            return float(text)
        if entry.type == "boolean":
            return {"true": True, "false": False}[text.lower()]
        if entry.type == "map":
            return read_object(text.encode())
    except (ValueError, KeyError):
        raise BodyError(f"{entry.name} {_must(entry)}.") from None
    return text


def _field_mistakes(value: object, entry: Field, path: str, models: Models) -> Iterator[str]:
    if value is None:
        return
    kinds = _TYPES[entry.type]
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds and object not in kinds):
        yield f"{path} {_must(entry)}."
    elif entry.enum and value not in entry.enum:
        yield f"{path} must be one of {', '.join(map(str, entry.enum))}."
    elif isinstance(value, str) and not _is_date(value, entry.format):
        yield f"{path} {_must(entry)}."
    elif isinstance(value, dict) and entry.model in models:
        yield from mistakes(value, str(entry.model), models, prefix=f"{path}.")
    elif isinstance(value, list) and entry.items is not None:
        for at, item in enumerate(value):
            yield from _field_mistakes(item, entry.items, f"{path}[{at}]", models)


def _is_date(text: str, format_: str | None) -> bool:
    try:
        if format_ == "date":
            date.fromisoformat(text)
        elif format_ == "date-time":
            datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _must(entry: Field) -> str:
    kind = {"date": "date, YYYY-MM-DD", "date-time": "time, in ISO 8601"}.get(entry.format or "", entry.type)
    if entry.type == "map":
        kind = "object"
    return f"must be {'an' if kind[0] in 'aeio' else 'a'} {kind}"


def _refuse_constant(name: str) -> object:
    raise ValueError(name)  # NaN and Infinity are no JSON
