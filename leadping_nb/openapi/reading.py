"""An OpenAPI document, 3.0 or 3.1, as an outline: any shape is read, within bounds, and what was not is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from leadping_nb.models import Field
from leadping_nb.openapi.calls import read_call
from leadping_nb.openapi.credentials import read_schemes
from leadping_nb.openapi.outline import Call, Outline, plain_id
from leadping_nb.openapi.paths import MOST_OPERATIONS, published_operations, unread_paths
from leadping_nb.openapi.schemas import Schemas

__all__ = ["read_openapi"]

_MOST_SERVERS = 20

Json = Mapping[str, object]


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
    ('no credential',)
    """
    if not isinstance(document, Mapping):
        return Outline(name, {}, {}, unread=("The document is no JSON object.",))
    unread: Counter[str] = Counter()
    root = document.get("servers")
    servers = _addresses(root)
    schemas = Schemas(document, unread)
    components = document.get("components")
    schemes = components.get("securitySchemes") if isinstance(components, Mapping) else None
    described = read_schemes(schemes, schemas.part)
    calls = {}
    for method, path, entry in published_operations(document):
        call = read_call(method, path, entry, document, schemas, described)
        calls[plain_id(call.id)] = call
        unread["addresses of single paths or calls"] += _addresses(entry.get("servers", root)) != servers
    models = schemas.models()
    unread["paths that are no objects, or lead nowhere"] += unread_paths(document)
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
        deprecated=MappingProxyType(schemas.deprecated()),
        limited=schemas.limited(),
        in_place=frozenset(schemas.in_place() & models.keys()),
        parts=frozenset(schemas.parts() - _held(calls.values(), models)),
        servers=servers,
    )


def _addresses(described: object) -> tuple[str, ...]:
    """Give the addresses that are named, with the values that their templates have unless told otherwise."""
    servers = described[:_MOST_SERVERS] if isinstance(described, list) else []
    named: list[str] = []
    for server in (server for server in servers if isinstance(server, Mapping)):
        url, variables = server.get("url"), server.get("variables")
        for name, entry in list(variables.items())[:_MOST_SERVERS] if isinstance(variables, Mapping) else ():
            value = entry.get("default") if isinstance(entry, Mapping) else None
            if isinstance(url, str) and isinstance(value, str):
                url = url.replace(f"{{{name}}}", value)
        if isinstance(url, str):
            named.append(url)
    return tuple(named)


def _held(calls: Iterable[Call], models: Mapping[str, Mapping[str, Field]]) -> set[str | None]:
    """Give the models that calls and fields hold."""
    met = {model for call in calls for model in (call.request_model, call.response_model, call.row_model)}
    for entry in (entry for fields in models.values() for entry in fields.values()):
        innermost = entry
        while innermost.items is not None:
            innermost = innermost.items
        met.add(innermost.model)
    return met
