"""Faults of calls: limits, errors, and answers that are not what they promise; one row each."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from leadping_nb.sandbox.answers import PROBLEM, Answer, Call, problem, too_many
from leadping_nb.sandbox.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CALL_FAULTS"]

Json = dict[str, Any]


def _repeat_cursor(page: Json, options: Mapping[str, Any]) -> Json:
    asked = options.get("continuationToken")
    return {**page, "continuationToken": asked} if asked else page


def _without_challenge(call: Call, answer: Answer) -> Answer:
    if "WWW-Authenticate" not in answer.headers:
        return answer
    kept = {name: value for name, value in answer.headers.items() if name != "WWW-Authenticate"}
    return replace(answer, headers=kept)


def _foreign_problem(call: Call, answer: Answer) -> Answer:
    return replace(answer, media_type="text/plain; charset=iso-8859-1") if answer.media_type == PROBLEM else answer


CALL_FAULTS: tuple[Fault, ...] = (
    Fault(
        "rate_limited",
        "Answers 429 with Retry-After: 1.",
        "A limit is met by waiting as long as the server says.",
        "waits a second and tries again; a RateLimitedError when it goes on",
        instead=lambda call, now: too_many(retry_after="1"),
    ),
    Fault(
        "rate_limited_date",
        "Answers 429 with a Retry-After that is a date, one second ahead of the answer's own Date.",
        "Retry-After has two forms (RFC 9110, section 10.2.3).",
        "waits until then and tries again",
        instead=lambda call, now: too_many(retry_after=format_datetime(now + timedelta(seconds=1), usegmt=True)),
    ),
    Fault(
        "rate_limited_silent",
        "Answers 429 without Retry-After.",
        "The header is not guaranteed; a client needs a backoff of its own.",
        "waits longer each time and tries again, within bounds",
        instead=lambda call, now: too_many(retry_after=None),
    ),
    Fault(
        "unavailable",
        "Answers 503.",
        "A server that is away for a moment is asked again, but only for reads.",
        "tries reads again, within bounds; a ServerError when it goes on",
        instead=lambda call, now: problem(503, "The API is not available for a moment.", path=call.path),
    ),
    Fault(
        "server_error",
        "Answers 500.",
        "An error of the server is not the caller's fault and not worth a storm of repeats.",
        "a ServerError that says so",
        instead=lambda call, now: problem(500, "Something went wrong on our side.", path=call.path),
    ),
    Fault(
        "no_challenge",
        "Answers 401 without WWW-Authenticate.",
        "A challenge can be sent but need not be.",
        "an UnauthorizedError all the same; discovery falls back to the well-known path",
        answer=_without_challenge,
    ),
    Fault(
        "html_with_200",
        "Answers 200 with an HTML page.",
        "A status says nothing about the content; proxies and sign-in pages answer so.",
        "a ResponseError that says that this is no JSON",
        answer=lambda call, answer: Answer(
            200, b"<!doctype html><title>Welcome</title><p>This is no API.</p>", "text/html; charset=utf-8"
        ),
    ),
    Fault(
        "not_json",
        "Sends half of the JSON text under a Content-Length that agrees with it.",
        "A content type promises JSON; only reading it proves it.",
        "a ResponseError that says that this is no JSON",
        answer=lambda call, answer: replace(answer, body=answer.body[: len(answer.body) // 2] or b"{"),
    ),
    Fault(
        "repeated_cursor",
        "Every page after the first carries the cursor it was asked for with.",
        "A list that never ends must be noticed.",
        "a PagingError, or a frame that says it is not whole",
        page=_repeat_cursor,
    ),
    Fault(
        "foreign_charset_problem",
        "Sends problem documents as text/plain in another character set.",
        "A problem is known by its shape and not by its media type.",
        "the same error, with the problem read",
        answer=_foreign_problem,
    ),
    Fault(
        "reset",
        "Closes the connection in the middle of the body.",
        "An answer that did not arrive is no answer.",
        "a TransportError, or another try of a read",
        answer=lambda call, answer: replace(answer, cut=len(answer.body) // 2),
    ),
)
"""The faults of calls."""
