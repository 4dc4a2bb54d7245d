"""The shape of one model's rows, prepared once so that a row costs a copy and a few assignments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadping_nb.sandbox.synth import Synth

if TYPE_CHECKING:
    from leadping_nb.models import Field
    from leadping_nb.sandbox.rows import Row

__all__ = ["Owner", "Shape", "Shapes"]


@dataclass(frozen=True, slots=True)
class Owner:
    """The business that the world belongs to, and its owner."""

    business_id: str = "biz_sandbox_01"
    """The business, or organization in later revisions."""
    business_name: str = "Sandbox Insurance"
    """Its name."""
    user_id: str = "user_sandbox_01"
    """The signed-in person."""
    user_name: str = "Ada Sandbox"
    """Their name."""
    user_email: str = "ada@example.com"
    """Their mailbox."""

    def value(self, name: str, *, as_object: bool) -> object:
        """Say what a field of that name holds, as a text or a pair; None if it is about something else."""
        who = _OWNED.get(name)
        if who is None:
            return None
        id_, name_ = (self.business_id, self.business_name) if who[0] == "business" else (self.user_id, self.user_name)
        if as_object:
            return {"id": id_, "name": name_} if who[1] == "name" else None
        return {"id": id_, "name": name_, "email": self.user_email}[who[1]]


_OWNED: Mapping[str, tuple[str, str]] = {
    "business": ("business", "name"),
    "businessId": ("business", "id"),
    "businessName": ("business", "name"),
    "currentBusiness": ("business", "name"),
    "organization": ("business", "name"),
    "organizationId": ("business", "id"),
    "organizationName": ("business", "name"),
    "currentOrganization": ("business", "name"),
    "accountId": ("business", "id"),
    "accountName": ("business", "name"),
    "user": ("user", "name"),
    "userId": ("user", "id"),
    "userName": ("user", "name"),
    "userEmail": ("user", "email"),
    "createdBy": ("user", "name"),
    "createdByUser": ("user", "name"),
    "createdByUserId": ("user", "id"),
    "modifiedByUser": ("user", "name"),
}


class Shape:
    """A row of a model with all its fields: null where that is allowed, else something that fits.

    Parameters
    ----------
    synth
        Makes what must not be null.
    model
        The model's name.
    owner
        Whom the rows belong to.
    """

    def __init__(self, synth: Synth, model: str, owner: Owner) -> None:
        self.model = model
        self._blank: Row = {
            name: _blank(synth, field, f"{model}.{name}", owner) for name, field in synth.models[model].fields.items()
        }

    def row(self, values: Mapping[str, object]) -> Row:
        """Give a row with these values; names that the model does not have are left out."""
        row = self._blank.copy()
        for name, value in values.items():
            if name in row:
                row[name] = value
        return row


class Shapes:
    """The shapes of one revision, each made when first asked for."""

    def __init__(self, synth: Synth, owner: Owner) -> None:
        self._synth = synth
        self._owner = owner
        self._made: dict[str, Shape] = {}

    def __contains__(self, model: object) -> bool:
        return model in self._synth.models

    def row(self, model: str, values: Mapping[str, object]) -> Row:
        """Give a row of a model with these values."""
        if model not in self._made:
            self._made[model] = Shape(self._synth, model, self._owner)
        return self._made[model].row(values)


def _blank(synth: Synth, field: Field, key: str, owner: Owner) -> object:
    known = owner.value(field.name, as_object=field.type == "object") if field.type in ("object", "string") else None
    if known is not None:
        return known
    if field.nullable is False:
        return [] if field.type == "array" else synth.value(field, key)
    if field.type == "boolean" and field.nullable is None:
        return False
    return None
