"""The API's models as data: which fields an object has, of what type and format.

The data files write each field as one short text::

    string:date-time!      a JSON type, its format, and whether null is ruled out
    #LeadStatus?           one value of an enumeration, or null
    @LeadContact           an object of another model; whether null may come is not known
    [@TagSummary]!         an array of such objects
    map  any  [string]     a free map, anything, an array of texts

Which fields are required stands beside them, by model; models of which no source says so are listed.
They are made by ``tools/build_contracts.py``. Every object may carry further fields: they are kept, not refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from leadping_nb.lasting import Lasting

__all__ = ["Field", "Model", "Models", "models"]

_NULLABLE = {"?": True, "!": False}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a model."""

    name: str
    """The name on the wire."""
    type: str
    """``string``, ``integer``, ``number``, ``boolean``, ``object``, ``array``, ``map`` or ``any``."""
    format: str | None = None
    """``date-time``, ``date``, ``int32``, ``int64``, ``double``, ``decimal``, ``email``, ``uri`` or None."""
    nullable: bool | None = None
    """Whether null may come; None where no source says."""
    enum: tuple[object, ...] = ()
    """The values that are known, where it is an enumeration."""
    model: str | None = None
    """The model's name, where it is an object."""
    items: Field | None = None
    """What an array holds."""


@dataclass(frozen=True, slots=True)
class Model(Lasting):
    """One object of the API."""

    name: str
    """Its name, such as ``LeadTableRow``."""
    fields: Mapping[str, Field]
    """Its fields by their names on the wire."""
    required: frozenset[str] | None = None
    """The fields that must be there; None where no source says which."""

    def __repr__(self) -> str:
        return f"<Model {self.name} of {len(self.fields)} fields>"


@dataclass(frozen=True, slots=True, eq=False)
class Models:
    """All models of one revision; a mapping by name that reads each at its first use."""

    revision: str
    """The revision's date."""
    specs: Mapping[str, Mapping[str, str]] = field(repr=False)
    """The fields of each model in the notation of the data files."""
    enums: Mapping[str, tuple[object, ...]] = field(repr=False)
    """The values of each enumeration."""
    required: Mapping[str, frozenset[str] | None] = field(repr=False, default_factory=dict)
    """The fields of a model that must be there; None where no source says which, and no entry where none must."""

    def __contains__(self, name: object) -> bool:
        return name in self.specs

    def __getitem__(self, name: str) -> Model:
        specs = self.specs[name]
        fields = MappingProxyType({key: self._field(key, spec) for key, spec in specs.items()})
        return Model(name, fields, self.required.get(name, frozenset()))

    def columns(self, name: str) -> Mapping[str, Field]:
        """Give a model's fields as flat columns: objects become ``a.b``, arrays and maps stay one column.

        Examples
        --------
        >>> "currentDisposition.outcome" in models("2026-07-05").columns("LeadTableRow")
        True
        """
        return _columns(self, name)

    def _field(self, name: str, spec: str) -> Field:
        nullable = _NULLABLE.get(spec[-1])
        if nullable is not None:
            spec = spec[:-1]
        if spec[0] == "[":
            return Field(name, "array", nullable=nullable, items=self._field(name, spec[1:-1]))
        if spec[0] == "@":
            return Field(name, "object", nullable=nullable, model=spec[1:])
        if spec[0] == "#":
            values = self.enums[spec[1:]]
            kind = "integer" if all(isinstance(value, int) for value in values) else "string"
            return Field(name, kind, nullable=nullable, enum=values)
        kind, _, format_ = spec.partition(":")
        return Field(name, kind, format=format_ or None, nullable=nullable)


@cache
def _columns(known: Models, name: str) -> Mapping[str, Field]:
    flat: dict[str, Field] = {}

    def add(prefix: str, model: str, parents: tuple[str, ...]) -> None:
        for key, entry in known[model].fields.items():
            if entry.type == "object" and entry.model in known and entry.model not in parents:
                add(f"{prefix}{key}.", entry.model, (*parents, entry.model))  # type: ignore[arg-type]  # in known
            else:
                flat[f"{prefix}{key}"] = entry

    add("", name, (name,))
    return MappingProxyType(flat)


@cache
def models(revision: str) -> Models:
    """Load the models of a revision that ``contracts.REVISIONS`` names.

    Examples
    --------
    >>> models("2026-07-05")["LeadTableRow"].fields["createdAt"].format
    'date-time'
    """
    text = (files("leadping_nb") / "data" / f"models-{revision}.json").read_text(encoding="utf-8")
    data = json.loads(text)
    enums = {name: tuple(values) for name, values in data["enums"].items()}
    required = {name: frozenset(fields) for name, fields in data["required"].items()}
    unknown = dict.fromkeys(data["required_unknown"])
    return Models(
        data["revision"],
        MappingProxyType(data["models"]),
        MappingProxyType(enums),
        MappingProxyType({**required, **unknown}),
    )
