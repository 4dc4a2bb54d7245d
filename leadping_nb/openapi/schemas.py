"""The schemas of an OpenAPI document as models: references, nulls, enumerations and what is put together of parts.

Work and size are bounded: references are followed a few steps, each model is read once, what is left out is counted.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import replace

from leadping_nb.models import Field

__all__ = ["MOST_FIELDS", "Schemas"]

MOST_FIELDS = 20_000
"""The most fields that are read; the API's own document has about 2,500."""

_DEEPEST = 32
_MOST_VALUES = 500
_MOST_PARTS = 50
_LONGEST_REFERENCE = 4
_NOWHERE = "references that lead nowhere"
_PREFIX = "#/components/schemas/"
_TYPES = frozenset({"string", "integer", "number", "boolean", "array", "object"})
_COMBINED = ("allOf", "oneOf", "anyOf")
_LIMITS = frozenset(
    {"minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minItems",
     "maxItems", "multipleOf"}
)  # fmt: skip
_SAYS_WHAT = frozenset({"$ref", "type", "properties", "items", "enum", "additionalProperties", *_COMBINED})


class Schemas:
    """Reads the schemas of one document.

    Parameters
    ----------
    document
        The document, of any shape.
    unread
        Counts what is left out, by its sort.

    Examples
    --------
    >>> lead = {"type": "object", "properties": {"id": {"type": ["string", "null"]}, "tags": {"type": "array"}}}
    >>> read = Schemas({"components": {"schemas": {"Lead": lead}}}, Counter()).models()
    >>> read["Lead"]["id"].type, read["Lead"]["id"].nullable, read["Lead"]["tags"].items.type
    ('string', True, 'any')
    """

    def __init__(self, document: Mapping[str, object], unread: Counter[str]) -> None:
        self._document = document
        components = document.get("components")
        schemas = components.get("schemas") if isinstance(components, Mapping) else None
        self._named: Mapping[str, object] = schemas if isinstance(schemas, Mapping) else {}
        self._unread = unread
        self._fields_left = MOST_FIELDS
        self._waiting = deque((name, entry) for name, entry in self._named.items() if _has_fields(entry))
        self._read: dict[str, dict[str, Field]] = {}
        self._required: dict[str, frozenset[str]] = {}
        self._limited: list[str] = []

    def models(self) -> dict[str, dict[str, Field]]:
        """Give the fields of every model met so far; an object that is described in place is named for its field."""
        while self._waiting:
            name, schema = self._waiting.popleft()
            if name not in self._read:
                self._read[name] = self._fields(name, schema)
        return self._read

    def required(self) -> dict[str, frozenset[str]]:
        """Give the fields that must be there, of every model met so far."""
        return self._required

    def limited(self) -> tuple[str, ...]:
        """Name the fields met so far whose values are limited in length, size or form."""
        return tuple(self._limited)

    def field(self, name: str, schema: object, model: str, depth: int = 0) -> Field:
        """Read one schema as a field of a model; of what it does not say, and of what cannot be read, ``any``."""
        if not isinstance(schema, Mapping) or depth > _DEEPEST:
            self._unread["schemas that are no objects or nest too deep"] += 1
            return Field(name, "any")
        if "$ref" in schema:
            return self._referred(name, schema, model, depth)
        part = _only_part(schema)
        if part is not None:
            found = self.field(name, part, model, depth + 1)
            return replace(found, nullable=True) if _takes_null(schema) else found
        kind = _type(schema)
        nullable = True if _takes_null(schema) else False if kind != "any" else None
        if _has_fields(schema):
            inner = f"{model}.{name}"
            if inner.count(".") > _DEEPEST:
                self._unread["objects that nest too deep"] += 1
                return Field(name, "map", nullable=nullable)
            self._waiting.append((inner, schema))
            return Field(name, "object", nullable=nullable, model=inner)
        if kind == "array":
            items = schema.get("items", True)
            held = Field(name, "any") if isinstance(items, bool) else self.field(name, items, model, depth + 1)
            return Field(name, "array", nullable=nullable, items=held)
        if kind == "object":
            return Field(name, "map", nullable=nullable)
        format_ = schema.get("format")
        return Field(name, kind, format_ if isinstance(format_, str) else None, nullable, _values(schema))

    def leave_out(self, sort: str, count: int) -> None:
        """Count what a reader of other parts leaves out."""
        self._unread[sort] += count

    def part(self, node: object) -> Mapping[str, object]:
        """Give a part of the document, itself or by one reference within it; empty if it is no object."""
        if not isinstance(node, Mapping):
            return {}
        reference = node.get("$ref")
        if not isinstance(reference, str):
            return node
        found: object = self._document if reference.startswith("#/") else None
        for step in reference[2:].split("/", _LONGEST_REFERENCE):
            found = found.get(_unescaped(step)) if isinstance(found, Mapping) else None
        if not isinstance(found, Mapping):
            self._unread[_NOWHERE] += 1
            return {}
        return found

    def _referred(self, name: str, schema: Mapping[str, object], model: str, depth: int) -> Field:
        target = _target(schema)
        if target not in self._named:
            self._unread[_NOWHERE] += 1
            return Field(name, "any")
        if _has_fields(self._named[target]):
            return Field(name, "object", nullable=_takes_null(schema), model=target)
        found = self.field(name, self._named[target], model, depth + 1)
        return replace(found, nullable=True) if _takes_null(schema) else found

    def _fields(self, model: str, schema: object) -> dict[str, Field]:
        read: dict[str, Field] = {}
        required: set[str] = set()
        for part in self._object_parts(schema):
            required |= _required_names(part)
            properties = part.get("properties")
            for name, entry in properties.items() if isinstance(properties, Mapping) else ():
                if isinstance(name, str) and name not in read:
                    if self._fields_left == 0:
                        self._unread[f"models with fields beyond {MOST_FIELDS:,} in all"] += 1
                        return read
                    self._fields_left -= 1
                    read[name] = self.field(name, entry, model)
                    if isinstance(entry, Mapping) and not _LIMITS.isdisjoint(entry):
                        self._limited.append(f"{model}.{name}")
        self._required[model] = frozenset(required & read.keys())
        return read

    def _object_parts(self, schema: object) -> Iterator[Mapping[str, object]]:
        """Give a schema and all that it is put together of, each named part once."""
        waiting, met = deque([(schema, 0)]), set[str]()
        while waiting:
            part, depth = waiting.popleft()
            target = _target(part) if isinstance(part, Mapping) else ""
            if target in self._named and target not in met:
                met.add(target)
                waiting.append((self._named[target], depth + 1))
            if not isinstance(part, Mapping) or depth > _DEEPEST:
                continue
            yield part
            waiting.extend((further, depth + 1) for further in _parts(part, "allOf"))


