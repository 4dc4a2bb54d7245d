"""How an answer goes onto the wire: whole, or slow, cut, under a length that lies, or not at all."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive, Scope, Send

    from leadping_nb.sandbox.answers import Answer

__all__ = ["TRANSPORT", "send_answer"]

TRANSPORT = "leadping.transport"
"""The extension of the scope that holds the connection itself."""


async def send_answer(answer: Answer, date: str, scope: Scope, receive: Receive, send: Send) -> None:
    """Send an answer.

    Parameters
    ----------
    answer
        The answer.
    date
        The time of the ``Date`` header.
    scope, receive, send
        The request (ASGI); the scope's extensions hold the connection.
    """
    transport: asyncio.Transport = scope["extensions"][TRANSPORT]
    if answer.silent:
        transport.abort()
        while (await receive())["type"] != "http.disconnect":
            pass
        return
    content = b"" if answer.status == 204 else answer.body
    headers: Mapping[str, str] = {"Date": date, **answer.headers}
    if answer.length is not None:
        headers = {**headers, "Content-Length": str(answer.length), "Connection": "close"}
    response = Response(content or None, answer.status, headers, answer.media_type)
    if answer.pace is not None and content:
        await _drip(response, content, answer, receive, send)
    elif answer.length is not None and answer.length < len(content):
        await _overrun(response, content, answer.length, transport, send)
    elif answer.cut is not None or answer.length is not None:
        await send(_start(response))
        # More is announced than comes: the server then closes the connection.
        await send({"type": "http.response.body", "body": content[: answer.cut], "more_body": True})
    else:
        await response(scope, receive, send)


async def _drip(response: Response, content: bytes, answer: Answer, receive: Receive, send: Send) -> None:
    gone = asyncio.ensure_future(receive())  # the request was read: what comes next is that the client left
    try:
        await send(_start(response))
        for at in range(0, len(content), answer.piece):
            await asyncio.wait({gone}, timeout=answer.pace)
            if gone.done():
                return
            end = at + answer.piece
            await send({"type": "http.response.body", "body": content[at:end], "more_body": end < len(content)})
    finally:
        gone.cancel()


async def _overrun(response: Response, content: bytes, length: int, transport: asyncio.Transport, send: Send) -> None:
    await send(_start(response))
    await send({"type": "http.response.body", "body": content[:length], "more_body": True})
    transport.write(content[length:])  # past the server, which sends no more than was announced
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _start(response: Response) -> dict[str, Any]:
    return {"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers}
