"""A session: what is admitted is made a request, and what comes back an answer or one of our errors."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from types import TracebackType
from urllib.parse import urlsplit

import httpx

from leadping_nb.contracts import Contract, Operation
from leadping_nb.credential import Credential
from leadping_nb.errors import LeadpingError
from leadping_nb.session.addresses import Query, fill, pairs_of, path_values, query_values
from leadping_nb.session.answers import Answer, error_of, json_of, without_credential
from leadping_nb.session.authorizing import Authorizing
from leadping_nb.session.confined import Confined
from leadping_nb.session.connections import timed_transport
from leadping_nb.session.delivery import Delivery
from leadping_nb.session.draft import Draft
from leadping_nb.session.exchange import Limits, new_client
from leadping_nb.session.firewall import (
    Origin,
    admit,
    admit_lead,
    identify,
    origin_of,
    refuse_other_meaning,
    refuse_repeated,
)
from leadping_nb.session.memory import Asked, Memory
from leadping_nb.session.once import judged
from leadping_nb.session.rate import RateLimit
from leadping_nb.session.reads import Read
from leadping_nb.session.retry import Patience, to_stderr

__all__ = ["Session"]


class Session:
    """Calls the API with one credential; a context manager that keeps its connections open.

    Parameters
    ----------
    credential
        What to call with; None calls without.
    base_url
        The API's address: https, or http on loopback.
    contract
        What may be called, and what each call does.
    limits
        Bounds of one request.
    rate
        The limit that requests keep to by waiting; None for none. It can be shared with other sessions.
    transport
        What httpx sends with, for tests.
    now, monotonic, sleep
        The clocks: epoch seconds, seconds that only grow, and a pause in seconds.
    tell
        Is told of every wait that no load tells of itself, in a sentence; the standard error stream unless given.

    Raises
    ------
    LeadpingError
        If ``base_url`` is no address that a credential may go to.
    """

    def __init__(
        self,
        credential: Credential | None,
        *,
        base_url: str,
        contract: Contract,
        limits: Limits | None = None,
        rate: RateLimit | None = None,
        transport: httpx.BaseTransport | None = None,
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        self.credential = credential
        self.contract = contract
        self.origin: Origin = origin_of(base_url)
        self.base_url = f"{self.origin}{urlsplit(base_url).path.rstrip('/')}"
        self.memory = Memory()
        self.now = now
        self.rate = rate
        self._limits = limits or Limits()
        self.monotonic = monotonic
        self._sleep = sleep
        self._tell = tell or to_stderr
        self._transport = transport or timed_transport(self._limits.total, monotonic)
        authorizing = Authorizing(self._transport, credential, self.origin)
        self._client = new_client(authorizing, self._limits)
        self._delivery = Delivery(
            authorizing, self._limits, rate=rate, now=now, monotonic=monotonic, sleep=sleep, tell=self._tell
        )
        self._watchers: tuple[Callable[[Read], None], ...] = ()

    def read(
        self,
        operation: Operation,
        *,
        path: Mapping[str, str] | None = None,
        query: Query | None = None,
        body: object = None,
        patience: Patience | None = None,
        when_sent: Callable[[], None] | None = None,
    ) -> Answer:
        """Make a read of the contract and give its successful answer.

        Parameters
        ----------
        operation
            A read; a write is refused.
        path
            A value for each name in the operation's path.
        query
            Query parameters; a sequence repeats the name.
        body
            What is sent as JSON; None sends no body.
        patience
            The waits that are left; a fresh allowance unless given.
        when_sent
            Is called when the request has left and its answer is yet to come: once a try, or never where the transport
            does not tell. It is the moment for work that would keep the request from leaving.

        Raises
        ------
        NotAllowedError
            Before anything is sent.
        LeadpingError
            If the session was closed.
        ApiError, ResponseError
            For an answer without success.
        TransportError
            If no answer came.
        """
        self._demand_open()
        decision = admit(self.credential, operation, self.origin, self.contract)
        note = f"({decision.why})" if decision.verdict == "undocumented" else None
        filled = fill(operation, path or {})
        if path:
            refuse_other_meaning(operation, filled)
        request = self._client.build_request(
            operation.method,
            self.base_url + filled,
            params=pairs_of(query or {}) or None,
            json=body if body is not None else None,
            headers={"Accept-Encoding": "identity"} if self.origin.loopback else None,  # there is no wire to spare
        )
        if when_sent is not None:
            request.stream = _Telling(request.content, when_sent)
        refuse_repeated(self.credential, str(request.url), request.content)
        self.memory.note(operation, Asked(path or {}, query or {}, body))
        answer = self._delivery.read(request, patience or Patience())
        for watch in self._watchers:
            pairs = tuple(request.url.params.multi_items())
            sent = {name: str(value) for name, value in (path or {}).items()}
            watch(Read(operation, sent, pairs, body, answer, self.now()))
        notes = " ".join(filter(None, (answer.note, note)))
        answer = replace(answer, note=notes) if notes else answer
        if answer.ok:
            return answer
        raise error_of(answer, scrub=self.scrub, now=self.api_now())

    @contextmanager
    def watched(self, watch: Callable[[Read], None]) -> Iterator[None]:
        """Tell of every read and its answer, successful or not, until the block ends; in the thread that reads."""
        self._watchers = (*self._watchers, watch)
        try:
            yield
        finally:
            self._watchers = tuple(other for other in self._watchers if other is not watch)

    def read_json(self, operation: Operation, **how: object) -> object:
        """Make a read and give its JSON; the parameters and errors are those of `read`."""
        return json_of(self.read(operation, **how))  # type: ignore[arg-type]  # checked by read

    def draft(self, operation: Operation, *, query: Query | None = None, body: object = None) -> Draft:
        """Give the request of a write as it would leave; nothing is sent.

        Parameters
        ----------
        operation
            The call.
        query
            Query parameters; a sequence repeats the name.
        body
            What would be sent as JSON; None for no body.
        """
        request = self._write(operation, query, body)
        headers = [(name.decode("ascii"), value.decode("latin-1")) for name, value in request.headers.raw]
        if self.credential is not None:
            headers.append(("Authorization", f"Bearer <{self.credential.label}>"))
        return Draft(request.method, str(request.url), tuple(headers), request.content.decode("utf-8"))

    def send_once(
        self,
        operation: Operation,
        body: object,
        *,
        patience: Patience | None = None,
        when_leaving: Callable[[], None] | None = None,
    ) -> Answer:
        """Send a lead once, and give the answer that it was taken in; no other lead leaves meanwhile.

        It is never sent again by itself, whatever comes of it: nothing tells a lead that is sent twice from two leads.

        Parameters
        ----------
        operation
            A POST that takes in leads.
        body
            The lead.
        patience
            Who is told of a wait for the rate limit, and may end it.
        when_leaving
            Is called when all waits are over and the lead is about to leave; if it raises, the lead does not.

        Raises
        ------
        NotAllowedError
            Before anything is sent.
        LeadMaybeSentError
            If the lead may have been taken in, and nobody here knows.
        TransportError
            If nothing was sent.
        ApiError, ResponseError
            If it was refused.
        """
        self._demand_open()
        admit_lead(self.credential, operation, self.origin, self.contract)
        self.memory.note(operation, Asked({}, {}, body))
        request = self._write(operation, None, body)
        outcome = self._delivery.lead(request, patience or Patience(), when_leaving=when_leaving)
        return judged(outcome, f"{request.method} {request.url}", scrub=self.scrub, now=self.api_now())

    def find(self, method: str, url: str) -> tuple[Operation, dict[str, str], dict[str, list[str]]]:
        """Give the operation that an address means, with the values in its path and query.

        Raises
        ------
        NotAllowedError
            If the contract has no such operation, because then nobody knows what it would do.
        """
        operation, local = identify(method, url, self.base_url, self.contract)
        return operation, path_values(operation, local), query_values(urlsplit(url).query)

    def api_now(self) -> float:
        """Give the time by the API's clock, which decides when a token has ended, in epoch seconds.

        It is known by the ``Date`` of the last answer that had one; until then it is this machine's.
        """
        return self._delivery.api_now()

    def confined(self, admits: Callable[[str, str], bool]) -> Session:
        """Give a session with the same connections, limit and clocks, which can send nothing but what is admitted.

        Parameters
        ----------
        admits
            Whether a method and a path of the contract may be sent; asked below everything else, at the socket.
        """
        base = urlsplit(self.base_url).path

        def below_base(method: str, path: str) -> bool:
            return path.startswith(f"{base}/") and admits(method, path.removeprefix(base))

        return Session(
            self.credential,
            base_url=self.base_url,
            contract=self.contract,
            limits=self._limits,
            rate=self.rate,
            transport=Confined(self._transport, below_base),
            now=self.now,
            monotonic=self.monotonic,
            sleep=self._sleep,
            tell=self._tell,
        )

    def scrub(self, text: str) -> str:
        """Put the credential's label where a text repeats the credential."""
        return without_credential(text, self.credential)

    def pause(self, seconds: float, reason: str, patience: Patience) -> None:
        """Wait, and tell of it.

        Parameters
        ----------
        seconds
            How long.
        reason
            Why, as the end of a sentence.
        patience
            Who is told, and may end it.
        """
        self._delivery.pause(seconds, reason, patience)

    def close(self) -> None:
        """Close the connections; the session cannot be used afterwards."""
        self._client.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        holder = self.credential.label if self.credential else "no credential"
        return f"<Session at {self.base_url} with {holder}>"

    def _demand_open(self) -> None:
        """Raise `LeadpingError` after `close`; the transport itself would open its connections again."""
        if self._client.is_closed:
            raise LeadpingError(
                "This connection was closed.", hint="Connect again, or make the call before the with block ends."
            )

    def _write(self, operation: Operation, query: Query | None, body: object) -> httpx.Request:
        # A connection that was kept can die while a lead goes into it, and nobody would know whether it had arrived.
        return self._client.build_request(
            operation.method,
            self.base_url + fill(operation, {}),
            params=pairs_of(query or {}) or None,
            json=body,
            headers={"Connection": "close"},
        )


class _Telling(httpx.SyncByteStream):
    """A request's body that tells when it was taken, which is after it has left."""

    def __init__(self, body: bytes, call: Callable[[], None]) -> None:
        self._body = body
        self._call = call

    def __iter__(self) -> Iterator[bytes]:
        if self._body:
            yield self._body
        self._call()
