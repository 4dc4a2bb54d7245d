"""The credentials of an OpenAPI document: its ways to send one, and which of them a call takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

__all__ = ["NO_CREDENTIAL", "SOURCE_KEY", "USER_OR_KEY", "Scheme", "has_scopes", "read_schemes", "taken"]

NO_CREDENTIAL, SOURCE_KEY, USER_OR_KEY = "no credential", "a source key", "a user token or key"

_LONGEST_WORDS = 300
_MOST_SCHEMES = 50
_MOST_CHOICES = 50
_SAID = ("type", "scheme", "in", "name", "bearerFormat", "description")
_BY_BEARER = frozenset({"oauth2", "openIdConnect"})
_PLACES = {"query": "{} in the query as {}", "header": "{} in the header {}", "cookie": "{} in the cookie {}"}
_OF_HTTP = {"basic": "a user name and password"}

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way to send a credential."""

    described: str
    """What is said of it, with the place where the credential goes."""
    takes: str
    """What goes by it, in words."""
    is_bearer: bool
    """Whether it goes in the ``Authorization`` header, as the toolkit sends it."""


def read_schemes(described: object, part: Callable[[object], Json]) -> dict[str, Scheme]:
    """Read the ways to send a credential, by their names.

    Parameters
    ----------
    described
        What the document says of each, of any shape.
    part
        Follows references of the document.

    Examples
    --------
    >>> read = read_schemes({"Key": {"type": "apiKey", "in": "query", "name": "key"}}, lambda entry: entry)
    >>> read["Key"].takes, read["Key"].is_bearer
    ('a key in the query as key', False)
    """
    schemes: dict[str, Scheme] = {}
    for name, entry in described.items() if isinstance(described, Mapping) else ():
        if len(schemes) == _MOST_SCHEMES:
            break
        if isinstance(name, str) and not name.startswith("x-") and isinstance(entry, Mapping):
            schemes[name] = _scheme(name, part(entry))
    return schemes


def taken(security: object, schemes: Mapping[str, Scheme]) -> tuple[str, ...]:
    """Put into words which credentials will do, each choice by itself; empty where that cannot be read.

    Parameters
    ----------
    security
        The choices, of any shape.
    schemes
        The ways to send a credential, by their names.

    Examples
    --------
    >>> taken([], {})
    ('no credential',)
    """
    if not isinstance(security, list):
        return ()
    choices = [_choice(choice, schemes) for choice in security[:_MOST_CHOICES] or [{}]]
    return tuple(dict.fromkeys(choices)) if "" not in choices else ()


def has_scopes(security: object) -> bool:
    """Whether each choice asks for scopes or roles beside a credential."""
    choices = security[:_MOST_CHOICES] if isinstance(security, list) else []
    return bool(choices) and all(isinstance(choice, Mapping) and any(choice.values()) for choice in choices)


def _choice(choice: object, schemes: Mapping[str, Scheme]) -> str:
    """Say what one choice asks for: all that it names together, or nothing."""
    if not isinstance(choice, Mapping) or not choice.keys() <= schemes.keys():
        return ""
    return ", and ".join(sorted({schemes[name].takes for name in choice})) or NO_CREDENTIAL


def _scheme(name: str, entry: Json) -> Scheme:
    said = {member: text[:_LONGEST_WORDS] for member in _SAID if isinstance(text := entry.get(member), str)}
    described = ", ".join(said.values())
    kind, way = said.get("type", ""), said.get("scheme", "bearer").lower()  # RFC 9110, section 11.1: case is nothing
    place, key = said.get("in", ""), said.get("name", name)
    is_header = (place, key.lower()) == ("header", "authorization")  # how OpenAPI 2 wrote a bearer
    is_source = "source" in name.lower() or ("lp_src_" in described and "token" not in described.lower())
    if kind in _BY_BEARER or (kind == "http" and way == "bearer") or (kind == "apiKey" and is_header):
        return Scheme(described, SOURCE_KEY if is_source else USER_OR_KEY, is_bearer=True)
    if kind == "apiKey":
        takes = _PLACES.get(place, f"{{}} by {name}").format(SOURCE_KEY if is_source else "a key", key)
    elif kind == "http":
        takes = _OF_HTTP.get(way, f"a credential of the HTTP scheme {way}")
    else:
        takes = "a client certificate" if kind == "mutualTLS" else f"what {name} asks for"
    return Scheme(described, takes, is_bearer=False)
