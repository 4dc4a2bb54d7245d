"""The small lists as the API shows them, a few rows each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from leadping_nb.sandbox.rows import Row, Rows
from leadping_nb.sandbox.shelf import SHELVES, Shelf

if TYPE_CHECKING:
    from leadping_nb.contracts import Contract
    from leadping_nb.models import Field
    from leadping_nb.sandbox.shapes import Owner
    from leadping_nb.sandbox.synth import Synth

__all__ = ["Shelves"]

_PLAIN = {"isDemo": False, "adminEnablementOverride": None}  # the same for everything


class Shelves:
    """Rows and details of the small lists under one revision.

    Parameters
    ----------
    contract
        The contract, which says what model a list has.
    synth
        Makes the rest of each row.
    owner
        Whom the rows belong to.
    """

    def __init__(self, contract: Contract, synth: Synth, owner: Owner) -> None:
        self._synth = synth
        self._owner = owner
        self.by_path = {path: shelf for shelf in SHELVES for path in shelf.paths}
        """The small list behind a path."""
        self._by_noun = {shelf.noun: shelf for shelf in SHELVES}
        self._row_models = {
            self.by_path[operation.path].noun: operation.row_model
            for operation in contract.operations
            if operation.path in self.by_path
        }

    def rows(self, noun: str, model: str) -> Rows:
        """Give a small list."""
        shelf = self._by_noun[noun]
        return Rows(shelf.count, lambda index: self._row(shelf, index, model))

    def detail(self, noun: str, id_: str, model: str, *, by: str = "id") -> Row:
        """Give one of a small list in full; raise `KeyError` if there is none of that id."""
        shelf = self._by_noun[noun]
        row_model = self._row_models.get(noun) or model
        for index in range(shelf.count):
            row = self._row(shelf, index, row_model)
            if row.get(by) == id_ or _id(shelf, index) == id_:
                specs, others = self._synth.models.specs[model], self._synth.models.specs[row_model]
                shared = {name: value for name, value in row.items() if specs.get(name) == others[name]}
                return self._fill(model, f"{noun}:{index}", self._values(shelf, index) | shared)
        raise KeyError(id_)

    def has(self, noun: str, id_: str) -> bool:
        """Say whether a small list has a row of that id."""
        shelf = self._by_noun[noun]
        return any(_id(shelf, index) == id_ for index in range(shelf.count))

    def made(self, model: str, key: str, values: Mapping[str, object] | None = None) -> Row:
        """Give an object that belongs to no list."""
        return self._fill(model, key, dict(values or {}))

    def _row(self, shelf: Shelf, index: int, model: str) -> Row:
        return self._fill(model, f"{shelf.noun}:{index}", self._values(shelf, index))

    @staticmethod
    def _values(shelf: Shelf, index: int) -> Row:
        return {"id": _id(shelf, index)} | {name: pool[index % len(pool)] for name, pool in shelf.pools.items()}

    def _fill(self, model: str, key: str, values: Row) -> Row:
        fields = self._synth.models[model].fields
        known: Row = {name: value for name, value in _PLAIN.items() if name in fields}
        known |= {
            name: value
            for name, field in fields.items()
            if name not in values and field.type in ("string", "object")
            if (value := self._owner.value(name, as_object=field.type == "object")) is not None
        }
        # A value from a pool must also be of the field's kind: another revision may have made an object of a text.
        fitting = {name: value for name, value in values.items() if name in fields and _fits(value, fields[name])}
        return self._synth.made(model, key, known | fitting)


def _id(shelf: Shelf, index: int) -> str:
    return f"{shelf.noun}_sandbox_{index + 1:02}"


def _fits(value: object, field: Field) -> bool:
    if value is None:
        return field.nullable is not False
    if field.enum:
        return value in field.enum
    return (field.type == "object") == isinstance(value, dict)
