"""The calls of an OpenAPI document: what each takes, what goes with it, and what it answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from leadping_nb.models import Field
from leadping_nb.openapi.outline import NO_CREDENTIAL, SOURCE_KEY, USER_OR_KEY, Call, Input
from leadping_nb.openapi.schemas import Schemas

__all__ = ["read_call"]

_LONGEST_SUMMARY = 300
_MOST_INPUTS = 200
_MOST_STATUSES = 50
_PLACES = frozenset({"query", "header"})
_OF_HTTP = frozenset({"accept", "content-type", "authorization"})  # OpenAPI says to ignore parameters of these names
_ANSWERS = {
    "array": "a list", "object": "an object", "map": "an object", "integer": "a number", "number": "a number",
    "boolean": "true or false", "string": "a text",
}  # fmt: skip

Json = Mapping[str, object]


def read_call(
    method: str, path: str, entry: Json, document: Json, schemas: Schemas, schemes: Mapping[str, str]
) -> Call:
    """Read one operation of a document.

    Parameters
    ----------
    method, path, entry
        The operation, and what is said of it.
    document
        The whole document.
    schemas
        Its schemas.
    schemes
        What it says of each way to send a credential.
    """
    summary = entry.get("summary")
    success, answer_part = _success(entry, schemas)
    answer = _content(schemas, answer_part, "answer", f"{method} {path}")
    body_part = schemas.part(entry.get("requestBody"))
    body = _content(schemas, body_part, "body", f"{method} {path}")
    models = schemas.models()
    is_list = answer is not None and answer.type == "array"
    rows = answer.items if answer is not None and is_list else _rows(answer, models)
    element = answer.items if answer is not None and is_list else answer
    return Call(
        method,
        path,
        summary[:_LONGEST_SUMMARY] if isinstance(summary, str) else "",
        _takes(entry.get("security", document.get("security")), schemes),
        body.model if body is not None else None,
        element.model if element is not None else None,
        rows.model if rows is not None else None,
        inputs=MappingProxyType(_inputs(path, entry, document, schemas)),
        request_types=_media_types(body_part),
        requires_body=body_part.get("required") is True,
        answers="pages" if rows is not None and not is_list else _answers(success, answer_part, answer),
        statuses=_statuses(entry),
    )


def _inputs(path: str, entry: Json, document: Json, schemas: Schemas) -> dict[str, Input]:
    """Read the parameters of the query and the headers, those of the path's own entry included."""
    paths = document.get("paths")
    around = paths.get(path) if isinstance(paths, Mapping) else None
    given = [parameter for holder in (around, entry) for parameter in _parameters(holder)]
    schemas.leave_out(f"parameters after the first {_MOST_INPUTS} of a call", max(0, len(given) - _MOST_INPUTS))
    read = {}
    for parameter in map(schemas.part, given[:_MOST_INPUTS]):
        name, place = parameter.get("name"), parameter.get("in")
        if not isinstance(name, str) or place not in _PLACES or (place == "header" and name.lower() in _OF_HTTP):
            continue
        field = schemas.field(name, parameter.get("schema", {}), f"{name} of {path}")
        read[name] = Input(field, str(place), required=parameter.get("required") is True)
    return read


def _parameters(holder: object) -> list[object]:
    listed = holder.get("parameters") if isinstance(holder, Mapping) else None
    return listed if isinstance(listed, list) else []


def _statuses(entry: Json) -> tuple[str, ...]:
    responses = entry.get("responses")
    return tuple(list(map(str, responses))[:_MOST_STATUSES]) if isinstance(responses, Mapping) else ()


def _success(entry: Json, schemas: Schemas) -> tuple[str, Json]:
    """Give the first status of a success, and its part of the document."""
    responses = entry.get("responses")
    good = sorted(status for status in _statuses(entry) if status.startswith(("2", "3")))
    if not isinstance(responses, Mapping) or not good:
        return "", {}
    return good[0], schemas.part(responses.get(good[0]))


def _answers(status: str, part: Json, answer: Field | None) -> str:
    """Say what comes back, in words; empty where the document does not say."""
    if not status:
        return ""
    if status.startswith("3"):
        return "a redirect"
    types = _media_types(part)
    if not types:
        return "nothing"
    if not any("json" in kind for kind in types):
        return "a file"
    return _ANSWERS.get(answer.type, "") if answer is not None else ""


def _media_types(part: Json) -> tuple[str, ...]:
    content = part.get("content")
    return tuple(map(str, list(content)[:_MOST_STATUSES])) if isinstance(content, Mapping) else ()


def _content(schemas: Schemas, part: Json, name: str, call: str) -> Field | None:
    """Read what a body holds: its JSON, where it has several forms."""
    content = part.get("content")
    if not isinstance(content, Mapping) or not content:
        return None
    kinds = [str(kind) for kind in content]
    media = content.get(next((kind for kind in kinds if "json" in kind), kinds[0]))
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


def _takes(security: object, schemes: Mapping[str, str]) -> str:
    if not isinstance(security, list):
        return ""
    named = list(_named(security))
    if not named or any(choice == {} for choice in security):
        return NO_CREDENTIAL
    return " or ".join(dict.fromkeys(SOURCE_KEY if _is_source(name, schemes) else USER_OR_KEY for name in named))


def _named(security: list[object]) -> Iterator[str]:
    return (name for choice in security if isinstance(choice, Mapping) for name in choice if isinstance(name, str))


def _is_source(name: str, schemes: Mapping[str, str]) -> bool:
    described = schemes.get(name, "")
    return "source" in name.lower() or ("lp_src_" in described and "token" not in described.lower())
