"""What single keywords of a schema say: type, values, parts, and whether null may come."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = [
    "all_parts",
    "has_fields",
    "has_limits",
    "is_deprecated",
    "only_part",
    "parts_of",
    "required_names",
    "takes_null",
    "type_of",
    "values_of",
]

_MOST_VALUES = 500
_MOST_PARTS = 50
_TYPES = frozenset({"string", "integer", "number", "boolean", "array", "object"})
_COMBINED = ("allOf", "oneOf", "anyOf")
_LIMITS = frozenset(
    {"minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minItems",
     "maxItems", "multipleOf"}
)  # fmt: skip
_SAYS_WHAT = frozenset({"$ref", "type", "properties", "items", "enum", "const", "additionalProperties", *_COMBINED})
_VALUES: Mapping[type, str] = {bool: "boolean", int: "integer", str: "string"}


def has_fields(schema: object) -> bool:
    """Whether a schema is an object with fields of its own, or one that is put together of several parts."""
    return isinstance(schema, Mapping) and (
        isinstance(schema.get("properties"), Mapping) or len(parts_of(schema, "allOf")) > 1
    )


def only_part(schema: Mapping[str, object]) -> Mapping[str, object] | None:
    """Give the part that a schema stands for, where it wraps one and no more than a null beside it."""
    for name in _COMBINED:
        parts = parts_of(schema, name)
        if parts:
            return parts[0] if len(parts) == 1 and not has_fields(schema) else None
    return None


def required_names(schema: Mapping[str, object]) -> set[str]:
    """Give the fields that must be there."""
    names = schema.get("required")
    return {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()


def has_limits(schema: object) -> bool:
    """Whether a schema limits its values in length, size or form."""
    return isinstance(schema, Mapping) and not _LIMITS.isdisjoint(schema)


def parts_of(schema: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    """Give the parts that say what a value is; null, and what only describes, are left out."""
    parts = schema.get(name)
    real = [part for part in parts[:_MOST_PARTS] if isinstance(part, Mapping)] if isinstance(parts, list) else []
    return [part for part in real if not _is_null(part) and not _SAYS_WHAT.isdisjoint(part)]


def all_parts(schema: Mapping[str, object]) -> list[object]:
    """Give all that a schema with fields is put together of: each says something, if only what must be there."""
    parts = schema.get("allOf")
    only = only_part(schema)
    return list(parts[:_MOST_PARTS]) if isinstance(parts, list) else [only] * (only is not None)


def _is_null(schema: object) -> bool:
    return isinstance(schema, Mapping) and (schema.get("type") in ("null", ["null"]) or _listed(schema) == [None])


def is_deprecated(schema: object) -> bool:
    """Whether a schema, or a parameter, is said to go."""
    return isinstance(schema, Mapping) and schema.get("deprecated") is True


def takes_null(schema: Mapping[str, object]) -> bool:
    """Whether null may come: by ``nullable`` of OpenAPI 3.0, or by the types and parts of 3.1."""
    types = schema.get("type")
    return (
        schema.get("nullable") is True
        or (isinstance(types, list) and "null" in types)
        or any(value is None for value in _listed(schema))
        or any(
            isinstance(parts := schema.get(name), list) and any(_is_null(part) for part in parts[:_MOST_PARTS])
            for name in ("oneOf", "anyOf")
        )
    )


def type_of(schema: Mapping[str, object]) -> str:
    """Give the one type beside null, ``any`` if there are several or none."""
    given = schema.get("type")
    named = given if isinstance(given, list) else [given]
    kinds = {kind for kind in named if isinstance(kind, str) and kind in _TYPES}
    if len(kinds) == 1:
        return kinds.pop()
    of_values = {_VALUES[type(value)] for value in values_of(schema)}
    return of_values.pop() if len(of_values) == 1 and not kinds else "any"


def values_of(schema: Mapping[str, object]) -> tuple[object, ...]:
    """Give the texts, whole numbers and truth values of an enumeration, or of parts that are one value each."""
    values = _listed(schema)
    if not values:
        parts = [_listed(part) for name in ("oneOf", "anyOf") for part in parts_of(schema, name)]
        values = [value for part in parts for value in part] if all(parts) else []
    return tuple(value for value in values[:_MOST_VALUES] if type(value) in _VALUES)


def _listed(schema: Mapping[str, object]) -> list[object]:
    values = schema.get("enum")
    if isinstance(values, list):
        return values[:_MOST_VALUES]
    return [schema["const"]] if "const" in schema else []
