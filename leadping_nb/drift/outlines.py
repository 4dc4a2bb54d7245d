"""A shipped contract as an outline, and what of an outline the toolkit itself uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from types import MappingProxyType
from typing import Literal

from leadping_nb.contracts import REVISIONS, Contract, Operation, contract as load_contract
from leadping_nb.credential import KeyType
from leadping_nb.models import Field
from leadping_nb.openapi import Call, Input, Outline, plain_id
from leadping_nb.openapi.credentials import NO_CREDENTIAL, SOURCE_KEY, USER_OR_KEY
from leadping_nb.resources import resources

__all__ = ["Use", "outline_of", "uses"]

_ANSWERS: Mapping[str, str] = {
    "paged": "pages", "list": "a list", "object": "an object", "none": "nothing", "primitive:int": "a number",
    "primitive:bool": "true or false", "primitive:bytes": "a file",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Use:
    """What the toolkit does by a call."""

    role: Literal["list", "one", "send"]
    """Loads a list, reads one row of it, or sends a lead."""
    name: str
    """The resource, such as ``leads``."""

    @property
    def code(self) -> str:
        """The line of Python that makes the call."""
        return {"list": f'api.frame("{self.name}")', "one": f'api.one("{self.name}", id)', "send": "Sending leads"}[
            self.role
        ]


@cache
def outline_of(contract: Contract) -> Outline:
    """Give what can be compared of a contract.

    Examples
    --------
    >>> outline_of(load_contract()).calls["GET /leads/{}"].response_model
    'LeadResponse'
    """
    calls = {plain_id(operation.id): _call(operation) for operation in contract.operations}
    known = {name: contract.models[name] for name in contract.models.specs}
    return Outline(
        contract.revision,
        MappingProxyType(calls),
        MappingProxyType({name: model.fields for name, model in known.items()}),
        required=MappingProxyType(
            {name: model.required for name, model in known.items() if model.required is not None}
        ),
    )


@cache
def uses() -> Mapping[str, Use]:
    """Give the calls that the toolkit makes under any revision, by `plain_id`.

    Examples
    --------
    >>> uses()["POST /phone-numbers/all/organization"].code
    'api.frame("phone_numbers")'
    """
    found: dict[str, Use] = {}
    for revision in REVISIONS:
        known = load_contract(revision)
        for name, resource in resources(known).items():
            found[plain_id(resource.operation.id)] = Use("list", name)
            if resource.one is not None:
                found.setdefault(plain_id(resource.one.id), Use("one", name))
        for operation in known.operations:
            if operation.access[KeyType.SOURCE_KEY].verdict == "allowed":
                found[plain_id(operation.id)] = Use("send", "leads")
    return MappingProxyType(found)


def _call(operation: Operation) -> Call:
    return Call(
        operation.method,
        operation.path,
        operation.summary,
        (_takes(operation),),
        operation.request_model,
        operation.response_model,
        operation.row_model,
        inputs=MappingProxyType(
            {
                entry.name: Input(Field(entry.name, entry.type, entry.format), required=entry.required)
                for entry in operation.query
            }
        ),
        request_types=() if operation.request_type is None else (operation.request_type,),
        requires_body=operation.requires_body,
        answers="a redirect" if operation.success >= HTTPStatus.MULTIPLE_CHOICES else _ANSWERS[operation.response_kind],
        statuses=tuple(map(str, operation.statuses)),
    )


def _takes(operation: Operation) -> str:
    if operation.access[None].verdict == "allowed":
        return NO_CREDENTIAL
    return SOURCE_KEY if operation.access[KeyType.SOURCE_KEY].verdict == "allowed" else USER_OR_KEY
