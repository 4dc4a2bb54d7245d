"""The ASGI application: reads a request, lets the right host answer, logs and sends."""

from __future__ import annotations

import traceback
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from starlette.requests import ClientDisconnect, Request as HttpRequest

from leadping_nb.sandbox.answers import Answer, Call, loggable, problem
from leadping_nb.sandbox.faults import Setting
from leadping_nb.sandbox.log import Log, Request
from leadping_nb.sandbox.operations import Operations
from leadping_nb.sandbox.website import Library, api_documents, website_documents
from leadping_nb.sandbox.wire import send_answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from starlette.types import Receive, Scope, Send

    from leadping_nb.contracts import Contract, Operation
    from leadping_nb.sandbox.clock import Clock
    from leadping_nb.sandbox.documents import Addresses
    from leadping_nb.sandbox.faults import Faults
    from leadping_nb.sandbox.keys import Keys
    from leadping_nb.sandbox.limits import Limits
    from leadping_nb.sandbox.replay import Replay
    from leadping_nb.sandbox.world import World

__all__ = ["App"]

_LARGEST_BODY = 1_048_576


class App:
    """Serve the API on one port and the website on another.

    Parameters
    ----------
    addresses
        Where both are.
    contract
        The API's operations.
    world
        The data, made up or recorded.
    keys
        Recognises credentials.
    jwks
        Gives the JWK set.
    limits
        The rate limits.
    clock
        The clock.
    faults
        What may go wrong.
    log
        Where requests and leads are kept.
    """

    def __init__(
        self,
        addresses: Addresses,
        contract: Contract,
        world: World | Replay,
        *,
        keys: Keys,
        jwks: Callable[[], dict[str, Any]],
        limits: Limits,
        clock: Clock,
        faults: Faults,
        log: Log,
    ) -> None:
        self._addresses = addresses
        self._api_port = urlsplit(addresses.api).port
        self._operations = Operations(
            contract, world, limits=limits, clock=clock, faults=faults, log=log, addresses=addresses
        )
        self._api = Library(api_documents(addresses, contract), faults)
        self._website = Library(website_documents(addresses, jwks), faults)
        self._sign_in = frozenset(addresses.sign_in)
        self._keys = keys
        self._clock = clock
        self._faults = faults
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http":
            return
        request = HttpRequest(scope, receive)
        try:
            body = await _read(request)
        except ClientDisconnect:
            return
        call = Call(
            method=request.method,
            path=scope["raw_path"].decode("ascii", "replace"),
            query=parse_qs(scope["query_string"].decode("ascii", "replace"), keep_blank_values=True),
            authorization=tuple(request.headers.getlist("authorization")),
            body=body or b"",
            accept_encoding=", ".join(request.headers.getlist("accept-encoding")),
            client=request.client.host if request.client else "127.0.0.1",
        )
        if body is None:
            answer = problem(413, "The body is larger than one mebibyte.", path=call.path)
        else:
            answer = self._answer(call, is_api=scope["server"][1] == self._api_port)
        await send_answer(answer, format_datetime(self._clock.now(), usegmt=True), scope, receive, send)

    def _answer(self, call: Call, *, is_api: bool) -> Answer:
        identity = self._keys.identify(call.authorization)
        operation: Operation | None = None
        try:
            if is_api:
                document = self._api.answer(call)
                operation = self._operations.find(call) if document is None else None
                if document is not None:
                    answer = self._document(call, document)
                elif operation is not None:
                    answer = self._operations.answer(call, operation, identity)
                else:
                    answer = self._operations.elsewhere(call)
            else:
                answer = self._document(call, self._website.answer(call) or self._not_there(call))
            answer = self._faults.answer(call, answer, is_operation=operation is not None)
        except Exception as error:  # a mistake of the sandbox is a 500, not a dead connection
            answer = problem(500, f"The sandbox itself failed: {_where(error)}.", path=call.path)
        self._log.add(
            Request(
                call.method,
                loggable(call.path, operation),
                None if identity is None else identity.key_type,
                None if operation is None else operation.id,
                answer.status,
                "api" if is_api else "website",
                bool(call.authorization),
            )
        )
        return answer

    def _document(self, call: Call, answer: Answer) -> Answer:
        setting = Setting(self._clock.now(), self._addresses)
        return self._faults.instead(call, setting, is_operation=False) or answer

    def _not_there(self, call: Call) -> Answer:
        if call.path in self._sign_in:
            return problem(501, "The sandbox signs nobody in; take a token from sandbox.user_token.", path=call.path)
        return Answer(404, b"<!doctype html><title>Not found</title><p>No page here.</p>", "text/html; charset=utf-8")


async def _read(request: HttpRequest) -> bytes | None:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_BODY:
            return None
    return bytes(body)


def _where(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"  # never the error's text, which could hold what was sent
