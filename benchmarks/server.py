"""A server of made pages in a process of its own, so that its work is not in what is measured.

It answers ``POST /leads/all/my`` by the cursor in the body, on 127.0.0.1. What is compressed was compressed before.
"""

from __future__ import annotations

import asyncio
import gzip
import multiprocessing
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn
from data import batch, cursor
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["PATH", "serving"]

PATH = "/leads/all/my"
_COMPRESSION = 5  # what servers use, not what is smallest


@contextmanager
def serving(rows: int, *, delay: float = 0.0, compressed: bool = False) -> Iterator[str]:
    """Serve pages of rows and give the address.

    Parameters
    ----------
    rows
        How many rows there are.
    delay
        Seconds before each page, as a real server takes.
    compressed
        Whether pages are sent with gzip to whoever takes it.
    """
    fresh = multiprocessing.get_context("spawn")
    here, there = fresh.Pipe()
    process = fresh.Process(target=_serve, args=(there, rows, delay, compressed), daemon=True)
    process.start()
    there.close()
    try:
        yield here.recv()
    finally:
        process.terminate()
        process.join()


def _serve(parent: Connection, rows: int, delay: float, compressed: bool) -> None:
    server = uvicorn.Server(uvicorn.Config(_app(rows, delay, compressed), log_level="error"))
    bound = socket.create_server(("127.0.0.1", 0))
    parent.send(f"http://127.0.0.1:{bound.getsockname()[1]}")
    server.run(sockets=[bound])


def _app(rows: int, delay: float, compressed: bool) -> Starlette:
    pages = batch(rows).pages
    packed = [gzip.compress(page, _COMPRESSION) for page in pages] if compressed else []
    numbers = {None: 0} | {cursor(number): number for number in range(1, len(pages))}

    async def answer(request: Request) -> Response:
        number = numbers[(await request.json()).get("continuationToken")]
        if delay:
            await asyncio.sleep(delay)
        if packed and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(packed[number], media_type="application/json", headers={"content-encoding": "gzip"})
        return Response(pages[number], media_type="application/json")

    return Starlette(routes=[Route(PATH, answer, methods=["POST"])])
