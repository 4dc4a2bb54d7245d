"""A call as it arrived and the answer to it, as values; problem documents as the API writes them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leadping_nb.contracts import Operation

__all__ = ["JSON", "PROBLEM", "Answer", "Call", "json_answer", "loggable", "path_values", "problem", "too_many"]

JSON = "application/json"
PROBLEM = "application/problem+json"

# Status: the section that defines it, and its title.
_PROBLEMS: Mapping[int, tuple[str, str]] = {
    400: ("https://tools.ietf.org/html/rfc9110#section-15.5.1", "Bad Request"),
    401: ("https://tools.ietf.org/html/rfc9110#section-15.5.2", "Unauthorized"),
    403: ("https://tools.ietf.org/html/rfc9110#section-15.5.4", "Forbidden"),
    404: ("https://tools.ietf.org/html/rfc9110#section-15.5.5", "Not Found"),
    405: ("https://tools.ietf.org/html/rfc9110#section-15.5.6", "Method Not Allowed"),
    413: ("https://tools.ietf.org/html/rfc9110#section-15.5.14", "Content Too Large"),
    500: ("https://tools.ietf.org/html/rfc9110#section-15.6.1", "Internal Server Error"),
    501: ("https://tools.ietf.org/html/rfc9110#section-15.6.2", "Not Implemented"),
    503: ("https://tools.ietf.org/html/rfc9110#section-15.6.4", "Service Unavailable"),
}

_SECRET_BEGINNINGS = ("lp_", "sk_", "eyJ")  # how the API's credentials begin; a path is no place for one


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it arrived."""

    method: str
    """In capitals."""
    path: str
    """As sent, percent-encoded."""
    query: Mapping[str, Sequence[str]] = field(default_factory=dict, repr=False)
    """Its query, decoded."""
    authorization: tuple[str, ...] = field(default=(), repr=False)
    """Its ``Authorization`` headers."""
    body: bytes = field(default=b"", repr=False)
    """Its body."""
    client: str = "127.0.0.1"
    """The address it came from."""
    accept_encoding: str = ""
    """Its ``Accept-Encoding``."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One response."""

    status: int
    """The status code."""
    body: bytes = field(default=b"", repr=False)
    """The body."""
    media_type: str | None = JSON
    """The content type."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Further headers."""
    cut: int | None = None
    """Close the connection after this many bytes of the body; None sends all of it."""
    length: int | None = None
    """Announce this ``Content-Length``, send the whole body and close the connection; None announces the true one."""
    silent: bool = False
    """Close the connection before any byte of the answer."""
    pace: float | None = None
    """Send the body in pieces, with this many seconds before each; None sends it at once."""
    piece: int = 1
    """How many bytes a piece has, where there is a pace."""


def json_answer(value: object, *, status: int = 200) -> Answer:
    """Answer with JSON.

    Examples
    --------
    >>> json_answer({"unread": 3}).body
    b'{"unread":3}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Answer(status, text.encode())


def problem(
    status: int,
    detail: str,
    *,
    path: str,
    headers: Mapping[str, str] | None = None,
    errors: Mapping[str, Sequence[str]] | None = None,
) -> Answer:
    """Answer with a problem document.

    Parameters
    ----------
    status
        The status, which names type and title.
    detail
        What went wrong; it never repeats what was sent.
    path
        The path that was called, for ``instance``.
    headers
        Further headers.
    errors
        What is wrong with each field, in revisions whose problems say so.

    Examples
    --------
    >>> problem(404, "There is no such lead.", path="/leads/0").body
    b'{"type":"...15.5.5","title":"Not Found","status":404,"detail":"There is no such lead.","instance":"/leads/0"}'
    """
    kind, title = _PROBLEMS[status]
    members: dict[str, object] = {"type": kind, "title": title, "status": status, "detail": detail}
    members |= {"instance": loggable(path)} | ({"errors": errors} if errors else {})
    return Answer(status, json_answer(members).body, PROBLEM, headers or {})


def too_many(*, retry_after: str | None) -> Answer:
    """Answer 429 with the three members that the rate-limits page shows."""
    members = {
        "status": 429,
        "title": "Too many requests.",
        "detail": "More requests came in this minute than the limit allows.",
    }
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return Answer(429, json_answer(members).body, PROBLEM, headers)


def loggable(path: str, operation: Operation | None = None) -> str:
    """Give a path without anything that could be a credential.

    Examples
    --------
    >>> loggable("/leads/lp_example")
    '/leads/…'
    """
    template = operation.path.split("/") if operation else ()
    parts = path.split("/")
    return "/".join(
        "…"
        if unquote(part).lstrip().startswith(_SECRET_BEGINNINGS) or (at < len(template) and template[at] == "{token}")
        else part
        for at, part in enumerate(parts)
    )


def path_values(operation: Operation, path: str) -> dict[str, str]:
    """Read a path's values by the names of the operation's template, percent-decoded."""
    parts = zip(operation.path.strip("/").split("/"), path.strip("/").split("/"), strict=True)
    return {name[1:-1]: unquote(value, errors="replace") for name, value in parts if name.startswith("{")}
