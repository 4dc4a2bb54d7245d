"""References within an OpenAPI document: which part of it is meant, through one that only points on to another."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote

__all__ = ["SCHEMAS", "resolved", "schema_named"]

SCHEMAS = "#/components/schemas/"
"""Where the named schemas stand."""

_MOST_STEPS = 32
_MOST_HOPS = 8

Json = Mapping[str, object]


def resolved(document: Json, node: object) -> Json | None:
    """Give a part of a document, itself or by references within it; None where that is no object.

    What stands beside a reference counts too, and before what is referred to.

    Examples
    --------
    >>> document = {"components": {"responses": {"Gone": {"$ref": "#/components/responses/Done"}, "Done": {"x": 1}}}}
    >>> resolved(document, {"$ref": "#/components/responses/Gone"})
    {'x': 1}
    """
    beside: Json = {}
    for _ in range(_MOST_HOPS):
        if not isinstance(node, Mapping):
            return None
        if not isinstance(node.get("$ref"), str):
            return {**node, **beside} if beside else node
        beside = {**{key: value for key, value in node.items() if key != "$ref"}, **beside}
        node = _target(document, str(node["$ref"]))
    return None


def schema_named(schema: Json) -> str:
    """Give the name of the schema that a reference means; empty if it means none that has a name."""
    reference = schema.get("$ref")
    is_own = isinstance(reference, str) and reference.startswith(SCHEMAS)
    return _step(str(reference)[len(SCHEMAS) :]) if is_own else ""


def _target(document: Json, reference: str) -> object:
    found: object = document if reference.startswith("#/") else None
    for step in reference[2:].split("/", _MOST_STEPS):
        found = found.get(_step(step)) if isinstance(found, Mapping) else None
    return found


def _step(text: str) -> str:
    """Read one step of a JSON Pointer that is part of an address."""
    return unquote(text).replace("~1", "/").replace("~0", "~")  # RFC 6901, sections 6 and 4
