"""A walk through JSON that knows of each value which field of which model it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from leadping_nb.contracts import Contract, Operation
from leadping_nb.models import Field, Models
from leadping_nb.recording.json_text import Number, read_json, write_json
from leadping_nb.recording.kinds import Kind, kind_of

__all__ = ["Place", "Rename", "Visit", "Walker"]

_BOUNDS = ("value", "greaterThan", "greaterThanOrEqual", "lessThan", "lessThanOrEqual")
"""What a filter compares a field with."""
_NUMERIC = frozenset({"integer", "number", "boolean"})
_TIMES = frozenset({"date", "date-time"})
_ID_AND_NAME = "IdName"
"""How the models begin that say nothing but id and name, so that the field which holds them says what they are of."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands."""

    where: str
    """The model and the field, as ``LeadContact.firstName``; keys that have another name now are a star."""
    field: Field | None
    """The field, or the element of its list; None where no model knows it."""
    kind: Kind
    """What a text is there."""

    @property
    def is_known(self) -> bool:
        """Whether a model says what stands here."""
        return self.field is not None and self.field.type not in ("map", "any")

    @property
    def is_numeric(self) -> bool:
        """Whether a model says that a number stands here which counts or measures, or yes or no."""
        return self.field is not None and self.field.type in _NUMERIC and not self.field.enum

    @property
    def is_time(self) -> bool:
        """Whether a model says that a date stands here, with or without a time."""
        return self.field is not None and self.field.format in _TIMES

    def lists(self, value: str) -> bool:
        """Say whether a text or number is one of the values that a model lists for this place."""
        return self.field is not None and (value in self.field.enum or value in map(str, self.field.enum))


Visit = Callable[[Place, object], object]
Rename = Callable[[str, str], str]


class Walker:
    """Walks through what was asked and answered, and puts another value in the place of each.

    Parameters
    ----------
    contract
        The contract whose models the answers fit.
    visit
        Gives the new value of each text, number, boolean or null.
    rename
        Gives the new name of a key that no model knows, from where it stands and the key.
    """

    def __init__(self, contract: Contract, visit: Visit, rename: Rename) -> None:
        self._models: Models = contract.models
        self._visit = visit
        self._rename = rename
        self._fields: dict[str, Mapping[str, Field]] = {}
        self._places: dict[tuple[str, str], tuple[Place, str | None]] = {}

    def answer(self, operation: Operation, value: object) -> object:
        """Walk through an answer."""
        model = operation.response_model
        if isinstance(value, list):
            return [self._value(entry, Place(f"{model}[]", None, Kind.TEXT), model) for entry in value]
        return self._value(value, Place(f"{operation.id} answer", None, Kind.TEXT), model)

    def path(self, path: Mapping[str, str]) -> dict[str, str]:
        """Walk through the values in a path."""
        return {name: str(self._visit(_parameter("path", Field(name, "string")), text)) for name, text in path.items()}

    def query(self, operation: Operation, query: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        """Walk through a query."""
        known = {
            parameter.name: Field(parameter.name, parameter.type, parameter.format) for parameter in operation.query
        }
        return tuple(
            (name, str(self._visit(_parameter("query", known.get(name, Field(name, "string"))), text)))
            for name, text in query
        )

    def body(self, operation: Operation, value: object) -> object:
        """Walk through what was sent."""
        return self._value(value, Place(f"{operation.id} body", None, Kind.TEXT), operation.request_model)

    def _value(self, value: Any, place: Place, model: str | None) -> object:
        if isinstance(value, list):
            return [self._value(entry, place, model) for entry in value]
        if isinstance(value, str) and not isinstance(value, Number) and (inner := _json_in(value)) is not None:
            return write_json(self._value(inner, Place(place.where, None, Kind.TEXT), None)).decode()
        if not isinstance(value, dict):
            return self._visit(place, value)
        if model is None or model not in self._models:
            renamed: dict[str, object] = {}
            for key, entry in value.items():
                name = _unused(self._rename(place.where, key), renamed)
                renamed[name] = self._value(entry, _unknown(place.where, key, name), None)
            return renamed
        if model not in self._fields:
            self._fields[model] = self._models[model].fields
        fields = self._fields[model]
        holder = place.where.rpartition(".")[2] if model.startswith(_ID_AND_NAME) else model
        walked: dict[str, object] = {}
        for key, entry in value.items():
            if key in fields and not (key in _BOUNDS and "field" in value):
                walked[key] = self._value(entry, *self._known(holder, fields[key]))
            elif key in fields:  # goes by the field that is compared with it
                walked[key] = self._value(entry, self._compared(f"{holder}.{key}", str(value["field"])), None)
            else:
                name = _unused(self._rename(holder, key), walked)
                walked[name] = self._value(entry, _unknown(holder, key, name), None)
        return walked

    def _known(self, holder: str, field: Field) -> tuple[Place, str | None]:
        key = (holder, field.name)
        if key not in self._places:
            element = field
            while element.items is not None:
                element = element.items
            where = f"{holder}.{field.name}"
            self._places[key] = Place(where, element, kind_of(where)), element.model
        return self._places[key]

    @cached_property
    def _formats(self) -> dict[str, str | None]:
        """By its name, the format of each field that a model says is a time."""
        fields = (field for name in self._models.specs for field in self._models[name].fields.values())
        return {field.name: field.format for field in fields if field.format in _TIMES}

    def _compared(self, where: str, path: str) -> Place:
        """Give the place of what is compared with a field."""
        name = path.rpartition(".")[2]
        return Place(where, Field(name, "string", self._formats.get(name)), kind_of(f"*.{name}"))


def _parameter(part: str, field: Field) -> Place:
    where = f"{part}.{field.name}"
    return Place(where, field, kind_of(where))


def _unknown(holder: str, key: str, name: str) -> Place:
    """Give the place of a key that no model names; where it has another name now, without either."""
    where = f"{holder}.{key}" if name == key else holder if holder.endswith(".*") else f"{holder}.*"
    return Place(where, None, kind_of(f"{holder.rpartition('.')[2]}.{key}"))


def _unused(key: str, taken: Mapping[str, object]) -> str:
    """Give a key, longer where one of its name is there: two that differ by blanks may have one stand-in."""
    while key in taken:
        key += "_"
    return key


def _json_in(text: str) -> object:
    """Read a text that is a JSON object or array itself; None where it is none."""
    if text[:1] not in ("{", "["):
        return None
    try:
        return read_json(text.encode())
    except (ValueError, UnicodeEncodeError):
        return None
