"""A uvicorn server in a thread of its own, with its own event loop."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import threading
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from leadping_nb.errors import LeadpingError
from leadping_nb.sandbox.wire import TRANSPORT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import Receive, Scope, Send

    from leadping_nb.sandbox.app import App

__all__ = ["Server", "listen"]

_HOST = "127.0.0.1"
_THREAD = "leadping-sandbox"


class _Quiet(logging.Filter):
    """Drop what the sandbox's own threads say: in a notebook it would land in whichever cell runs just then."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.threadName != _THREAD


_QUIET = _Quiet()


def listen(port: int = 0) -> socket.socket:
    """Bind a loopback port: a free one, unless one is named; raise `LeadpingError` if it is taken."""
    # With the protocol named, asyncio switches Nagle's delay off; without, every request takes 44 ms.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((_HOST, port))
    except OSError as error:
        bound.close()
        raise LeadpingError(
            f"The sandbox cannot listen on port {port}.", hint="Leave the port out; the sandbox then takes a free one."
        ) from error
    except OverflowError:
        bound.close()
        raise LeadpingError("A port is a number from 0 to 65535.", hint="Leave the port out.") from None
    return bound


class Server:
    """Run an application on sockets until it is stopped.

    Parameters
    ----------
    app
        The application.
    sockets
        Bound sockets, which the server closes at its end.
    """

    def __init__(self, app: App, sockets: Sequence[socket.socket]) -> None:
        for name in ("uvicorn.error", "uvicorn.access"):
            logging.getLogger(name).addFilter(_QUIET)  # adding it again changes nothing
        config = uvicorn.Config(
            app,
            http=_Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,  # the sandbox's clock writes it
            timeout_keep_alive=75,  # longer than clients keep idle connections
            timeout_graceful_shutdown=1,
        )
        self._sockets = list(sockets)
        self._uvicorn = _Uvicorn(config)
        self._thread = threading.Thread(target=self._run, name=_THREAD, daemon=True)
        self._ended = threading.Event()  # not the thread's own state: Ctrl-C in a join spoils that before Python 3.13
        self._pid = os.getpid()

    @property
    def running(self) -> bool:
        """Whether it answers."""
        return not self._ended.is_set()

    def start(self) -> None:
        """Start, and return when it answers."""
        self._thread.start()
        self._uvicorn.ready.wait()
        if not self._uvicorn.started:
            self._thread.join()
            raise LeadpingError(
                "The sandbox's server did not start.",
                hint="Run it again; if it fails once more, restart Python or the kernel first.",
            )

    def stop(self) -> None:
        """Stop and wait for the end, for a few seconds at most; a second time does nothing."""
        if os.getpid() != self._pid:
            return  # a forked child has no such thread
        self._uvicorn.ask_to_stop()
        if threading.current_thread() is not self._thread:
            self._ended.wait(timeout=5)
            self._thread.join(timeout=1)

    def wait(self, timeout: float) -> None:
        """Wait for its end."""
        self._ended.wait(timeout)

    def _run(self) -> None:
        try:
            asyncio.run(self._uvicorn.serve(self._sockets))
        finally:
            for bound in self._sockets:
                bound.close()
            self._ended.set()
            self._uvicorn.ready.set()


class _Protocol(H11Protocol):
    """Hand the application its connection, for answers that break what a server keeps."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        served = self.app

        async def connected(scope: Scope, receive: Receive, send: Send) -> None:
            await served({**scope, "extensions": {TRANSPORT: transport}}, receive, send)

        self.app = connected


class _Uvicorn(uvicorn.Server):
    """Wake the starter when ready, and stop when told instead of looking ten times a second."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        await super().startup(sockets=sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        assert self._stopping is not None  # noqa: S101  # startup ran
        await self._stopping.wait()

    def ask_to_stop(self) -> None:
        self.should_exit = True
        if self._loop is not None and self._stopping is not None and not self._loop.is_closed():
            try:
                self._loop.call_soon_threadsafe(self._stopping.set)
            except RuntimeError:
                return  # the loop closed in between
