"""Faults of calls: limits, errors and redirects that come in place of what was asked for; one row each."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from leadping_nb.sandbox.answers import PROBLEM, Answer, Call, problem, too_many
from leadping_nb.sandbox.bodies import BodyError, read_object
from leadping_nb.sandbox.faults import Fault, Setting

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["CALL_FAULTS"]

_HTML = "text/html; charset=utf-8"


def _limited(retry_after: str | None) -> Callable[[Call, Setting], Answer]:
    return lambda call, setting: too_many(retry_after=retry_after)


def _limited_until(ahead: timedelta) -> Callable[[Call, Setting], Answer]:
    return lambda call, setting: too_many(retry_after=format_datetime(setting.now + ahead, usegmt=True))


def _error(status: int, detail: str) -> Callable[[Call, Setting], Answer]:
    return lambda call, setting: problem(status, detail, path=call.path)


def _goes_on(call: Call) -> bool:
    """Whether a call asks for a page after the first."""
    if any(name.lower() == "continuationtoken" and any(values) for name, values in call.query.items()):
        return True
    try:
        return bool(read_object(call.body).get("continuationToken"))
    except BodyError:
        return False


def _expired(call: Call, setting: Setting) -> Answer | None:
    if not _goes_on(call):
        return None
    challenge = (
        'Bearer error="invalid_token", error_description="The access token expired", '
        f'resource_metadata="{setting.addresses.resource_metadata}"'
    )
    return problem(401, "The credential has expired.", path=call.path, headers={"WWW-Authenticate": challenge})


def _forbidden(call: Call, setting: Setting) -> Answer | None:
    return problem(403, "The credential may not read on.", path=call.path) if _goes_on(call) else None


def _redirected(status: int, host: str, call: Call, *, path: str) -> Answer:
    query = f"?{urlencode(call.query, doseq=True)}" if call.query else ""
    return Answer(status, b"", None, {"Location": host + path + query})


def _to_slash(call: Call, setting: Setting) -> Answer | None:
    if call.path.endswith("/"):
        return None
    return _redirected(308, setting.addresses.api, call, path=call.path + "/")


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
        instead=_limited("1"),
    ),
    Fault(
        "rate_limited_date",
        "Answers 429 with a Retry-After that is a date, one second ahead of the answer's own Date.",
        "Retry-After has two forms (RFC 9110, section 10.2.3).",
        "waits until then and tries again",
        instead=_limited_until(timedelta(seconds=1)),
    ),
    Fault(
        "rate_limited_silent",
        "Answers 429 without Retry-After.",
        "The header is not guaranteed; a client needs a backoff of its own.",
        "waits longer each time and tries again, within bounds",
        instead=_limited(None),
    ),
    Fault(
        "rate_limited_hour",
        "Answers 429 with Retry-After: 3600.",
        "A server may ask for more patience than anybody has in front of a notebook.",
        "a RateLimitedError at once that names the hour; no wait beyond its bound",
        instead=_limited("3600"),
    ),
    Fault(
        "rate_limited_year",
        "Answers 429 with a Retry-After that is a date a year ahead.",
        "The bound of a wait holds for both forms of the header.",
        "a RateLimitedError at once that names the wait; no wait beyond its bound",
        instead=_limited_until(timedelta(days=365)),
    ),
    Fault(
        "rate_limited_past",
        "Answers 429 with a Retry-After that is a date an hour ago.",
        "Clocks differ, and a date can have passed when it is read; that is no licence to ask in a tight loop.",
        "waits for a moment of its own choice and tries again, within bounds",
        instead=_limited_until(timedelta(hours=-1)),
    ),
    Fault(
        "rate_limited_fraction",
        "Answers 429 with Retry-After: 0.5.",
        "Seconds are whole in RFC 9110; other servers send fractions all the same.",
        "waits for half a second or a time of its own choice, and tries again",
        instead=_limited("0.5"),
    ),
    Fault(
        "rate_limited_negative",
        "Answers 429 with Retry-After: -5.",
        "A number is no time to wait because it stands in the right place.",
        "waits as if the header were missing, never for less than nothing, and tries again",
        instead=_limited("-5"),
    ),
    Fault(
        "rate_limited_words",
        "Answers 429 with Retry-After: soon.",
        "A header that cannot be read is as good as none.",
        "waits as if the header were missing, and tries again",
        instead=_limited("soon"),
    ),
    Fault(
        "unavailable",
        "Answers 503.",
        "A server that is away for a moment is asked again, but only for reads.",
        "tries reads again, within bounds; a ServerError when it goes on",
        instead=_error(503, "The API is not available for a moment."),
    ),
    Fault(
        "server_error",
        "Answers 500.",
        "An error of the server is not the caller's fault and not worth a storm of repeats.",
        "a ServerError that says so",
        instead=_error(500, "Something went wrong on our side."),
    ),
    Fault(
        "bad_gateway",
        "Answers 502 with an HTML page.",
        "What stands between client and API has a voice of its own, and does not speak JSON.",
        "tries reads again, within bounds; a ServerError when it goes on, without the page in its text",
        instead=lambda call, setting: Answer(502, b"<!doctype html><title>502</title><h1>Bad Gateway</h1>", _HTML),
    ),
    Fault(
        "expired_in_mid_load",
        "Answers every page after the first with 401 and a challenge that says invalid_token, whatever the credential.",
        "A token can die while a list is read; what came before is still good.",
        "keeps the rows that came and says when the credential died; goes on with another",
        instead=_expired,
    ),
    Fault(
        "forbidden_in_mid_load",
        "Answers every page after the first with 403.",
        "A right can be taken away while a list is read.",
        "keeps the rows that came and says why there are no more",
        instead=_forbidden,
    ),
    Fault(
        "forbidden_read",
        "Answers one list that the sources allow, the leads', with 403.",
        "What is documented for a type of credential need not hold for every one of them: roles narrow it.",
        "a ForbiddenError with the server's words; a probe reports the disagreement",
        instead=lambda call, setting: problem(403, "Your role may not read leads.", path=call.path),
        path="/leads/all/my",
    ),
    Fault(
        "redirect",
        "Answers 307 to the same path on another origin, the website's; its log says whether a credential came along.",
        "A redirect can carry a credential to whom it is not for.",
        "does not follow with the credential; an error that names the redirect",
        instead=lambda call, setting: _redirected(307, setting.addresses.website, call, path=call.path),
    ),
    Fault(
        "redirect_same_origin",
        "Answers 308 to the same path with a slash at its end, which is answered as usual.",
        "Some frameworks redirect to another spelling of the same address.",
        "follows with the same method and body, or an error that names the redirect",
        instead=_to_slash,
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
        answer=lambda call, answer: Answer(200, b"<!doctype html><title>Welcome</title><p>This is no API.</p>", _HTML),
    ),
    Fault(
        "foreign_charset_problem",
        "Sends problem documents as text/plain in another character set.",
        "A problem is known by its shape and not by its media type.",
        "the same error, with the problem read",
        answer=_foreign_problem,
    ),
)
"""The faults of calls."""
