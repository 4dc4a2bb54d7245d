"""Whether a JSON value fits a model: every known field there, of its type, format and enumeration, and no other."""

from __future__ import annotations

import re
from datetime import date, time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadping_nb.models import Field, Models

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|\+00:00)")
_PYTHON_TYPES = {"string": str, "integer": int, "number": int | float, "boolean": bool, "array": list}


def misfits(value: object, model: str, models: Models, where: str = "$") -> Iterator[str]:
    """Name everything about a value that does not fit."""
    if not isinstance(value, dict):
        yield f"{where}: no object but {type(value).__name__}"
        return
    fields = models[model].fields
    for name in value.keys() - fields.keys():
        yield f"{where}.{name}: unknown to {model}"
    for name in fields.keys() - value.keys():
        yield f"{where}.{name}: missing"
    for name in fields.keys() & value.keys():
        yield from _field_misfits(value[name], fields[name], models, f"{where}.{name}")


def _field_misfits(value: object, field: Field, models: Models, where: str) -> Iterator[str]:
    if value is None:
        if field.nullable is False:
            yield f"{where}: null"
        return
    if field.enum:
        if value not in field.enum:
            yield f"{where}: {value!r} is none of the values"
        return
    if field.type == "object":
        if field.model in models:
            yield from misfits(value, field.model, models, where)
        return
    if field.type == "map":
        if not isinstance(value, dict):
            yield f"{where}: no map"
        return
    if field.type == "any":
        return
    if not isinstance(value, _PYTHON_TYPES[field.type]) or (isinstance(value, bool) and field.type != "boolean"):
        yield f"{where}: {value!r} is no {field.type}"
        return
    if isinstance(value, list) and field.items is not None:
        for at, item in enumerate(value):
            yield from _field_misfits(item, field.items, models, f"{where}[{at}]")
    if isinstance(value, str) and not _has_format(value, field.format):
        yield f"{where}: {value!r} is no {field.format}"


def _has_format(value: str, format_: str | None) -> bool:
    match format_:
        case "date-time":
            return _MOMENT.fullmatch(value) is not None
        case "date":
            return date.fromisoformat(value).isoformat() == value
        case "time":
            return time.fromisoformat(value).isoformat() == value
        case "email":
            return re.fullmatch(r"[a-z.0-9]+@example\.(com|org|net)", value) is not None
        case "uri":
            return value.startswith("https://")
    return True
