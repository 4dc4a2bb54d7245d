"""A shipped contract as an outline, and what of an outline the toolkit itself uses."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

from leadping_nb.contracts import REVISIONS, Contract, Operation, contract as load_contract
from leadping_nb.credential import KeyType
from leadping_nb.models import Field
from leadping_nb.openapi import Call, Outline, plain_id
from leadping_nb.openapi.outline import NO_CREDENTIAL, SOURCE_KEY, USER_OR_KEY
from leadping_nb.resources import resources

__all__ = ["Use", "columns_by_model", "outline_of", "uses"]


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
    known = contract.models
    models = MappingProxyType({name: known[name].fields for name in known.specs})
    return Outline(contract.revision, MappingProxyType(calls), models)


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


def columns_by_model(outline: Outline) -> Mapping[str, tuple[str, ...]]:
    """Give, for each model that a loaded row holds, the lists that show its fields as columns.

    Examples
    --------
    >>> "leads" in columns_by_model(outline_of(load_contract()))["TagSummary"]
    True
    """
    shown: dict[str, dict[str, None]] = {}
    for key, use in uses().items():
        call = outline.calls.get(key)
        if use.role == "list" and call is not None and call.row_model is not None:
            for model in _reached(outline.models, call.row_model):
                shown.setdefault(model, {})[use.name] = None
    return {model: tuple(names) for model, names in shown.items()}


def _reached(models: Mapping[str, Mapping[str, Field]], first: str) -> Iterator[str]:
    """Give a model and all that its fields hold, each once."""
    waiting, met = deque([first]), {first}
    while waiting:
        model = waiting.popleft()
        yield model
        for entry in models.get(model, {}).values():
            held = entry.items.model if entry.items is not None else entry.model
            if held is not None and held not in met:
                met.add(held)
                waiting.append(held)


def _call(operation: Operation) -> Call:
    return Call(
        operation.method,
        operation.path,
        operation.summary,
        _takes(operation),
        operation.request_model,
        operation.response_model,
        operation.row_model,
    )


def _takes(operation: Operation) -> str:
    if operation.access[None].verdict == "allowed":
        return NO_CREDENTIAL
    return SOURCE_KEY if operation.access[KeyType.SOURCE_KEY].verdict == "allowed" else USER_OR_KEY
