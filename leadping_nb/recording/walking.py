"""A walk through JSON that knows of each value which field of which model it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from leadping_nb.contracts import Contract, Operation
from leadping_nb.models import Field, Models
from leadping_nb.recording.json_text import Number, read_json, write_json
from leadping_nb.recording.kinds import Kind, kind_of

__all__ = ["Place", "Rename", "Visit", "Walker"]

_NAMES_ITSELF = re.compile(r"[A-Za-z][A-Za-z0-9]{0,39}")
"""A key that reads like a field's name; any other could be a person's."""
_BOUNDS = ("value", "greaterThan", "greaterThanOrEqual", "lessThan", "lessThanOrEqual")
"""What a filter compares a field with."""
_ID_AND_NAME = "IdName"
"""How the models begin that say nothing but id and name, so that the field which holds them says what they are of."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands."""

    where: str
    """The model and the field, as ``LeadContact.firstName``; keys of free maps are a star."""
    field: Field | None
    """The field, or the element of its list; None where no model knows it."""
    kind: Kind
    """What a text is there."""

    @property
    def is_known(self) -> bool:
        """Whether a model says what stands here."""
        return self.field is not None and self.field.type not in ("map", "any")


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
        return {name: str(self._visit(_parameter("path", name, "string"), text)) for name, text in path.items()}

    def query(self, operation: Operation, query: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        """Walk through a query."""
        types = {parameter.name: parameter.type for parameter in operation.query}
        return tuple(
            (name, str(self._visit(_parameter("query", name, types.get(name, "string")), text))) for name, text in query
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
                renamed[name] = self._value(entry, self._unknown(place, key), None)
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
                compared = Field(key, "string")
                walked[key] = self._value(
                    entry, Place(f"{holder}.{key}", compared, kind_of(f"*.{value['field']}")), None
                )
            else:
                name = _unused(self._rename(holder, key), walked)
                where = f"{holder}.{key if name == key and _NAMES_ITSELF.fullmatch(key) else '*'}"
                walked[name] = self._value(entry, Place(where, None, kind_of(f"{holder}.{key}")), None)
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

    @staticmethod
    def _unknown(place: Place, key: str) -> Place:
        where = place.where if place.where.endswith(".*") else f"{place.where}.*"
        return Place(where, None, kind_of(f"*.{key}"))


def _parameter(part: str, name: str, kind: str) -> Place:
    return Place(f"{part}.{name}", Field(name, kind), kind_of(f"{part}.{name}"))


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
