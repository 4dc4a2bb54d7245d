"""Connections each of whose reads and writes ends with a deadline, also to the very addresses that were checked."""

from __future__ import annotations

import math
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx

from leadping_nb.session.exchange import tls_context
from leadping_nb.session.guard import check_resolved, literal_of

__all__ = ["Deadline", "Resolver", "checked_transport", "timed_transport"]

Resolver = Callable[[str, int], list[str]]

_SIDE_BY_SIDE = 10
_MOST_SIDE_BY_SIDE = 100
"""How many connections there may be at once: to hosts that somebody else named, and to the API."""
_MOST_KEPT = 20
_KEPT_SECONDS = 5.0
"""How many connections wait for another request, and how long, as httpx has it."""
_AT_ONCE = 262_144
"""How many bytes are taken at once where they are there: half a page, of which httpcore would take an eighth."""


class Deadline:
    """When whatever the current thread asked for must have come.

    Examples
    --------
    >>> clock = [100.0]
    >>> deadline = Deadline(lambda: clock[0])
    >>> deadline.set(103.0)
    >>> deadline.within(10.0, TimeoutError)
    3.0
    >>> deadline.missed
    False
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._here = threading.local()

    def set(self, ends: float) -> None:
        """Set when it is, by the clock; infinity is never."""
        self._here.ends = ends
        self._here.missed = False

    @property
    def missed(self) -> bool:
        """Whether it is over, or a part of what was asked for did not come in the part's own time."""
        return self.left() <= 0 or bool(getattr(self._here, "missed", False))

    @contextmanager
    def noting(self, late: type[Exception]) -> Iterator[None]:
        """Note whether what is done within is late, which is what an exception of type ``late`` says."""
        try:
            yield
        except late:
            self._here.missed = True
            raise

    def left(self) -> float:
        """Give the seconds that are left; infinity where nothing was set."""
        return float(getattr(self._here, "ends", math.inf)) - self._monotonic()

    def within(self, timeout: float | None, late: type[Exception]) -> float | None:
        """Shorten a timeout to what is left, or raise ``late`` if nothing is."""
        left = self.left()
        if left <= 0:
            raise late("the time is over")
        return timeout if left == math.inf else min(left if timeout is None else timeout, left)


def checked_transport(
    deadline: Deadline,
    *,
    loopback: bool,
    resolve: Resolver | None = None,
    opens: httpcore.NetworkBackend | None = None,
) -> httpx.BaseTransport:
    """Make a transport without proxy whose connections go where the guard looked.

    Parameters
    ----------
    deadline
        Ends whatever the current thread asks for.
    loopback
        Whether this machine may be connected to by its name.
    resolve
        Gives the addresses of a host and port; asks the system unless given.
    opens
        What opens connections to addresses that were checked.
    """
    return _PooledTransport(
        _CheckedBackend(opens or httpcore.SyncBackend(), deadline, resolve or _resolve, loopback=loopback),
        _SIDE_BY_SIDE,
    )


def timed_transport(seconds: float, monotonic: Callable[[], float]) -> httpx.BaseTransport:
    """Make a transport without proxy that gives a request and all of its answer so many seconds, headers included.

    httpx's own timeouts begin anew with every byte.

    Parameters
    ----------
    seconds
        How long a request and its answer may take.
    monotonic
        Seconds that only grow.
    """
    return _TimedTransport(seconds, monotonic)


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _TimedBackend(httpcore.NetworkBackend):
    """Connects within the deadline, and gives connections that keep to it."""

    def __init__(self, opens: httpcore.NetworkBackend, deadline: Deadline) -> None:
        self._opens = opens
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        left = self._deadline.within(timeout, httpcore.ConnectTimeout)
        return _TimedStream(self._opens.connect_tcp(host, port, left, local_address, socket_options), self._deadline)


class _CheckedBackend(httpcore.NetworkBackend):
    """Connects to the very address that was checked, whatever the name resolves to a moment later."""

    def __init__(
        self, opens: httpcore.NetworkBackend, deadline: Deadline, resolve: Resolver, *, loopback: bool
    ) -> None:
        self._opens = _TimedBackend(opens, deadline)
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
        addresses = [host] if literal_of(host) else self._look_up(host, port, timeout)
        check_resolved(host, addresses, loopback=self._loopback)
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                return self._opens.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def _look_up(self, host: str, port: int, timeout: float | None) -> list[str]:
        """Resolve a name within the time; the system's resolver takes its own, so it is asked from aside."""
        found: Future[list[str]] = Future()

        def ask() -> None:
            try:
                found.set_result(self._resolve(host, port))
            except (OSError, UnicodeError):
                found.set_result([])

        threading.Thread(target=ask, name="leadping_nb resolver", daemon=True).start()
        try:
            return found.result(self._deadline.within(timeout, httpcore.ConnectTimeout))
        except TimeoutError:
            raise httpcore.ConnectTimeout(f"{host} was not resolved in time") from None


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every read and write ends with the deadline."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max(max_bytes, _AT_ONCE), self._deadline.within(timeout, httpcore.ReadTimeout))

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


class _PooledTransport(httpx.HTTPTransport):
    """httpx's transport over a pool that connects through a backend of ours."""

    def __init__(self, backend: httpcore.NetworkBackend, side_by_side: int) -> None:
        context = tls_context()
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            network_backend=backend,
            max_connections=side_by_side,
            max_keepalive_connections=_MOST_KEPT,
            keepalive_expiry=_KEPT_SECONDS,
        )


class _TimedTransport(_PooledTransport):
    """Sets the deadline anew for each request; the thread that sends reads the answer too."""

    def __init__(self, seconds: float, monotonic: Callable[[], float]) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        self._deadline = Deadline(monotonic)
        super().__init__(_TimedBackend(httpcore.SyncBackend(), self._deadline), _MOST_SIDE_BY_SIDE)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._deadline.set(self._monotonic() + self._seconds)
        return super().handle_request(request)
