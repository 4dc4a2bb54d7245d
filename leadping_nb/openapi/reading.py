"""An OpenAPI document, 3.0 or 3.1, as an outline: any shape is read, within bounds, and what was not is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from leadping_nb.openapi.calls import read_call
from leadping_nb.openapi.outline import Outline, plain_id
from leadping_nb.openapi.schemas import Schemas

__all__ = ["MOST_OPERATIONS", "published_operations", "read_openapi"]

MOST_OPERATIONS = 5_000
"""The most operations that are read; the API has about 150."""

_METHODS = frozenset({"get", "post", "put", "delete", "patch"})
_LONGEST_WORDS = 300
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
        call = read_call(method, path, entry, document, schemas, described)
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
    return Outline(
        name,
        MappingProxyType(calls),
        MappingProxyType(models),
        described,
        tuple(sentences),
        required=MappingProxyType(schemas.required()),
        limited=schemas.limited(),
    )


def _described(schemes: object) -> dict[str, str]:
    """Put what is said of each scheme into words, with the place where the credential goes."""
    words = {}
    for name, scheme in schemes.items() if isinstance(schemes, Mapping) else ():
        if isinstance(name, str) and isinstance(scheme, Mapping):
            parts = [scheme.get(member) for member in ("type", "scheme", "in", "name", "bearerFormat", "description")]
            words[name] = ", ".join(part[:_LONGEST_WORDS] for part in parts if isinstance(part, str))
    return words
