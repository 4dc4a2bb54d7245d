"""An OpenAPI document, 3.0 or 3.1, as an outline: any shape is read, within bounds, and what was not is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from leadping_nb.models import Field
from leadping_nb.openapi.outline import NO_CREDENTIAL, SOURCE_KEY, USER_OR_KEY, Call, Outline, plain_id
from leadping_nb.openapi.schemas import Schemas

__all__ = ["MOST_OPERATIONS", "published_operations", "read_openapi"]

MOST_OPERATIONS = 5_000
"""The most operations that are read; the API has about 150."""

_METHODS = frozenset({"get", "post", "put", "delete", "patch"})
_LONGEST_SUMMARY = 300
_MOST_SCHEMES = 50

Json = Mapping[str, object]


def published_operations(document: object) -> Iterator[tuple[str, str, Json]]:
    """Give method, path and description of each operation of a document of any shape, the first 5,000.

    Examples
    --------
    >>> [(method, path) for method, path, _ in published_operations({"paths": {"/tags": {"get": {}}}})]
    [('GET', '/tags')]
    """
    paths = document.get("paths") if isinstance(document, Mapping) else None
    given = 0
    for path, item in paths.items() if isinstance(paths, Mapping) else ():
        for method, entry in item.items() if isinstance(item, Mapping) else ():
            if isinstance(path, str) and isinstance(method, str) and method.lower() in _METHODS:
                if given == MOST_OPERATIONS:
                    return
                given += 1
                yield method.upper(), path, entry if isinstance(entry, Mapping) else {}


def read_openapi(document: object, *, name: str = "the published document") -> Outline:
    """Read an OpenAPI document as far as it can be; never fails.

    Parameters
    ----------
    document
        The JSON, of any shape.
    name
        Where it stands.

    Returns
    -------
    Outline
        Whose ``unread`` says what could not be read.

    Examples
    --------
    >>> read = read_openapi({"openapi": "3.1.1", "paths": {"/tags": {"get": {"security": []}}}})
    >>> read.calls["GET /tags"].takes
    'no credential'
    """
    if not isinstance(document, Mapping):
        return Outline(name, {}, {}, unread=("The document is no JSON object.",))
    unread: Counter[str] = Counter()
    schemas = Schemas(document, unread)
    components = document.get("components")
    schemes = components.get("securitySchemes") if isinstance(components, Mapping) else None
    described = dict(list(_described(schemes).items())[:_MOST_SCHEMES])
    calls = {}
    for method, path, entry in published_operations(document):
        call = _call(method, path, entry, document, schemas, described)
        calls[plain_id(call.id)] = call
    models = schemas.models()
    paths = document.get("paths")
    if isinstance(paths, Mapping):
        unread["paths that are no objects, or stand elsewhere"] += sum(
            not isinstance(item, Mapping) or "$ref" in item for item in paths.values()
        )
    sentences = [f"Not read: {sort} ({count:,})." for sort, count in unread.items() if count]
    if not calls:
        sentences.insert(0, "The document holds no operations.")
    if len(calls) == MOST_OPERATIONS:
        sentences.append(f"Not read: operations after the first {MOST_OPERATIONS:,}.")
    return Outline(name, MappingProxyType(calls), MappingProxyType(models), described, tuple(sentences))


def _call(
    method: str,
    path: str,
    entry: Json,
    document: Json,
    schemas: Schemas,
    schemes: Mapping[str, str],
) -> Call:
    summary = entry.get("summary")
    answer = _content(schemas, _success(entry), f"answer of {method} {path}")
    body = _content(schemas, entry.get("requestBody"), f"body of {method} {path}")
    rows = answer.items if answer is not None and answer.type == "array" else _rows(answer, schemas.models())
    element = answer.items if answer is not None and answer.type == "array" else answer
    return Call(
        method,
        path,
        summary[:_LONGEST_SUMMARY] if isinstance(summary, str) else "",
        _takes(entry.get("security", document.get("security")), schemes),
        body.model if body is not None else None,
        element.model if element is not None else None,
        rows.model if rows is not None else None,
    )


def _success(entry: Json) -> object:
    responses = entry.get("responses")
    if not isinstance(responses, Mapping):
        return None
    good = sorted(status for status in responses if isinstance(status, str) and status.startswith(("2", "3")))
    return responses.get(good[0]) if good else None


def _content(schemas: Schemas, node: object, name: str) -> Field | None:
    """Read what a body holds: its JSON, where it has several forms."""
    content = schemas.part(node).get("content")
    if not isinstance(content, Mapping) or not content:
        return None
    kinds = [str(kind) for kind in content]
    media = content.get(next((kind for kind in kinds if "json" in kind), kinds[0]))
    if not isinstance(media, Mapping) or not isinstance(media.get("schema"), Mapping):
        return None
    return schemas.field("content", media["schema"], name)


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
    named = [name for choice in security if isinstance(choice, Mapping) for name in choice if isinstance(name, str)]
    if not named or any(choice == {} for choice in security):
        return NO_CREDENTIAL
    return " or ".join(dict.fromkeys(SOURCE_KEY if _is_source(name, schemes) else USER_OR_KEY for name in named))


def _is_source(name: str, schemes: Mapping[str, str]) -> bool:
    described = schemes.get(name, "")
    return "source" in name.lower() or ("lp_src_" in described and "token" not in described.lower())


def _described(schemes: object) -> dict[str, str]:
    """Put what is said of each scheme into words, with the place where the credential goes."""
    words = {}
    for name, scheme in schemes.items() if isinstance(schemes, Mapping) else ():
        if isinstance(name, str) and isinstance(scheme, Mapping):
            parts = [scheme.get(member) for member in ("type", "scheme", "in", "name", "bearerFormat", "description")]
            words[name] = ", ".join(part[:_LONGEST_SUMMARY] for part in parts if isinstance(part, str))
    return words
