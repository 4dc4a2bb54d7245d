"""Which column of a table is which field of a lead: told, named so, or recognised; and said."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from leadping_nb.contracts import Contract, contract as load_contract
from leadping_nb.errors import LeadpingError
from leadping_nb.identifiers import shown
from leadping_nb.intake.form import Form, choose, form_of
from leadping_nb.intake.strangers import counterpart
from leadping_nb.models import Field

__all__ = ["ColumnUse", "Place", "match_columns", "place_of"]

How = Literal["told", "named so", "recognised", "left out"]

_LONGEST = 80
# What columns of lead tables are called besides the fields' own names, with letters and digits alone.
_SYNONYMS: Mapping[str, str] = {
    "phonenumber": "phone",
    "telephone": "phone",
    "mobile": "phone",
    "mobilephone": "phone",
    "cellphone": "phone",
    "emailaddress": "email",
    "mail": "email",
    "givenname": "firstName",
    "fname": "firstName",
    "familyname": "lastName",
    "surname": "lastName",
    "lname": "lastName",
    "address": "address1",
    "street": "address1",
    "streetaddress": "address1",
    "addressline1": "address1",
    "addressline2": "address2",
    "zipcode": "zip",
    "postcode": "postalCode",
    "dob": "birthDate",
    "birthday": "birthDate",
    "xxtrustedformcerturl": "trustedFormUrl",
    "trustedformcerturl": "trustedFormUrl",
    "trustedform": "trustedFormUrl",
    "leadprice": "price",
}


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """What a column is taken for."""

    column: object
    """The column's name."""
    field: str | None
    """The field, or None where the column is left out."""
    how: How
    """``told``, ``named so``, ``recognised`` or ``left out``."""
    note: str = ""
    """Why it is left out, with the nearest field."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field stands in a lead, as far as the form knows its path."""

    parent: tuple[str, ...]
    """The objects that it is in."""
    name: str
    """Its name in the last of them."""
    field: Field | None
    """The field, or None where the last object has none of that name."""
    rest: tuple[str, ...] = ()
    """What is left of the path, below the field."""

    @property
    def path(self) -> str:
        """The path as text."""
        return ".".join((*self.parent, self.name))


def place_of(form: Form, path: str) -> Place:
    """Follow a path into a form, until it ends or leaves what the form knows.

    Examples
    --------
    >>> place_of(form_of("structured", load_contract()), "metadata.sourceMetadata.page").rest
    ('page',)
    """
    parts = tuple(path.split("."))
    fields = form.models[form.model].fields
    for at, name in enumerate(parts):
        entry = fields.get(name)
        is_last = at == len(parts) - 1
        if entry is None or is_last or entry.type != "object" or entry.model not in form.models:
            return Place(parts[:at], name, entry, parts[at + 1 :])
        fields = form.models[str(entry.model)].fields
    raise AssertionError("a path has at least one part")


def match_columns(
    names: Sequence[object], told: Mapping[object, str | None], form: str | None, contract: Contract
) -> tuple[Form, tuple[ColumnUse, ...]]:
    """Say what each column is taken for, and of which form the leads are.

    Parameters
    ----------
    names
        The columns.
    told
        Fields by column, as somebody said; None leaves a column out.
    form
        The form that was chosen, or None to recognise it.
    contract
        The contract.

    Raises
    ------
    LeadpingError
        If a column that was told is not there, or two are told to be the same field.

    Examples
    --------
    >>> _, uses = match_columns(["Phone Number", "email", "Notes"], {}, None, load_contract())
    >>> [(use.field, use.how) for use in uses]
    [('phone', 'recognised'), ('email', 'named so'), (None, 'left out')]
    """
    _check(names, told)
    chosen = choose([told.get(name) or name for name in names], form, contract)
    own = {str(name): name for name in names if name not in told and _is_own(chosen, str(name))}
    taken = {field for field in told.values() if field is not None}
    uses: dict[object, ColumnUse] = {}
    for name in names:
        text = str(name)
        if name in told:
            field = told[name]
            uses[name] = ColumnUse(name, field, "told") if field else ColumnUse(name, None, "left out", "as told")
        elif text in own:
            uses[name] = _use(name, text, "named so", taken)
    for name in names:
        if name not in uses:
            known = _recognised(chosen).get(_letters(str(name)))
            uses[name] = _use(name, known, "recognised", taken) if known else _unused(name, chosen)
    return chosen, tuple(uses[name] for name in names)


def _check(names: Sequence[object], told: Mapping[object, str | None]) -> None:
    if len(set(names)) != len(names):
        raise LeadpingError("Two columns have the same name.", hint="Rename one of them.")
    for name, field in told.items():
        if name not in names:
            near = difflib.get_close_matches(str(name), map(str, names), n=1)
            hint = f"Nearest: {shown(near[0], _LONGEST)}." if near else "Compare it with df.columns."
            raise LeadpingError("columns= names a column that the DataFrame does not have.", hint=hint)
        if field is not None and not (isinstance(field, str) and field.strip(".")):
            raise LeadpingError("columns= has something else than a field.", hint="Give a field's path, or None.")
    fields = [field for field in told.values() if field is not None]
    if len(set(fields)) != len(fields):
        raise LeadpingError("columns= takes two columns for the same field.", hint="Set one of them to None.")


def _use(name: object, field: str, how: How, taken: set[str]) -> ColumnUse:
    if field in taken:
        return ColumnUse(name, None, "left out", f"another column is taken for {field}")
    taken.add(field)
    return ColumnUse(name, field, how)


def _unused(name: object, form: Form) -> ColumnUse:
    near = difflib.get_close_matches(_letters(str(name)[:_LONGEST]), _recognised(form), n=1, cutoff=0.75)
    return ColumnUse(name, None, "left out", f"no field; nearest: {_recognised(form)[near[0]]}" if near else "no field")


def _is_own(form: Form, name: str) -> bool:
    place = place_of(form, name)
    return place.field is not None and (not place.rest or place.field.type in ("map", "any"))


@cache
def _recognised(form: Form) -> Mapping[str, str]:
    """Give the fields by what columns may be called, with letters and digits alone."""
    flat = form_of("flat", load_contract(form.revision))
    names: Iterable[tuple[str, str]] = (*((name, name) for name in flat.fields), *_SYNONYMS.items())
    found = {_letters(name): counterpart(form, field) for name, field in names}
    found |= {_letters(path): path for path in form.fields}
    return {letters: path for letters, path in found.items() if path is not None}


def _letters(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
