"""The two forms of a lead under one contract: which fields each has, what is known of them, which one a lead has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from types import MappingProxyType

from leadping_nb.contracts import Contract, Operation, contract as load_contract
from leadping_nb.errors import LeadpingError
from leadping_nb.intake.rules import FORMS, RULES, FormName, Kind, Rule
from leadping_nb.models import Field, Models

__all__ = ["Form", "choose", "form_of"]


@dataclass(frozen=True)
class Form:
    """One form of a lead."""

    name: FormName
    """``flat`` or ``structured``."""
    revision: str
    """The contract's revision."""
    models: Models = field(repr=False, compare=False)
    """The contract's models."""
    operation: Operation = field(repr=False, compare=False)
    """The operation that takes it."""

    @property
    def model(self) -> str:
        """The name of the lead's model."""
        return str(self.operation.request_model)

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Every field of the lead by its path, objects before what is in them."""
        return MappingProxyType(dict(_paths(self.models, self.model)))

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules whose first field this revision has, without the fields that it does not have."""
        return tuple(
            Rule(
                rule.kind,
                rule.form,
                tuple(name for name in rule.fields if name in self.fields),
                rule.basis,
                rule.source,
            )
            for rule in RULES
            if rule.form == self.name and _applies(rule, self.fields)
        )

    @cached_property
    def by_field(self) -> Mapping[str, tuple[Rule, ...]]:
        """The rules by the first field of each."""
        found: dict[str, tuple[Rule, ...]] = {}
        for rule in self.rules:
            found[rule.fields[0]] = (*found.get(rule.fields[0], ()), rule)
        return MappingProxyType(found)

    def of_kind(self, *kinds: Kind) -> Iterator[Rule]:
        """Give the rules of some kinds, in the order of the table."""
        return (rule for rule in self.rules if rule.kind in kinds)

    def known(self, path: str) -> tuple[Rule, ...]:
        """Give what is known of one field beyond its type."""
        return self.by_field.get(path, ())


def form_of(name: FormName, contract: Contract) -> Form:
    """Give a form under a contract.

    Examples
    --------
    >>> form_of("structured", load_contract()).fields["contact.phone.number"].type
    'string'
    """
    return _form(name, contract.revision)


def choose(names: Iterable[object], form: str | None, contract: Contract) -> Form:
    """Give the form that was chosen, or the one that most names are of.

    Parameters
    ----------
    names
        The names of the top level, and with a dot those of the level below.
    form
        ``flat``, ``structured``, or None to recognise it.
    contract
        The contract.

    Raises
    ------
    LeadpingError
        If there is no form of that name.

    Examples
    --------
    >>> choose(["contact.email", "tagIds"], None, load_contract()).name
    'structured'
    """
    if form is not None:
        if not isinstance(form, str) or form not in FORMS:
            raise LeadpingError("There is no form of that name.", hint=f"Use {' or '.join(map(repr, FORMS))}.")
        return form_of("flat" if form == "flat" else "structured", contract)
    flat, structured = (form_of(name, contract) for name in FORMS)
    marks = {name for name, entry in structured.fields.items() if entry.model and "." not in name} - {*flat.fields}
    named = [str(name) for name in names]
    nested = sum("." in name and name.partition(".")[0] in marks for name in named)
    plain = sum(name in flat.fields and name not in structured.fields for name in named)
    return structured if nested and nested >= plain else flat


@cache
def _form(name: FormName, revision: str) -> Form:
    contract = load_contract(revision)
    return Form(name, revision, contract.models, contract.operation(FORMS[name]))


def _applies(rule: Rule, fields: Mapping[str, Field]) -> bool:
    # Twins and the ways to a person hold for any that are there, an address where there is a state.
    if rule.kind == "twins":
        return sum(name in fields for name in rule.fields) > 1
    return rule.fields[1 if rule.kind == "address" else 0] in fields


def _paths(models: Models, model: str, prefix: str = "", parents: tuple[str, ...] = ()) -> Iterator[tuple[str, Field]]:
    for name, entry in models[model].fields.items():
        yield f"{prefix}{name}", entry
        if entry.type == "object" and entry.model in models and entry.model not in parents:
            yield from _paths(models, str(entry.model), f"{prefix}{name}.", (*parents, model))
