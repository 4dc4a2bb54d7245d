"""The three ways in which a lead can travel, and what there is to know of each before it does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from leadping_nb.arguments import TEXT, demand
from leadping_nb.contracts import Contract, Operation
from leadping_nb.errors import LeadpingError
from leadping_nb.intake import LeadCheck
from leadping_nb.intake.rules import FormName

__all__ = ["WAYS", "Way", "cautions", "external_id", "operation_of", "query_of", "way_of"]


@dataclass(frozen=True, slots=True)
class Way:
    """One call that takes in a lead."""

    form: FormName
    """The form of the lead in it."""
    operation: str
    """The operation's id."""


WAYS: Final[Mapping[str, Way]] = {
    "post": Way("structured", "POST /leads"),
    "intake": Way("flat", "POST /leads/intake"),
    "query": Way("flat", "GET /leads/intake"),
}
"""The ways by their names; only those in the body of a POST are sent."""

_CREATES = "It creates a lead, which can start messages, calls and charges; nothing here takes it back."
_AGAIN = "It is not repeatable: sent twice, it can be two leads."
_KEYED = (
    "Its idempotencyKey may keep a second sending from making a second lead; how long, and what is answered then, is "
    "not documented."
)
_ANONYMOUS = "Without externalId it is hard to find again if its answer is lost."
_GET = "A GET that creates: browsers, proxies and chat programs fetch such addresses ahead, and repeat them."
_ADDRESS = "Personal data stand in the address, and so in the logs of servers and proxies and in browsers' histories."
_NOT_HERE = "api.send_lead does not send it so; it sends the same fields in the body of POST /leads/intake."


def way_of(form: str | None, how: str | None) -> str | None:
    """Give the name of the way that was asked for, or None if the form of the lead decides.

    Raises
    ------
    LeadpingError
        If there is no such way, or it takes leads of another form.

    Examples
    --------
    >>> way_of(None, "query"), way_of("structured", None)
    ('query', 'post')
    """
    demand(TEXT.or_none, form=form)
    if how is None:
        return next((name for name, way in WAYS.items() if way.form == form), None)
    if not isinstance(how, str) or how not in WAYS:
        raise LeadpingError("There is no such way to send a lead.", hint=f"how= is one of {', '.join(WAYS)}.")
    if form not in (None, WAYS[how].form):
        raise LeadpingError(
            f"{WAYS[how].operation} takes leads of the {WAYS[how].form} form.", hint="Leave out form=, or how=."
        )
    return how


def operation_of(way: str, contract: Contract) -> Operation:
    """Give the operation of a way; raise `LeadpingError` if the contract does not have it any more."""
    return contract.operation(WAYS[way].operation)


def query_of(payload: Mapping[str, object], operation: Operation) -> dict[str, object]:
    """Write a flat lead as the query of ``GET /leads/intake``: its names in capitals, its map as JSON text.

    Examples
    --------
    >>> from leadping_nb.contracts import contract
    >>> operation = contract().operation("GET /leads/intake")
    >>> query_of({"firstName": "Ada", "sourceMetadata": {"page": "1"}}, operation)
    {'FirstName': 'Ada', 'SourceMetadata': '{"page":"1"}'}
    """
    names = {parameter.name.lower(): parameter.name for parameter in operation.query}
    return {
        names.get(name.lower(), name): json.dumps(value, separators=(",", ":")) if isinstance(value, dict) else value
        for name, value in payload.items()
    }


def external_id(payload: Mapping[str, object]) -> str | None:
    """Give the sender's own id of a lead, of either form; None if it has none.

    Examples
    --------
    >>> external_id({"metadata": {"externalId": "web-1"}})
    'web-1'
    """
    metadata = payload.get("metadata")
    for holder in (payload, metadata if isinstance(metadata, Mapping) else {}):
        found = holder.get("externalId")
        if isinstance(found, str) and found:
            return found
    return None


def cautions(check: LeadCheck, way: str) -> Iterator[str]:
    """Say what there is to know of a request before it is sent, a sentence each."""
    return (sentence for applies, sentence in _CAUTIONS if applies(check, way))


_Caution = tuple[Callable[[LeadCheck, str], bool], str]

_CAUTIONS: Final[tuple[_Caution, ...]] = (
    (lambda check, way: way != "query", _CREATES),
    (lambda check, way: way == "query", _GET),
    (lambda check, way: way == "query", _ADDRESS),
    (lambda check, way: not check.payload.get("idempotencyKey"), _AGAIN),
    (lambda check, way: bool(check.payload.get("idempotencyKey")), _KEYED),
    (lambda check, way: external_id(check.payload) is None, _ANONYMOUS),
    (lambda check, way: way == "query", _NOT_HERE),
)
"""When each is said."""
