"""What a description of the API comes to: its calls and models, as far as two descriptions can be compared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from leadping_nb.models import Field
from leadping_nb.openapi.credentials import Scheme

__all__ = ["Call", "Input", "Outline", "plain_id"]

_TEMPLATE = re.compile(r"\{[^{}]*\}")  # a brace that opens ends the search, so that each letter is read once
_LAST_SLASH = re.compile(r"(?<=[^ /])/$")  # of a path, and not the path that is nothing else


@dataclass(frozen=True, slots=True)
class Input:
    """Something that is given to a call beside its path and body."""

    field: Field
    """Its name and type."""
    place: str = "query"
    """``query``, ``header`` or ``cookie``."""
    required: bool = False
    """Whether the call is not valid without it."""
    deprecated: bool = False
    """Whether it is said to go."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call."""

    method: str
    """The method, in capitals."""
    path: str
    """The path, with its templates in braces."""
    summary: str = ""
    """What it does; empty where nobody says."""
    takes: tuple[str, ...] = ()
    """Which credentials it takes, in words, any of which will do; empty where that is not known."""
    request_model: str | None = None
    """The model of the body, or None."""
    response_model: str | None = None
    """The model of the answer, or of one element where the answer is a list."""
    row_model: str | None = None
    """The model of one row of a list, paged or bare."""
    inputs: Mapping[str, Input] = field(default_factory=dict)
    """What goes with it in the query, the headers and the cookies, by name."""
    request_types: tuple[str, ...] = ()
    """The media types of the body; empty where there is none."""
    requires_body: bool = False
    """Whether the call is not valid without a body."""
    answers: str = ""
    """What comes back: ``pages``, ``a list``, ``an object`` and so on; empty where nobody says."""
    statuses: tuple[str, ...] = ()
    """The statuses that are named, of successes and errors."""
    deprecated: bool = False
    """Whether it is said to go."""
    has_scopes: bool = False
    """Whether its credentials must have been given for some purpose, a scope or role."""

    @property
    def id(self) -> str:
        """Method and path."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True, eq=False)
class Outline:
    """All that one description says."""

    name: str
    """A revision's date, or where the description stands."""
    calls: Mapping[str, Call] = field(repr=False)
    """The calls by `plain_id`."""
    models: Mapping[str, Mapping[str, Field]] = field(repr=False)
    """The fields of each model, by their names on the wire."""
    schemes: Mapping[str, Scheme] = field(default_factory=dict, repr=False)
    """The ways to send a credential, by their names."""
    unread: tuple[str, ...] = ()
    """What could not be read, in sentences."""
    required: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)
    """The fields that must be there, by model; a model of which nobody says so is missing."""
    deprecated: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)
    """The fields that are said to go, by model; a model with none of them is missing."""
    limited: tuple[str, ...] = ()
    """The fields whose values are limited in length, size or form."""
    in_place: frozenset[str] = frozenset()
    """The models that are described where they are used, and have their names from there."""
    parts: frozenset[str] = frozenset()
    """The models that no call or field holds, and of which others are put together."""
    servers: tuple[str, ...] = ()
    """The addresses of the API."""

    @cached_property
    def row_models(self) -> frozenset[str]:
        """The models of rows of lists."""
        return frozenset(call.row_model for call in self.calls.values() if call.row_model is not None)


def plain_id(identifier: str) -> str:
    """Leave out of a method and path what may be written otherwise: names in braces, and a slash at the end.

    Examples
    --------
    >>> plain_id("GET /leads/{leadId}") == plain_id("GET /leads/{id}/")
    True
    """
    return _LAST_SLASH.sub("", _TEMPLATE.sub("{}", identifier))
