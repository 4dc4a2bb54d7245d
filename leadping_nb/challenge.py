"""What a 401 asks for: the ``WWW-Authenticate`` header of RFC 9110, section 11.6.1."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from leadping_nb.arguments import Wanted, demand
from leadping_nb.lasting import Lasting

__all__ = ["Challenge", "parse_www_authenticate"]

_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"  # noqa: S105  # a grammar's token, RFC 9110 section 5.6.2
# One piece at a time: a quoted string, a run of blanks, a comma, an equals sign, or anything up to the next of these.
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"?|[ \t]+|,|=+|[^\s,="]+', re.DOTALL)
_LONGEST = 65_536  # characters; servers and clients alike refuse headers that are longer
_IS_TOKEN = re.compile(rf"{_TOKEN}\Z")
_IS_TOKEN68 = re.compile(r"[A-Za-z0-9\-._~+/]+=*\Z")


@dataclass(frozen=True, slots=True)
class Challenge(Lasting):
    """One challenge of a ``WWW-Authenticate`` header."""

    scheme: str
    """The scheme as it was sent, such as ``Bearer``; schemes compare without regard to case."""
    token68: str | None = None
    """The single value that some schemes carry in place of parameters, or None."""
    params: Mapping[str, str] = field(default_factory=dict)
    """The parameters by their names in lower case, quotes and escapes taken off."""

    def is_bearer(self) -> bool:
        """Whether it is a challenge of RFC 6750."""
        return self.scheme.lower() == "bearer"


_HEADER = Wanted.of(str, what="a text", hint="Give the header's value, such as response.headers['WWW-Authenticate'].")


def parse_www_authenticate(header: str | None) -> list[Challenge]:
    """Read the challenges of a ``WWW-Authenticate`` header (RFC 9110, section 11.6.1).

    Parameters
    ----------
    header
        The header's value; several headers may be joined with commas. None is a header that was not sent. What lies
        beyond 64 KiB is not read.

    Returns
    -------
    list of Challenge
        In the order of the header. What cannot be read is passed over: a text from outside never raises.

    Examples
    --------
    >>> parse_www_authenticate('Bearer realm="a, b", error=invalid_token, Basic realm="c"')[0].params["realm"]
    'a, b'
    >>> parse_www_authenticate("Negotiate YWJj==")[0].token68
    'YWJj=='
    """
    demand(_HEADER.or_none, header=header)
    challenges: list[Challenge] = []
    scheme: str | None = None
    token68: str | None = None
    params: dict[str, str] = {}
    for element in _elements((header or "")[:_LONGEST]):
        started, rest = _scheme(element)
        if started is not None:
            if scheme is not None:
                challenges.append(Challenge(scheme, token68, MappingProxyType(params)))
            scheme, token68, params = started, None, {}
        pair = _parameter(rest)
        if pair is not None:
            params.setdefault(*pair)
        elif rest and started is not None and _IS_TOKEN68.match("".join(rest).strip()):
            token68 = "".join(rest).strip()
    if scheme is not None:
        challenges.append(Challenge(scheme, token68, MappingProxyType(params)))
    return challenges


def _elements(header: str) -> Iterator[list[str]]:
    """Split at the commas outside quotes; each element is its pieces."""
    element: list[str] = []
    for piece in _PIECE.findall(header):
        if piece == ",":
            yield element
            element = []
        else:
            element.append(piece)
    yield element


def _scheme(element: list[str]) -> tuple[str | None, list[str]]:
    """Take a scheme off an element's front: a token alone, or one that blanks and no equals sign follow."""
    pieces = element[1:] if element and element[0].isspace() else element
    if not pieces or not _IS_TOKEN.match(pieces[0]):
        return None, pieces
    rest = pieces[1:]
    if not rest or (rest[0].isspace() and not (len(rest) > 1 and rest[1] == "=")):
        return pieces[0], rest
    return None, pieces


def _parameter(pieces: list[str]) -> tuple[str, str] | None:
    """Read ``name = value``; a value without quotes may hold more than a token, as seen with addresses."""
    solid = [piece for piece in pieces if not piece.isspace()]
    if len(solid) < 3 or solid[1] != "=" or not _IS_TOKEN.match(solid[0]):
        return None
    value = solid[2]
    if value.startswith('"'):
        return solid[0].lower(), re.sub(
            r"\\(.)", r"\1", value[1:-1] if value[-1:] == '"' and len(value) > 1 else value[1:]
        )
    return solid[0].lower(), "".join(solid[2:])
