"""Sending for a client that somebody else wrote: an httpx client that is guarded below all that is theirs."""

from __future__ import annotations

import asyncio
import time
import warnings
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import httpx

from leadping_nb.contracts import Contract
from leadping_nb.credential import Credential
from leadping_nb.errors import UndocumentedCallWarning
from leadping_nb.session.answers import Answer, scrubbed, without_credential
from leadping_nb.session.attempts import after
from leadping_nb.session.exchange import Failure, Limits, exchange_async, new_async_client, tls_context
from leadping_nb.session.firewall import Origin, admit, identify, origin_of, refuse_other_meaning
from leadping_nb.session.rate import RateLimit
from leadping_nb.session.retry import Patience, to_stderr, waiting

__all__ = ["guarded_client"]

_OF_THE_WIRE = ("content-encoding", "content-length", "transfer-encoding")
"""Headers that are not true any more of a body that was read whole and decompressed."""


def guarded_client(
    credential: Credential | None,
    *,
    base_url: str,
    contract: Contract,
    allow_writes: bool = False,
    limits: Limits | None = None,
    rate: RateLimit | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    now: Callable[[], float] = time.time,
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    tell: Callable[[str], None] = to_stderr,
) -> httpx.AsyncClient:
    """Make an httpx client whose every request passes the firewall, whoever builds the request.

    It opens a connection for each request: so it needs no closing, and works in whichever event loop it is used.

    Parameters
    ----------
    credential
        What to call with, whatever header the request has; None calls without.
    base_url
        The API's address.
    contract
        What may be called, and what each call does.
    allow_writes
        Whether calls that change data may pass; they are never made a second time.
    limits
        Bounds of one request.
    rate
        The limit that requests keep to by waiting; None for none.
    transport
        What sends, for tests.
    now, monotonic, sleep
        The clocks: epoch seconds, seconds that only grow, and a pause in seconds.
    tell
        Is told of every wait in a sentence.

    Raises
    ------
    LeadpingError
        If ``base_url`` is no address that a credential may go to.
    """
    guard = _Guard(
        credential=credential,
        base_url=base_url,
        origin=origin_of(base_url),
        contract=contract,
        allow_writes=allow_writes,
        limits=limits or Limits(),
        rate=rate,
        inner=transport or _each_its_own(),
        now=now,
        monotonic=monotonic,
        sleep=sleep,
        tell=tell,
    )
    return new_async_client(guard, guard.limits)


def _each_its_own() -> httpx.AsyncBaseTransport:
    """Make a transport that keeps no connection, because what is kept belongs to one event loop and wants closing."""
    return httpx.AsyncHTTPTransport(
        verify=tls_context(), trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Guard(httpx.AsyncBaseTransport):
    """Refuses, sets ``Authorization`` below httpx's hooks, waits, and lets no frame that held the header out."""

    credential: Credential | None
    base_url: str
    origin: Origin
    contract: Contract
    allow_writes: bool
    limits: Limits
    rate: RateLimit | None
    inner: httpx.AsyncBaseTransport
    now: Callable[[], float]
    monotonic: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    tell: Callable[[str], None]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        operation, path = identify(request.method, str(request.url), self.base_url, self.contract)
        if operation.effect == "read":
            refuse_other_meaning(operation, path)
        decision = admit(self.credential, operation, self.origin, self.contract, allow_writes=self.allow_writes)
        if decision.verdict == "undocumented":
            sentence = f"{operation.id} is undocumented here ({decision.why})"
            warnings.warn(sentence, UndocumentedCallWarning, stacklevel=2)
        patience = Patience() if operation.effect == "read" else Patience(retries=0)
        try:
            return self._response(await self._persist(self._authorized(request), patience))
        except BaseException as error:  # also a cancellation: the frames below hold the header in their locals
            failure = error.with_traceback(None)
            failure.__cause__ = failure.__context__ = None
        raise failure

    async def aclose(self) -> None:
        await self.inner.aclose()

    def _authorized(self, request: httpx.Request) -> httpx.Request:
        """Give a request its header, and leave out one that somebody else set."""
        headers = [(name, value) for name, value in request.headers.raw if name.lower() != b"authorization"]
        if self.credential is not None:
            headers.append((b"Authorization", f"Bearer {self.credential.reveal()}".encode("ascii")))
        timeout = request.extensions["timeout"]  # the other extensions are what the client's author tells himself
        return httpx.Request(
            request.method, request.url, headers=headers, stream=request.stream, extensions={"timeout": timeout}
        )

    async def _persist(self, request: httpx.Request, patience: Patience) -> Answer:
        attempt = 0
        while True:
            outcome = await self._exchange(request)
            asked = f"{request.method} {request.url}"
            following = after(outcome, attempt, patience, asked=asked, now=self.now())
            if isinstance(following, Answer):
                return following
            attempt += 1
            await self._wait(following.seconds, following.reason)

    async def _exchange(self, request: httpx.Request) -> Answer | Failure:
        if self.rate is None:
            return await exchange_async(self.inner, request, self.limits, self.monotonic)
        while (wait := self.rate.take()) > 0:
            await self._wait(wait, self.rate.reason)
        try:
            return await exchange_async(self.inner, request, self.limits, self.monotonic)
        finally:
            self.rate.give_back()

    async def _wait(self, seconds: float, reason: str) -> None:
        self.tell(waiting(seconds, reason))
        await self.sleep(seconds)

    def _response(self, answer: Answer) -> httpx.Response:
        """Give an answer to the client, scrubbed of the credential where it may end in a message."""
        if not answer.ok:
            answer = scrubbed(answer, partial(without_credential, credential=self.credential))
        headers = [(name.encode(), held.encode()) for name, held in answer.headers.items() if name not in _OF_THE_WIRE]
        return httpx.Response(answer.status, headers=headers, content=answer.body)
