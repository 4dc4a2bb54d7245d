"""Getting public documents from addresses that somebody else wrote, as hostile as they may be.

No credential, no cookie, no proxy. What a name resolves to is checked, and the connection is made to the very address
that was checked. Time is bounded at the socket, so that a slow drip ends too, and size before and after decompression.
"""

from __future__ import annotations

import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import TracebackType
from typing import Any
from urllib.parse import urldefrag, urljoin

import httpcore
import httpx

from leadping_nb.errors import NotAllowedError, ResponseError, TransportError
from leadping_nb.session.answers import Answer
from leadping_nb.session.exchange import Failure, Limits, exchange, new_client, tls_context
from leadping_nb.session.guard import admissible_url, refusal_of

__all__ = ["Fetcher"]

Resolver = Callable[[str, int], list[str]]

_DOCUMENT_LIMITS = Limits(connect=5.0, read=10.0, total=15.0, size=1024 * 1024)
_REDIRECTS = 3
_REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
_WINDOW_BITS = {"gzip": 31, "x-gzip": 31, "deflate": 15}


class Fetcher:
    """Get public documents; a context manager that several threads may use at once.

    Parameters
    ----------
    loopback
        Whether addresses on this machine may be asked, because the walk itself began there.
    limits
        Bounds of one document.
    deadline_seconds
        Seconds for all documents together, counted from the first.
    transport
        What httpx sends with, for tests; names are then not resolved.
    resolve
        Gives the addresses of a host and port.
    monotonic
        Seconds that only grow.
    """

    def __init__(
        self,
        *,
        loopback: bool,
        limits: Limits = _DOCUMENT_LIMITS,
        deadline_seconds: float = 60.0,
        transport: httpx.BaseTransport | None = None,
        resolve: Resolver | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._loopback = loopback
        self._limits = limits
        self._seconds = deadline_seconds
        self._monotonic = monotonic
        self._ends: float | None = None
        self._clock = _Deadline(monotonic)
        backend = _CheckedBackend(self._clock, resolve or _resolve, loopback=loopback)
        self._client = new_client(transport or _PinnedTransport(backend), limits)
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
        """
        origin = admissible_url(url, loopback=self._loopback)
        with self._in_time():
            asked = urldefrag(url).url
            for hops in range(_REDIRECTS + 1):
                answer = self._once(method, asked)
                location = answer.headers.get("location")
                if answer.status not in _REDIRECT_STATUSES or not location:
                    return replace(answer, note=_followed(hops))
                asked = urldefrag(urljoin(asked, location)).url
                target = admissible_url(asked, loopback=self._loopback)
                if target != origin:
                    raise NotAllowedError(
                        f"{answer.status} redirects from {origin} to {target}, and no document follows elsewhere.",
                        rule="redirects stay within their origin",
                        hint="Ask the owner to serve the document itself.",
                    )
        raise TransportError(f"{method} {url}: more than {_REDIRECTS} redirects")

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
        headers = {"Accept": "application/json, */*;q=0.5", "Accept-Encoding": "identity"}
        request = self._client.build_request(method, url, headers=headers)
        outcome = exchange(self._client, request, self._limits, self._monotonic, pieces=_bounded(self._limits.size))
        if isinstance(outcome, Failure):
            raise TransportError(f"{method} {url}: {outcome.reason}")
        return outcome

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        now = self._monotonic()
        with self._lock:
            self._ends = self._ends if self._ends is not None else now + self._seconds
        if now >= self._ends:
            raise TransportError(f"The documents together had {self._seconds:.0f} s, and they are over.")
        self._clock.set(min(self._ends, now + self._limits.total))
        try:
            yield
        finally:
            self._clock.set(None)


def _followed(hops: int) -> str | None:
    return None if hops == 0 else f"after {hops} redirect{'' if hops == 1 else 's'}"


def _bounded(size: int) -> Callable[[httpx.Response], Iterable[bytes]]:
    """Read a body as it was sent, and decompress what was compressed all the same, never beyond ``size``."""

    def pieces(response: httpx.Response) -> Iterator[bytes]:
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        raw = _not_larger(response.iter_raw(), size)
        if encoding in ("", "identity"):
            yield from raw
        elif encoding in _WINDOW_BITS:
            yield from _inflated(raw, _WINDOW_BITS[encoding], size)
        else:
            raise ResponseError(f"The document is compressed as {encoding[:20]!r}, which was not asked for.")

    return pieces


def _not_larger(raw: Iterable[bytes], size: int) -> Iterator[bytes]:
    seen = 0
    for piece in raw:
        seen += len(piece)
        if seen > size:
            raise ResponseError(f"The document is larger than {size:,} bytes.")
        yield piece


def _inflated(raw: Iterable[bytes], window_bits: int, size: int) -> Iterator[bytes]:
    inflate = zlib.decompressobj(window_bits)
    left = size
    try:
        for piece in raw:
            data = inflate.decompress(piece, left + 1)
            left -= len(data)
            if left < 0:
                raise ResponseError(f"The document is larger than {size:,} bytes when decompressed.")
            yield data
    except zlib.error:
        raise ResponseError("The document's compression is broken.") from None


def _resolve(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpcore.ConnectError(f"{host} has no address") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _Deadline:
    """When the request of the current thread must have ended."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._here = threading.local()

    def set(self, ends: float | None) -> None:
        self._here.ends = ends

    def within(self, timeout: float | None, late: type[Exception]) -> float | None:
        """Shorten a timeout to what is left, or raise ``late`` if nothing is."""
        ends = getattr(self._here, "ends", None)
        if ends is None:
            return timeout
        left = ends - self._monotonic()
        if left <= 0:
            raise late("the time for the document is over")
        return float(left) if timeout is None else min(timeout, left)


class _CheckedBackend(httpcore.NetworkBackend):
    """Connects to the very address that was checked, whatever the name resolves to a moment later."""

    def __init__(self, deadline: _Deadline, resolve: Resolver, *, loopback: bool) -> None:
        self._inner = httpcore.SyncBackend()
        self._deadline = deadline
        self._resolve = resolve
        self._loopback = loopback

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        addresses = self._resolve(host, port)
        for address in addresses:
            refusal = refusal_of(address, loopback=self._loopback)
            if refusal is not None:
                raise NotAllowedError(
                    f"{host} resolves to {refusal}, which a public document should not point to.",
                    rule="only public addresses are connected to",
                    hint="Tell whoever publishes the document that names it.",
                )
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses:
            left = self._deadline.within(timeout, httpcore.ConnectTimeout)
            try:
                stream = self._inner.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every read and write ends with the deadline."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.within(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.within(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.within(timeout, httpcore.ConnectTimeout)
        return _TimedStream(self._inner.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _PinnedTransport(httpx.HTTPTransport):
    """httpx's transport over a pool that connects through the checked backend."""

    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        context = tls_context()
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.ConnectionPool(ssl_context=context, network_backend=backend, max_connections=10)
