"""One request and all of its answer, within bounds of time and size; what goes wrong is a value."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy

import certifi
import httpx

from leadping_nb.errors import ResponseError
from leadping_nb.session.answers import Answer

__all__ = ["Failure", "Limits", "exchange", "new_client", "tls_context"]

_USER_AGENT = "leadping_nb"
_NO_ADDRESS = "the answer redirects to what is no address"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one request, in seconds and bytes."""

    connect: float = 5.0
    """Seconds to connect."""
    read: float = 30.0
    """Seconds between two pieces of an answer."""
    total: float = 60.0
    """Seconds for a whole request, also where it comes in drips."""
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


def exchange(
    client: httpx.Client,
    request: httpx.Request,
    limits: Limits,
    monotonic: Callable[[], float],
    *,
    pieces: Callable[[httpx.Response], Iterable[bytes]] = httpx.Response.iter_bytes,
) -> Answer | Failure:
    """Send one request and read all of its answer within the limits.

    Parameters
    ----------
    client, request
        What sends, and what is sent.
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
        response = client.send(request, stream=True)
        body = bytearray()
        for piece in pieces(response):
            body += piece
            if len(body) > limits.size:
                raise ResponseError(f"The answer is larger than {limits.size:,} bytes.", url=str(request.url))
            if monotonic() - started > limits.total:
                return Failure(f"the answer was not whole after {_seconds(limits.total)}", worth_a_retry=False)
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(request.method, str(request.url), response.status_code, headers, bytes(body))
    except httpx.TimeoutException as error:
        connected = not isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout)
        if connected and monotonic() - started >= limits.total:
            return Failure(f"the answer was not whole after {_seconds(limits.total)}", worth_a_retry=False)
        limit = limits.read if connected else limits.connect
        return Failure(f"no answer within {_seconds(limit)}", worth_a_retry=False, may_have_left=connected)
    except httpx.DecodingError:
        return Failure("the answer's compression is broken", worth_a_retry=False)
    except (httpx.InvalidURL, ValueError):  # httpx reads where a redirect leads although none is followed
        return Failure(_NO_ADDRESS, worth_a_retry=False)
    except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError) as error:
        if isinstance(error.__context__, httpx.InvalidURL):
            return Failure(_NO_ADDRESS, worth_a_retry=False)
        return Failure("the connection broke before the answer was whole", worth_a_retry=True)
    except httpx.ConnectError as error:
        kind = "the certificate was not accepted" if "CERTIFICATE" in str(error).upper() else "no connection"
        return Failure(kind, worth_a_retry=False, may_have_left=False)
    except httpx.HTTPError as error:
        return Failure(f"the request failed ({type(error).__name__})", worth_a_retry=False)
    finally:
        if response is not None:
            response.close()


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
    client = httpx.Client(
        transport=transport,
        timeout=httpx.Timeout(limits.read, connect=limits.connect),
        follow_redirects=False,
        trust_env=False,
        headers={"User-Agent": _USER_AGENT, "Accept": "application/json"},
    )
    client.cookies.jar = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
    return client
