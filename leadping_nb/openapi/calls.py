"""The calls of an OpenAPI document: what each takes, what goes with it, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from leadping_nb.models import Field
from leadping_nb.openapi.credentials import Scheme, has_scopes, taken
from leadping_nb.openapi.keywords import is_deprecated
from leadping_nb.openapi.outline import Call, Input
from leadping_nb.openapi.schemas import Schemas

__all__ = ["read_call"]

_LONGEST_SUMMARY = 300
_MOST_INPUTS = 200
_MOST_STATUSES = 50
_PLACES = ("query", "header", "cookie")
_OF_HTTP = frozenset({"accept", "content-type", "authorization"})  # OpenAPI says to ignore parameters of these names
_ANYTHING = ("*/*", "application/*")
_ANSWERS = {
    "array": "a list", "object": "an object", "map": "an object", "integer": "a number", "number": "a number",
    "boolean": "true or false", "string": "a text",
}  # fmt: skip

Json = Mapping[str, object]


def read_call(
    method: str, path: str, entry: Json, document: Json, schemas: Schemas, schemes: Mapping[str, Scheme]
) -> Call:
    """Read one operation of a document.

    Parameters
    ----------
    method, path, entry
        The operation, and what is said of it and of all below its path.
    document
        The whole document.
    schemas
        Its schemas.
    schemes
        Its ways to send a credential, by their names.
    """
    summary = entry.get("summary")
    success, answer_part = _success(entry, schemas)
    answer = _content(schemas, answer_part, "answer", f"{method} {path}")
    body_part = schemas.part(entry.get("requestBody"))
    body = _content(schemas, body_part, "body", f"{method} {path}")
    models = schemas.models()
    # Where neither the call nor the document names a credential, none is needed.
    security = entry.get("security", document.get("security", []))
    is_list = answer is not None and answer.type == "array"
    rows = answer.items if answer is not None and is_list else _rows(answer, models)
    element = answer.items if answer is not None and is_list else answer
    return Call(
        method,
        path,
        summary[:_LONGEST_SUMMARY] if isinstance(summary, str) else "",
        _takes(security, schemas, schemes),
        body.model if body is not None else None,
        element.model if element is not None else None,
        rows.model if rows is not None else None,
        inputs=MappingProxyType(_inputs(path, entry, schemas)),
        request_types=_media_types(body_part),
        requires_body=body_part.get("required") is True,
        answers="pages" if rows is not None and not is_list else _answers(success, answer_part, answer),
        statuses=tuple(_responses(entry)),
        deprecated=is_deprecated(entry),
        has_scopes=has_scopes(security),
    )


def _inputs(path: str, entry: Json, schemas: Schemas) -> dict[str, Input]:
    """Read the parameters beside those of the path; of several with one name, all but the first say their place."""
    listed = entry.get("parameters")
    given = listed if isinstance(listed, list) else []
    schemas.leave_out(f"parameters after the first {_MOST_INPUTS} of a call", max(0, len(given) - _MOST_INPUTS))
    read: dict[tuple[str, str], Input] = {}
    for parameter in map(schemas.part, given[:_MOST_INPUTS]):
        name, place = parameter.get("name"), parameter.get("in")
        if place == "path" or (place == "header" and isinstance(name, str) and name.lower() in _OF_HTTP):
            continue
        if not isinstance(name, str) or place not in _PLACES:
            schemas.leave_out("parameters without a name, or in no place that is known", bool(parameter))
            continue
        field = schemas.field(name, parameter.get("schema", {}), f"{name} of {path}")
        read[str(place), name] = Input(
            field,
            str(place),
            required=parameter.get("required") is True,
            deprecated=is_deprecated(parameter) or schemas.is_deprecated(parameter.get("schema")),
        )
    inputs: dict[str, Input] = {}
    for place, name in sorted(read, key=lambda entry: _PLACES.index(entry[0])):
        inputs[name if name not in inputs else f"{name} in the {place}"] = read[place, name]
    return inputs


def _responses(entry: Json) -> dict[str, object]:
    """Give what is said of each status; ranges are written as in OpenAPI, ``2XX``."""
    responses = entry.get("responses")
    listed = list(responses.items())[:_MOST_STATUSES] if isinstance(responses, Mapping) else []
    return {str(status).replace("x", "X"): part for status, part in listed if not str(status).startswith("x-")}


def _success(entry: Json, schemas: Schemas) -> tuple[str, Json]:
    """Give the first status of a success, and its part of the document; what holds for all the others may be one."""
    responses = _responses(entry)
    good = sorted(status for status in responses if status.startswith(("2", "3")))
    if good:
        return good[0], schemas.part(responses[good[0]])
    rest = schemas.part(responses.get("default"))
    is_error = all("problem" in kind for kind in _media_types(rest))
    return ("", {}) if is_error else ("default", rest)


def _answers(status: str, part: Json, answer: Field | None) -> str:
    """Say what comes back, in words; empty where the document does not say."""
    if not status:
        return ""
    if status.startswith("3"):
        return "a redirect"
    types = _media_types(part)
    if not types:
        return "nothing"
    if not any(_is_json(kind) for kind in types):
        return "a file"
    return _ANSWERS.get(answer.type, "") if answer is not None else ""


def _media_types(part: Json) -> tuple[str, ...]:
    """Give the media types of a body, without their parameters, such as a charset."""
    content = part.get("content")
    given = list(content)[:_MOST_STATUSES] if isinstance(content, Mapping) else []
    return tuple(dict.fromkeys(str(kind).partition(";")[0].strip().lower() for kind in given))


def _is_json(kind: str) -> bool:
    return "json" in kind.lower() or kind.startswith(_ANYTHING)


def _content(schemas: Schemas, part: Json, name: str, call: str) -> Field | None:
    """Read what a body holds: its JSON, where it has several forms."""
    content = part.get("content")
    if not isinstance(content, Mapping) or not content:
        return None
    kinds = [str(kind) for kind in content]
    media = content.get(next((kind for kind in kinds if _is_json(kind)), kinds[0]))
    if not isinstance(media, Mapping) or not isinstance(media.get("schema"), Mapping):
        return None
    return schemas.field(name, media["schema"], call)


def _rows(answer: Field | None, models: Mapping[str, Mapping[str, Field]]) -> Field | None:
    """Give the rows of a page: the list in an answer that has a cursor."""
    fields = models.get(answer.model or "", {}) if answer is not None else {}
    if "continuationToken" not in fields:
        return None
    lists = [entry.items for entry in fields.values() if entry.type == "array" and entry.items and entry.items.model]
    return lists[0] if lists else None


def _takes(security: object, schemas: Schemas, schemes: Mapping[str, Scheme]) -> tuple[str, ...]:
    takes = taken(security, schemes)
    schemas.leave_out("calls whose credentials are not described", not takes)
    return takes
