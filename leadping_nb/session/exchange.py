"""One request and all of its answer, within bounds of time and size; what goes wrong is a value."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, TypeVar

import certifi
import httpx

from leadping_nb.errors import ResponseError
from leadping_nb.session.answers import Answer
from leadping_nb.session.firewall import is_loopback

__all__ = ["Failure", "Limits", "exchange", "exchange_async", "new_async_client", "new_client", "tls_context"]

_Client = TypeVar("_Client", httpx.Client, httpx.AsyncClient)

_USER_AGENT = "leadping_nb"
_GONE = "Nothing listens there: a sandbox ends when it is closed, or with its kernel. Make another and connect to it."


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one request, in seconds and bytes."""

    connect: float = 5.0
    """Seconds to connect."""
    read: float = 30.0
    """Seconds between two pieces of an answer."""
    total: float = 60.0
    """Seconds for a whole request, also where headers or body come in drips."""
    size: int = 256 * 1024 * 1024
    """The most bytes of an answer, decompressed."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why no answer came."""

    reason: str
    """In words, to follow a colon."""
    worth_a_retry: bool
    """Whether a read may be asked again."""
    may_have_left: bool = True
    """Whether any of the request may have left this machine; False where there never was a connection."""
    hint: str | None = None
    """What to do, where more is known than for every failure."""


def exchange(
    transport: httpx.BaseTransport,
    request: httpx.Request,
    limits: Limits,
    monotonic: Callable[[], float],
    *,
    pieces: Callable[[httpx.Response], Iterable[bytes]] = httpx.Response.iter_bytes,
) -> Answer | Failure:
    """Send one request and read all of its answer within the limits.

    Parameters
    ----------
    transport, request
        What sends, and what is sent, with its timeouts. No client is between them: it would read where a redirect
        leads although none is followed, and look for cookies that are not kept.
    limits
        Bounds of the exchange.
    monotonic
        Seconds that only grow.
    pieces
        Reads the body; decompressed by httpx unless given.
    """
    started = monotonic()
    response: httpx.Response | None = None
    try:
        response = transport.handle_request(request)
        body, size = [], 0
        for piece in pieces(response):
            body.append(piece)
            size += len(piece)
            if size > limits.size:
                raise _too_large(request, limits)
            if monotonic() - started > limits.total:
                return _late(limits)
        return _answer(request, response, body)
    except httpx.HTTPError as error:
        return _failure(error, request, limits, monotonic() - started)
    finally:
        if response is not None:
            response.close()


async def exchange_async(
    transport: httpx.AsyncBaseTransport, request: httpx.Request, limits: Limits, monotonic: Callable[[], float]
) -> Answer | Failure:
    """Do as `exchange` does, over a transport that does not block."""
    started = monotonic()
    try:
        async with asyncio.timeout(limits.total):
            response = await transport.handle_async_request(request)
            try:
                body, size = [], 0
                async for piece in response.aiter_bytes():
                    body.append(piece)
                    size += len(piece)
                    if size > limits.size:
                        raise _too_large(request, limits)
            finally:
                await response.aclose()
    except TimeoutError:
        return _failure(httpx.ReadTimeout("in all"), request, limits, limits.total)
    except httpx.HTTPError as error:
        return _failure(error, request, limits, monotonic() - started)
    return _answer(request, response, body)


def _answer(request: httpx.Request, response: httpx.Response, body: Iterable[bytes]) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(request.method, str(request.url), response.status_code, headers, b"".join(body))


def _too_large(request: httpx.Request, limits: Limits) -> ResponseError:
    return ResponseError(f"The answer is larger than {limits.size:,} bytes.", url=str(request.url))


def _late(limits: Limits, *, connected: bool = True) -> Failure:
    reason = f"the answer was not whole after {_seconds(limits.total)}"
    return Failure(reason, worth_a_retry=False, may_have_left=connected)


def _failure(error: httpx.HTTPError, request: httpx.Request, limits: Limits, seconds: float) -> Failure:
    """Say in words why there is no answer after so many seconds."""
    match error:
        case httpx.TimeoutException():
            connected = not isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout)
            if seconds >= limits.total:
                return _late(limits, connected=connected)
            limit = limits.read if connected else limits.connect
            return Failure(f"no answer within {_seconds(limit)}", worth_a_retry=False, may_have_left=connected)
        case httpx.DecodingError():
            return Failure("the answer's compression is broken", worth_a_retry=False)
        case httpx.RemoteProtocolError() | httpx.ReadError() | httpx.WriteError():
            return Failure("the connection broke before the answer was whole", worth_a_retry=True)
        case httpx.ConnectError():
            if "CERTIFICATE" in str(error).upper():
                return Failure("the certificate was not accepted", worth_a_retry=False, may_have_left=False)
            hint = _GONE if is_loopback(request.url.host) else None
            return Failure("no connection", worth_a_retry=False, may_have_left=False, hint=hint)
        case _:
            return Failure(f"the request failed ({type(error).__name__})", worth_a_retry=False)


def _seconds(limit: float) -> str:
    return f"{round(limit, 1):g} s"


def tls_context() -> ssl.SSLContext:
    """Trust certifi's roots, or those that ``SSL_CERT_FILE`` names; reading them takes longer than most requests."""
    return _trusting(os.environ.get("SSL_CERT_FILE") or certifi.where())


@lru_cache(maxsize=4)
def _trusting(roots: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=roots)


def new_client(transport: httpx.BaseTransport, limits: Limits) -> httpx.Client:
    """Make a client that follows no redirect, keeps no cookie and asks the environment nothing."""
    return _forgetful(httpx.Client(transport=transport, **_options(limits)))


def new_async_client(transport: httpx.AsyncBaseTransport, limits: Limits) -> httpx.AsyncClient:
    """Make one like it that does not block."""
    return _forgetful(httpx.AsyncClient(transport=transport, **_options(limits)))


def _options(limits: Limits) -> dict[str, Any]:
    return {
        "timeout": httpx.Timeout(limits.read, connect=limits.connect),
        "follow_redirects": False,
        "trust_env": False,
        "headers": {"User-Agent": _USER_AGENT, "Accept": "application/json"},
    }


def _forgetful(client: _Client) -> _Client:
    client.cookies.jar = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
    return client
