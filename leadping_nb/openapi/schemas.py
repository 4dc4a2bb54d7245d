"""The schemas of an OpenAPI document as models: references, nulls, enumerations and what is put together of parts.

Work and size are bounded: references are followed a few steps, each model is read once, what is left out is counted.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import replace

from leadping_nb.models import Field
from leadping_nb.openapi.keywords import (
    all_parts,
    has_fields,
    has_limits,
    is_deprecated,
    only_part,
    required_names,
    takes_null,
    type_of,
    values_of,
)
from leadping_nb.openapi.references import resolved, schema_named

__all__ = ["MOST_FIELDS", "Schemas"]

MOST_FIELDS = 20_000
"""The most fields that are read; the API's own document has about 2,500."""

_DEEPEST = 32
_NOWHERE = "references that lead nowhere"


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
        self._waiting = deque((name, entry) for name, entry in self._named.items() if self._is_model(name))
        self._read: dict[str, dict[str, Field]] = {}
        self._required: dict[str, frozenset[str]] = {}
        self._deprecated: dict[str, frozenset[str]] = {}
        self._limited: list[str] = []
        self._in_place: set[str] = set()
        self._parts: set[str] = set()

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

    def deprecated(self) -> dict[str, frozenset[str]]:
        """Give the fields that are said to go, of every model met so far that has one."""
        return self._deprecated

    def limited(self) -> tuple[str, ...]:
        """Name the fields met so far whose values are limited in length, size or form."""
        return tuple(self._limited)

    def in_place(self) -> set[str]:
        """Name the models that are described where they are used."""
        return self._in_place

    def parts(self) -> set[str]:
        """Name the schemas that others are put together of."""
        return self._parts

    def field(self, name: str, schema: object, model: str, depth: int = 0) -> Field:
        """Read one schema as a field of a model; of what it does not say, and of what cannot be read, ``any``."""
        if not isinstance(schema, Mapping) or depth > _DEEPEST:
            self._unread["schemas that are no objects or nest too deep"] += 1
            return Field(name, "any")
        if "$ref" in schema:
            return self._referred(name, schema, model, depth)
        part = only_part(schema)
        if part is not None:
            found = self.field(name, part, model, depth + 1)
            return replace(found, nullable=True) if takes_null(schema) else found
        kind = type_of(schema)
        nullable = True if takes_null(schema) else False if kind != "any" else None
        if has_fields(schema):
            inner = f"{model}.{name}"
            if inner.count(".") > _DEEPEST:
                self._unread["objects that nest too deep"] += 1
                return Field(name, "map", nullable=nullable)
            self._waiting.append((inner, schema))
            self._in_place.add(inner)
            return Field(name, "object", nullable=nullable, model=inner)
        if kind == "array":
            items = schema.get("items", True)
            held = Field(name, "any") if isinstance(items, bool) else self.field(name, items, model, depth + 1)
            return Field(name, "array", nullable=nullable, items=held)
        if kind == "object":
            return Field(name, "map", nullable=nullable)
        format_ = schema.get("format")
        return Field(name, kind, format_ if isinstance(format_, str) else None, nullable, values_of(schema))

    def is_deprecated(self, schema: object) -> bool:
        """Whether a schema is said to go, itself or as the one that it stands for."""
        for _ in range(_DEEPEST):
            if is_deprecated(schema) or not isinstance(schema, Mapping):
                break
            schema = self._named.get(schema_named(schema)) if "$ref" in schema else only_part(schema)
        return is_deprecated(schema)

    def leave_out(self, sort: str, count: int) -> None:
        """Count what a reader of other parts leaves out."""
        self._unread[sort] += count

    def part(self, node: object) -> Mapping[str, object]:
        """Give a part of the document, itself or by references within it; empty if it is no object."""
        if not isinstance(node, Mapping):
            return {}
        found = resolved(self._document, node)
        self._unread[_NOWHERE] += found is None
        return found or {}

    def _referred(self, name: str, schema: Mapping[str, object], model: str, depth: int) -> Field:
        target = schema_named(schema)
        if target not in self._named:
            elsewhere = resolved(self._document, schema)
            if elsewhere is not None and "$ref" not in elsewhere:
                return self.field(name, elsewhere, model, depth + 1)
            self._unread[_NOWHERE] += 1
            return Field(name, "any")
        if self._is_model(target):
            named = self._named[target]
            nullable = takes_null(schema) or (isinstance(named, Mapping) and takes_null(named))
            return Field(name, "object", nullable=nullable, model=target)
        found = self.field(name, self._named[target], model, depth + 1)
        return replace(found, nullable=True) if takes_null(schema) else found

    def _is_model(self, name: str) -> bool:
        """Whether a named schema has fields, its own or those of the one that it stands for and may not be null."""
        schema = self._named[name]
        for _ in range(_DEEPEST):
            if has_fields(schema):
                return True
            if not isinstance(schema, Mapping) or takes_null(schema):
                return False
            schema = self._named.get(schema_named(schema)) if "$ref" in schema else only_part(schema)
        return False

    def _fields(self, model: str, schema: object) -> dict[str, Field]:
        read: dict[str, Field] = {}
        required: set[str] = set()
        deprecated: set[str] = set()
        for part in self._object_parts(schema):
            required |= required_names(part)
            properties = part.get("properties")
            for name, entry in properties.items() if isinstance(properties, Mapping) else ():
                if isinstance(name, str) and name not in read:
                    if self._fields_left == 0:
                        self._unread[f"models with fields beyond {MOST_FIELDS:,} in all"] += 1
                        return read
                    self._fields_left -= 1
                    read[name] = self.field(name, entry, model)
                    if has_limits(entry):
                        self._limited.append(f"{model}.{name}")
                    if self.is_deprecated(entry):
                        deprecated.add(name)
        self._required[model] = frozenset(required & read.keys())
        if deprecated:
            self._deprecated[model] = frozenset(deprecated)
        return read

    def _object_parts(self, schema: object) -> Iterator[Mapping[str, object]]:
        """Give a schema and all that it is put together of, each named part once."""
        waiting, met = deque([(schema, 0)]), set[str]()
        while waiting:
            part, depth = waiting.popleft()
            target = schema_named(part) if isinstance(part, Mapping) else ""
            if target in self._named and target not in met:
                met.add(target)
                self._parts.add(target)
                waiting.append((self._named[target], depth + 1))
            if not isinstance(part, Mapping) or depth > _DEEPEST:
                continue
            yield part
            waiting.extend((further, depth + 1) for further in all_parts(part))