def _target(schema: Mapping[str, object]) -> str:
    reference = schema.get("$ref")
    is_own = isinstance(reference, str) and reference.startswith(_PREFIX)
    return _unescaped(str(reference)[len(_PREFIX) :]) if is_own else ""


def _unescaped(step: str) -> str:
    return step.replace("~1", "/").replace("~0", "~")  # RFC 6901, section 4


def _has_fields(schema: object) -> bool:
    """Whether a schema is an object with fields of its own, or one that is put together of several parts."""
    return isinstance(schema, Mapping) and (
        isinstance(schema.get("properties"), Mapping) or len(_parts(schema, "allOf")) > 1
    )


def _only_part(schema: Mapping[str, object]) -> Mapping[str, object] | None:
    """Give the part that a schema stands for, where it wraps one and no more than a null beside it."""
    for name in _COMBINED:
        parts = _parts(schema, name)
        if parts:
            return parts[0] if len(parts) == 1 and not _has_fields(schema) else None
    return None


def _required_names(schema: Mapping[str, object]) -> set[str]:
    names = schema.get("required")
    return {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()


def _parts(schema: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    """Give the parts that say what a value is; null, and what only describes, are left out."""
    parts = schema.get(name)
    real = [part for part in parts[:_MOST_PARTS] if isinstance(part, Mapping)] if isinstance(parts, list) else []
    return [part for part in real if not _is_null(part) and not _SAYS_WHAT.isdisjoint(part)]


def _is_null(schema: object) -> bool:
    return isinstance(schema, Mapping) and (schema.get("type") == "null" or schema.get("enum") == [None])


def _takes_null(schema: Mapping[str, object]) -> bool:
    """Whether null may come: by ``nullable`` of OpenAPI 3.0, or by the types and parts of 3.1."""
    types, values = schema.get("type"), schema.get("enum")
    return (
        schema.get("nullable") is True
        or (isinstance(types, list) and "null" in types)
        or (isinstance(values, list) and any(value is None for value in values[:_MOST_VALUES]))
        or any(
            isinstance(parts := schema.get(name), list) and any(_is_null(part) for part in parts[:_MOST_PARTS])
            for name in ("oneOf", "anyOf")
        )
    )


def _type(schema: Mapping[str, object]) -> str:
    given = schema.get("type")
    named = given if isinstance(given, list) else [given]
    kinds = {kind for kind in named if isinstance(kind, str) and kind in _TYPES}
    if len(kinds) == 1:
        return kinds.pop()
    values = _values(schema)
    if values and not kinds:
        return "integer" if all(isinstance(value, int) for value in values) else "string"
    return "any"


def _values(schema: Mapping[str, object]) -> tuple[object, ...]:
    values = schema.get("enum")
    if not isinstance(values, list):
        return ()
    return tuple(value for value in values[:_MOST_VALUES] if isinstance(value, str | int))
