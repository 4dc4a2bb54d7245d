"""Sending: one client, timeouts on everything, and a header that nothing above the socket sees."""

from __future__ import annotations

import os
import ssl
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from urllib.parse import parse_qs, quote, unquote, urlsplit

import certifi
import httpx

from leadping_nb.contracts import Contract, Operation
from leadping_nb.credential import Credential
from leadping_nb.errors import LeadpingError, NotAllowedError, ResponseError, TransportError
from leadping_nb.session.answers import Answer, error_of, json_of
from leadping_nb.session.firewall import Origin, admit, origin_of
from leadping_nb.session.retry import RETRIED_STATUSES, Patience, retry_after

__all__ = ["Fetcher", "Limits", "Session"]

_USER_AGENT = "leadping_nb"
Query = Mapping[str, object]


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
    transport
        What httpx sends with, for tests.
    now, monotonic, sleep
        The clocks: epoch seconds, seconds that only grow, and a pause in seconds.
    tell
        Is told of every wait, in a sentence; the standard error stream unless given.

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
        self.now = now
        self._limits = limits or Limits()
        self._monotonic = monotonic
        self._sleep = sleep
        self._tell = tell or _to_stderr
        inner = transport or httpx.HTTPTransport(verify=tls_context(), trust_env=not self.origin.loopback)
        self._client = _client(_Authorizing(inner, credential, self.origin), self._limits, self.origin)

    def read(
        self,
        operation: Operation,
        *,
        path: Mapping[str, str] | None = None,
        query: Query | None = None,
        body: object = None,
        patience: Patience | None = None,
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

        Raises
        ------
        NotAllowedError
            Before anything is sent.
        ApiError, ResponseError
            For an answer without success.
        TransportError
            If no answer came.
        """
        decision = admit(self.credential, operation, self.origin, self.contract)
        note = f"({decision.why})" if decision.verdict == "undocumented" else None
        request = self._client.build_request(
            operation.method,
            self.base_url + _fill(operation, path or {}),
            params=_pairs(query or {}),
            json=body if body is not None else None,
        )
        answer = self._persist(request, patience or Patience())
        if answer.ok:
            return replace(answer, note=note)
        raise error_of(replace(answer, note=note), scrub=self.scrub, now=self.now())

    def read_json(self, operation: Operation, **how: object) -> object:
        """Make a read and give its JSON; the parameters and errors are those of `read`."""
        return json_of(self.read(operation, **how))  # type: ignore[arg-type]  # checked by read

    def find(self, method: str, url: str) -> tuple[Operation, dict[str, str], dict[str, list[str]]]:
        """Give the operation that an address means, with the values in its path and query.

        Raises
        ------
        NotAllowedError
            If the contract has no such operation, because then nobody knows what it would do.
        """
        if "://" in url and origin_of(url) != self.origin:
            raise NotAllowedError(
                f"{origin_of(url)} is not the API's origin, {self.origin}.",
                rule="a credential goes to its own API alone",
            )
        target = urlsplit(url)
        base = urlsplit(self.base_url).path
        local = target.path.removeprefix(base) if "://" in url else target.path
        operation = self.contract.match(method, local)
        if operation is None:
            nearest = self.contract.nearest(method, local)
            raise NotAllowedError(
                f"What {method.upper()} {local} does is not known: the contract of {self.contract.revision} lacks it.",
                rule="only what the contract knows to be a read",
                hint=f"Nearest: {', '.join(nearest)}." if nearest else "lp.contract().operations lists all.",
            )
        return operation, _path_values(operation, local), _query_values(target.query)

    def scrub(self, text: str) -> str:
        """Put the credential's label where a text repeats the credential."""
        if self.credential is None:
            return text
        return text.replace(self.credential.reveal(), f"<{self.credential.label}>")

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

    def _persist(self, request: httpx.Request, patience: Patience) -> Answer:
        attempt = 0
        while True:
            outcome = _exchange(self._client, request, self._limits, self._monotonic)
            if isinstance(outcome, Answer):
                if outcome.status not in RETRIED_STATUSES:
                    return outcome
                told = retry_after(outcome.headers.get("retry-after"), self.now())
                wait = patience.next_wait(attempt, told)
                if wait is None:
                    return outcome
                reason = f"the API answered {outcome.status}"
            else:
                wait = patience.next_wait(attempt, None) if outcome.worth_a_retry else None
                if wait is None:
                    raise TransportError(f"{request.method} {request.url}: {outcome.reason}")
                reason = outcome.reason
            attempt += 1
            self._tell(f"Waiting {wait:.1f} s, because {reason} (retry {attempt} of {patience.retries}).")
            self._sleep(wait)


class Fetcher:
    """Gets public documents: without credential, cookie or redirect, from https or, if allowed, loopback.

    Parameters
    ----------
    loopback
        Whether addresses on this machine may be asked over http.
    limits
        Bounds of one request.
    transport
        What httpx sends with, for tests.
    """

    def __init__(
        self,
        *,
        loopback: bool,
        limits: Limits | None = None,
        transport: httpx.BaseTransport | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._loopback = loopback
        self._limits = limits or Limits(read=10.0, total=15.0, size=1024 * 1024)
        self._monotonic = monotonic
        self._transport = transport
        self._client: httpx.Client | None = None

    def fetch(self, url: str, *, method: str = "GET") -> Answer:
        """Get a document, whatever its status.

        Raises
        ------
        LeadpingError
            If the address may not be asked.
        TransportError
            If no answer came.
        """
        origin = origin_of(url)
        if origin.loopback and not self._loopback:
            raise LeadpingError(
                f"{origin} is on this machine, which a public document should not point to.",
                hint="Tell whoever publishes the document that names it.",
            )
        if self._client is None:
            inner = self._transport or httpx.HTTPTransport(verify=tls_context(), trust_env=False)
            self._client = _client(inner, self._limits, origin)
        body: dict[str, str] | None = {} if method == "POST" else None
        request = self._client.build_request(method, url, json=body, headers={"Accept": "application/json, */*;q=0.5"})
        outcome = _exchange(self._client, request, self._limits, self._monotonic)
        if isinstance(outcome, Answer):
            return outcome
        raise TransportError(f"{method} {url}: {outcome.reason}")

    def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            self._client.close()

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class _Authorizing(httpx.BaseTransport):
    """Sets ``Authorization`` below httpx's hooks, and lets no frame that held it out in a traceback."""

    def __init__(self, inner: httpx.BaseTransport, credential: Credential | None, origin: Origin) -> None:
        self._inner = inner
        self._credential = credential
        self._origin = origin

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._credential is None:
            return self._inner.handle_request(request)
        if origin_of(str(request.url)) != self._origin:
            raise NotAllowedError(
                f"{request.url.host} is not the API's origin.", rule="a credential goes to its own API alone"
            )
        authorized = httpx.Request(
            request.method,
            request.url,
            headers=[*request.headers.raw, (b"Authorization", f"Bearer {self._credential.reveal()}".encode("ascii"))],
            stream=request.stream,
            extensions=request.extensions,
        )
        try:
            return self._inner.handle_request(authorized)
        except BaseException as error:  # also Ctrl-C: the frames below hold the header in their locals
            failure = error.with_traceback(None)
            failure.__cause__ = failure.__context__ = None
        raise failure

    def close(self) -> None:
        self._inner.close()


@dataclass(frozen=True, slots=True)
class _Failure:
    reason: str
    worth_a_retry: bool


def _exchange(
    client: httpx.Client, request: httpx.Request, limits: Limits, monotonic: Callable[[], float]
) -> Answer | _Failure:
    """Send one request and read all of its answer within the limits."""
    started = monotonic()
    response: httpx.Response | None = None
    try:
        response = client.send(request, stream=True)
        body = bytearray()
        for piece in response.iter_bytes():
            body += piece
            if len(body) > limits.size:
                raise ResponseError(f"The answer is larger than {limits.size:,} bytes.", url=str(request.url))
            if monotonic() - started > limits.total:
                return _Failure(f"the answer was not whole after {limits.total:.0f} s", worth_a_retry=False)
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(request.method, str(request.url), response.status_code, headers, bytes(body))
    except httpx.TimeoutException as error:
        limit = limits.connect if isinstance(error, httpx.ConnectTimeout) else limits.read
        return _Failure(f"no answer within {limit:.0f} s", worth_a_retry=False)
    except httpx.DecodingError:
        return _Failure("the answer's compression is broken", worth_a_retry=False)
    except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
        return _Failure("the connection broke before the answer was whole", worth_a_retry=True)
    except httpx.ConnectError as error:
        kind = "the certificate was not accepted" if "CERTIFICATE" in str(error).upper() else "no connection"
        return _Failure(kind, worth_a_retry=False)
    except httpx.HTTPError as error:
        return _Failure(f"the request failed ({type(error).__name__})", worth_a_retry=False)
    finally:
        if response is not None:
            response.close()


def tls_context() -> ssl.SSLContext:
    """Trust certifi's roots, or those that ``SSL_CERT_FILE`` names."""
    return ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE") or certifi.where())


def _client(transport: httpx.BaseTransport, limits: Limits, origin: Origin) -> httpx.Client:
    client = httpx.Client(
        transport=transport,
        timeout=httpx.Timeout(limits.read, connect=limits.connect),
        follow_redirects=False,
        trust_env=False,
        headers={"User-Agent": _USER_AGENT, "Accept": "application/json"},
    )
    client.cookies.jar = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
    return client


def _fill(operation: Operation, values: Mapping[str, str]) -> str:
    missing = [name for name in operation.path_parameters if not str(values.get(name, ""))]
    if missing:
        raise LeadpingError(
            f"{operation.id} needs {', '.join(missing)}.",
            hint=f"Pass path={{{', '.join(f'{name!r}: …' for name in operation.path_parameters)}}}.",
        )
    unknown = [name for name in values if name not in operation.path_parameters]
    if unknown:
        raise LeadpingError(
            f"{operation.id} has no {', '.join(unknown)} in its path.",
            hint=f"It has {', '.join(operation.path_parameters) or 'none'}.",
        )
    filled = operation.path
    for name in operation.path_parameters:
        part = quote(str(values[name]), safe="")
        if part in (".", ".."):
            raise LeadpingError(f"{name} cannot be {part!r}.", hint="Give the id as the API gave it.")
        filled = filled.replace(f"{{{name}}}", part)
    return filled


def _pairs(query: Query) -> list[tuple[str, str | int | float | bool | None]]:
    pairs: list[tuple[str, str | int | float | bool | None]] = []
    for name, value in query.items():
        values: Iterable[object] = value if isinstance(value, list | tuple) else [value]
        pairs.extend((name, _query_text(entry)) for entry in values if entry is not None)
    return pairs


def _query_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    isoformat = getattr(value, "isoformat", None)
    return str(isoformat()) if isoformat else str(value)


def _path_values(operation: Operation, path: str) -> dict[str, str]:
    parts = path.strip("/").split("/")
    template = operation.path.strip("/").split("/")
    return {wanted[1:-1]: unquote(part) for wanted, part in zip(template, parts, strict=True) if wanted.startswith("{")}


def _query_values(query: str) -> dict[str, list[str]]:
    return parse_qs(query, keep_blank_values=True)


def _to_stderr(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
