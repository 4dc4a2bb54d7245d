"""Getting public documents from addresses that somebody else wrote, as hostile as they may be.

No credential, no cookie, no proxy; few redirects, none elsewhere; time bounded for one document and for all, size
before and after decompression.
"""

from __future__ import annotations

import math
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import TracebackType
from urllib.parse import urldefrag, urljoin

import httpcore
import httpx

from leadping_nb.errors import NotAllowedError, Reason, ResponseError, TransportError
from leadping_nb.identifiers import LONGEST_ADDRESS
from leadping_nb.session.answers import Answer
from leadping_nb.session.connections import Deadline, Resolver, checked_transport
from leadping_nb.session.exchange import Failure, Limits, exchange, new_client
from leadping_nb.session.guard import admissible_url

__all__ = ["Fetcher"]

_DOCUMENT_LIMITS = Limits(connect=5.0, read=10.0, total=15.0, size=1024 * 1024)
_REDIRECTS = 3
_REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
_WINDOW_BITS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
_TELL = "Tell whoever publishes the document."


class Fetcher:
    """Get public documents; a context manager that several threads may use at once.

    Parameters
    ----------
    loopback
        Whether addresses on this machine may be asked, because the walk itself began there.
    limits
        Bounds of one document; 15 s and 1 MiB unless given.
    deadline_seconds
        Seconds for all documents together, counted from the first.
    transport
        What httpx sends with, for tests; names are then not resolved.
    resolve
        Gives the addresses of a host and port; asks the system unless given.
    connections
        What opens connections to addresses that were checked, for tests.
    monotonic
        Seconds that only grow.
    """

    def __init__(
        self,
        *,
        loopback: bool,
        limits: Limits | None = None,
        deadline_seconds: float = 60.0,
        transport: httpx.BaseTransport | None = None,
        resolve: Resolver | None = None,
        connections: httpcore.NetworkBackend | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._loopback = loopback
        self._limits = limits or _DOCUMENT_LIMITS
        self._seconds = deadline_seconds
        self._monotonic = monotonic
        self._ends: float | None = None
        self._deadline = Deadline(monotonic)
        sends = transport or checked_transport(self._deadline, loopback=loopback, resolve=resolve, opens=connections)
        self._watched = _Watched(sends, self._deadline, loopback=loopback)
        self._client = new_client(self._watched, self._limits)
        self._lock = threading.Lock()

    def fetch(self, url: str, *, method: str = "GET") -> Answer:
        """Get a document, whatever its status, after at most three redirects within its origin.

        Raises
        ------
        NotAllowedError
            If an address may not be asked, or a redirect leaves the origin.
        TransportError
            If no answer came in time.
        ResponseError
            If the answer is too large, or compressed in a way that was not asked for.

        Notes
        -----
        ``reason`` of an error is a word to compare: ``address``, ``redirect``, ``size``, ``encoding`` or ``time``.
        """
        admissible_url(url, loopback=self._loopback)
        asked = urldefrag(url).url
        with self._in_time():
            for hops in range(_REDIRECTS + 1):
                answer = self._once(method, asked)
                location = answer.headers.get("location")
                if answer.status not in _REDIRECT_STATUSES or not location:
                    return replace(answer, note=_followed(hops))
                asked = location
        raise TransportError(f"{method} {url}: more than {_REDIRECTS} redirects", hint=_TELL, reason="redirect")

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _once(self, method: str, url: str) -> Answer:
        left = self._deadline.left()
        if left <= 0:
            raise TransportError(f"{method} {url}: the seconds for the document are over", reason="time")
        limits = replace(
            self._limits, total=left, read=min(self._limits.read, left), connect=min(self._limits.connect, left)
        )
        request = self._request(method, url, httpx.Timeout(limits.read, connect=limits.connect))
        outcome = exchange(self._watched, request, limits, self._monotonic, pieces=self._pieces)
        if isinstance(outcome, Failure):
            reason: Reason | None = "time" if self._deadline.missed else None
            raise TransportError(f"{method} {url}: {outcome.reason}", reason=reason)
        return outcome

    def _pieces(self, response: httpx.Response) -> Iterator[bytes]:
        with self._deadline.noting(httpx.TimeoutException):
            yield from _bounded(response, self._limits.size)

    def _request(self, method: str, url: str, timeout: httpx.Timeout) -> httpx.Request:
        headers = {"Accept": "application/json, */*;q=0.5", "Accept-Encoding": "identity"}
        try:
            request = self._client.build_request(method, url, headers=headers, timeout=timeout)
            readable = bool(request.url.host)  # which decodes an international name
        except (httpx.InvalidURL, UnicodeError):
            readable = False
        if not readable:
            raise NotAllowedError(
                "The address names a host that is no host.",
                rule="hostile addresses are not followed",
                hint=_TELL,
                reason="address",
            )
        return request

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        now = self._monotonic()
        with self._lock:
            self._ends = self._ends if self._ends is not None else now + self._seconds
        if now >= self._ends:
            raise TransportError(f"The documents together had {self._seconds:.4g} s, and they are over.", reason="time")
        self._deadline.set(min(self._ends, now + self._limits.total))
        try:
            yield
        finally:
            self._deadline.set(math.inf)


class _Watched(httpx.BaseTransport):
    """Judges where an answer redirects and writes it out, before httpx reads it; notes what came too late."""

    def __init__(self, inner: httpx.BaseTransport, deadline: Deadline, *, loopback: bool) -> None:
        self._inner = inner
        self._deadline = deadline
        self._loopback = loopback

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with self._deadline.noting(httpx.TimeoutException):
            response = self._inner.handle_request(request)
        location = response.headers.get("location")
        if location and response.status_code in _REDIRECT_STATUSES:
            try:
                response.headers["location"] = _next_address(
                    response.status_code, str(request.url), location, loopback=self._loopback
                )
            except NotAllowedError:
                response.close()
                raise
        return response

    def close(self) -> None:
        self._inner.close()


def _next_address(status: int, url: str, location: str, *, loopback: bool) -> str:
    """Give where a redirect leads, or refuse one that leaves its origin or leads to where nothing is asked."""
    origin = admissible_url(url, loopback=loopback)
    redirects = f"{status} redirects from {origin} to"
    if len(location) > LONGEST_ADDRESS:
        raise _led_astray(f"{redirects} an address of {len(location):,} characters.", "address")
    asked = _joined(url, location)
    if asked is None:
        raise _led_astray(f"{redirects} what is no address.", "address")
    try:
        target = admissible_url(asked, loopback=loopback)
    except NotAllowedError as error:
        raise _led_astray(f"{redirects} where nothing is asked. {error.message}", "address") from None
    if target != origin:
        raise _led_astray(f"{redirects} {target}, and no document follows elsewhere.", "redirect")
    return asked


def _joined(url: str, location: str) -> str | None:
    """Give an absolute address without fragment, or None for what httpx or Python cannot read as one."""
    try:
        read = httpx.URL(location)
        return urldefrag(urljoin(url, location)).url if read.host or not read.scheme else None
    except (httpx.InvalidURL, ValueError):
        return None


def _led_astray(message: str, reason: Reason) -> NotAllowedError:
    hint = "Ask the owner to serve the document itself."
    return NotAllowedError(message, rule="redirects stay within their origin", hint=hint, reason=reason)


def _followed(hops: int) -> str | None:
    return None if hops == 0 else f"after {hops} redirect{'' if hops == 1 else 's'}"


def _bounded(response: httpx.Response, size: int) -> Iterator[bytes]:
    """Read a body as it was sent, and decompress what was compressed all the same, never beyond ``size``."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    raw = _not_larger(response.iter_raw(), size)
    if encoding in ("", "identity"):
        yield from raw
    elif encoding in _WINDOW_BITS:
        yield from _inflated(raw, _WINDOW_BITS[encoding], size)
    else:
        raise _unreadable(f"The document is compressed as {encoding[:20]!r}, which was not asked for.", "encoding")


def _not_larger(raw: Iterable[bytes], size: int) -> Iterator[bytes]:
    seen = 0
    for piece in raw:
        seen += len(piece)
        if seen > size:
            raise _unreadable(f"The document is larger than {size:,} bytes.", "size")
        yield piece


def _inflated(raw: Iterable[bytes], window_bits: int, size: int) -> Iterator[bytes]:
    inflate = zlib.decompressobj(window_bits)
    left, begun = size, False
    try:
        for piece in raw:
            begun = True
            data = inflate.decompress(piece, left + 1)
            left -= len(data)
            if left < 0:
                raise _unreadable(f"The document is larger than {size:,} bytes when decompressed.", "size")
            if inflate.unused_data:
                raise zlib.error("something follows the end")
            yield data
    except zlib.error:
        raise _unreadable("The document's compression is broken.", "encoding") from None
    if begun and not inflate.eof:
        raise _unreadable("The document's compression ends too early.", "encoding")


def _unreadable(message: str, reason: Reason) -> ResponseError:
    return ResponseError(message, hint=_TELL, reason=reason)
