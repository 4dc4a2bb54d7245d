"""What an answer means: its JSON, or the error that it is. Pure functions of status, headers and body."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from leadping_nb.challenge import parse_www_authenticate
from leadping_nb.credential import Credential
from leadping_nb.errors import (
    ApiError,
    ForbiddenError,
    InvalidRequestError,
    NotFoundError,
    Problem,
    RateLimitedError,
    ResponseError,
    ServerError,
    UnauthorizedError,
)
from leadping_nb.session.retry import http_date, retry_after

__all__ = ["Answer", "error_of", "json_of", "read_problem", "scrubbed", "without_credential"]

_BY_STATUS: Mapping[int, type[ApiError]] = {
    401: UnauthorizedError,
    403: ForbiddenError,
    404: NotFoundError,
    410: NotFoundError,
    429: RateLimitedError,
}
_HINTS: Mapping[int, str] = {
    501: "Leave this call out: who answered does not offer it, and would not in a minute.",
}
"""What to do after a status that the hint of its class does not fit."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one request."""

    method: str
    """The method that was used."""
    url: str
    """The address that was asked."""
    status: int
    """The status of RFC 9110."""
    headers: Mapping[str, str] = field(repr=False)
    """The headers by their names in lower case."""
    body: bytes = field(repr=False)
    """The content, decompressed."""
    note: str | None = None
    """What whoever asked should know, such as that the call is undocumented for the key type."""

    @property
    def ok(self) -> bool:
        """Whether the status is a success."""
        return 200 <= self.status < 300

    @property
    def date(self) -> float | None:
        """When it was made by the server's clock, in epoch seconds, if it says so (RFC 9110, section 6.6.1)."""
        return http_date(self.headers.get("date", ""))


def json_of(answer: Answer) -> object:
    """Give the JSON of an answer, by its content and not its media type; None where it has no content.

    Raises
    ------
    ResponseError
        If it is not JSON; says what it looks like.
    """
    if answer.status == HTTPStatus.NO_CONTENT or not answer.body:
        return None
    parsed, value = _parse(answer.body)
    if not parsed:
        kind = "a web page (HTML)" if answer.body.lstrip()[:1] == b"<" else "not JSON"
        raise ResponseError(
            f"{answer.method} {answer.url} answered {answer.status} with {kind}.",
            status=answer.status,
            url=answer.url,
            headers=answer.headers,
        )
    return value


def error_of(answer: Answer, *, scrub: Callable[[str], str], now: float) -> ResponseError:
    """Make the error that an answer without success is.

    Parameters
    ----------
    answer
        What came back.
    scrub
        Takes the credential out of a text, in case the server repeats it.
    now
        The time in epoch seconds, for a ``Retry-After`` that is a date.
    """
    headers = {name: scrub(value) for name, value in answer.headers.items()}
    if 300 <= answer.status < 400:
        return ResponseError(
            f"{answer.method} {answer.url} answered {answer.status}; no credential follows a redirect.",
            status=answer.status,
            url=answer.url,
            headers=headers,
            hint="Use the address that answers itself; the Location header is in error.headers['location'].",
        )
    problem = read_problem(answer.body, scrub)
    phrase = _phrase(answer.status)
    said = " ".join(_sentence(text) for text in (problem.title, problem.detail) if text and not _is(text, phrase))
    message = f"{answer.method} {answer.url} answered {phrase}." + (f" It says: {said}" if said else "")
    if answer.note:
        message += f" {answer.note}"
    kind = _BY_STATUS.get(answer.status) or (ServerError if answer.status >= 500 else InvalidRequestError)
    details = {
        "status": answer.status,
        "url": answer.url,
        "method": answer.method,
        "problem": problem,
        "headers": headers,
    }
    if answer.status in _HINTS:
        return kind(message, hint=_HINTS[answer.status], **details)  # type: ignore[arg-type]  # as written above
    if kind is UnauthorizedError:
        challenges = parse_www_authenticate(headers.get("www-authenticate"))
        pointers = [found.params["resource_metadata"] for found in challenges if "resource_metadata" in found.params]
        return UnauthorizedError(
            message,
            challenges=tuple(challenges),
            resource_metadata=pointers[0] if pointers else None,
            hint=_unauthorized_hint(pointers[0] if pointers else None),
            **details,  # type: ignore[arg-type]  # as written above
        )
    if kind is RateLimitedError:
        told = retry_after(headers.get("retry-after"), now)
        return RateLimitedError(message, retry_after=told, **details)  # type: ignore[arg-type]  # as written above
    return kind(message, **details)  # type: ignore[arg-type]  # as written above


def read_problem(body: bytes, scrub: Callable[[str], str] = str) -> Problem:
    """Read what the server says by the shape of RFC 9457, whatever the media type.

    Examples
    --------
    >>> read_problem(b'{"title": "Too many requests.", "status": 429}').title
    'Too many requests.'
    """
    parsed, value = _parse(body)
    if not parsed:
        text = body[:300].decode("utf-8", "replace").strip()
        return Problem(detail=None if text[:1] == "<" or not text else scrub(text))
    if not isinstance(value, dict):
        return Problem(detail=scrub(value) if isinstance(value, str) else None)
    texts = {
        name: scrub(value[name]) if isinstance(value.get(name), str) else None
        for name in ("type", "title", "detail", "instance")
    }
    status = value.get("status")
    extensions = {key: _scrubbed(entry, scrub) for key, entry in value.items() if key not in (*texts, "status")}
    return Problem(**texts, status=status if isinstance(status, int) else None, extensions=extensions)


def without_credential(text: str, credential: Credential | None) -> str:
    """Put a credential's label where a text repeats the credential."""
    return text if credential is None else text.replace(credential.reveal(), f"<{credential.label}>")


def scrubbed(answer: Answer, scrub: Callable[[str], str]) -> Answer:
    r"""Scrub headers and body of an answer, for somebody else to read; texts of JSON however they are escaped.

    Examples
    --------
    >>> answer = Answer("GET", "/", 400, {}, b'{"title": "\\u006cp_x", "status": 400}')
    >>> scrubbed(answer, lambda text: text.replace("lp_x", "<key>")).body
    b'{"title": "<key>", "status": 400}'
    """
    parsed, value = _parse(answer.body)
    text = json.dumps(_scrubbed(value, scrub)) if parsed else scrub(answer.body.decode("utf-8", "replace"))
    headers = {name: scrub(held) for name, held in answer.headers.items()}
    return replace(answer, headers=headers, body=text.encode())


def _scrubbed(value: object, scrub: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, list):
        return [_scrubbed(entry, scrub) for entry in value]
    if isinstance(value, dict):
        return {scrub(key): _scrubbed(entry, scrub) for key, entry in value.items()}
    return value


def _parse(body: bytes) -> tuple[bool, object]:
    try:
        return True, json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False, None


def _is(text: str, phrase: str) -> bool:
    return phrase.casefold().endswith(f" {text.casefold().rstrip('.')}")


def _sentence(text: str) -> str:
    return text if text[-1] in ".!?" else f"{text}."


def _phrase(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _unauthorized_hint(pointer: str | None) -> str:
    if pointer is None:
        return (
            "The answer names no metadata, so discovery would begin at /.well-known/oauth-protected-resource. "
            + UnauthorizedError.hint
        )
    return f"Discovery would go on at {pointer}. {UnauthorizedError.hint}"
