"""The walk: which request comes next, and what its answer says. One code path for all at once and step by step."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType

from leadping_nb.arguments import FUNCTION, demand
from leadping_nb.challenge import Challenge, parse_www_authenticate
from leadping_nb.discovery.result import Discovery
from leadping_nb.discovery.steps import Step
from leadping_nb.errors import LeadpingError, Reason
from leadping_nb.identifiers import shown, split_address
from leadping_nb.metadata import (
    MOST_SERVERS,
    Document,
    jwks_addresses,
    kind_of,
    resource_metadata_urls,
    server_metadata_urls,
)
from leadping_nb.session.answers import Answer
from leadping_nb.session.fetch import Fetcher
from leadping_nb.session.firewall import origin_of
from leadping_nb.session.strict_json import parse_json

__all__ = ["Walk", "discover", "discovery_steps"]

_GUARDED_READ = "/users/me"  # a read of the contract that needs a credential; GET / is an open health check
_KEPT_HEADERS = ("content-type", "date", "location", "www-authenticate")
_SIDE_BY_SIDE = 6
_MOST_POINTERS = 5  # of challenges; one is what the standard has in mind
_LONGEST_NAME = 90
_REAL_API, _REAL_WEBSITE = "api.leadping.ai", "https://leadping.ai"


def discover(url: str, *, now: Callable[[], float] = time.time) -> Discovery:
    """Follow the discovery of an API from a 401 to the signing keys.

    Parameters
    ----------
    url
        The API's address: https, or http on loopback.
    now
        This machine's clock in epoch seconds, to compare with the server's.

    Returns
    -------
    Discovery
        Whatever was found; a server that answers badly or not at all is a finding, not an error.

    Raises
    ------
    LeadpingError
        If the text is no http or https address.

    Notes
    -----
    One request a step; requests that do not depend on one another go side by side. No credential and no cookie is sent.
    """
    walk = Walk(url, side_by_side=_SIDE_BY_SIDE, now=now)
    for _ in walk.steps():
        pass
    return walk.result()


def discovery_steps(url: str, *, now: Callable[[], float] = time.time) -> Iterator[Step]:
    """Give the walk of `discover` one step at a time; each request is made when its step is asked for.

    Raises
    ------
    LeadpingError
        If the text is no http or https address.
    """
    return Walk(url, now=now).steps()


@dataclass(frozen=True, slots=True)
class _Request:
    question: str
    spec: str
    url: str
    parent: int | None


@dataclass(frozen=True, slots=True)
class _Fetched:
    answer: Answer | None
    failure: str
    reason: Reason | None
    seconds: float


class Walk:
    """The requests of one walk, made as its steps are asked for, and what they say together so far.

    Parameters
    ----------
    url
        The API's address: https, or http on loopback.
    side_by_side
        How many requests go at once where they do not depend on one another.
    now
        This machine's clock in epoch seconds.
    monotonic
        Seconds that only grow, which bound the requests; what passes between two steps does not count.

    Raises
    ------
    LeadpingError
        If the text is no http or https address.
    """

    def __init__(
        self,
        url: str,
        *,
        side_by_side: int = 1,
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        demand(FUNCTION, now=now)
        self._origin = origin_of(url)
        self._start = url.rstrip("/")
        self._monotonic = monotonic
        self._paused = 0.0
        self._fetcher = Fetcher(loopback=self._origin.loopback, monotonic=lambda: monotonic() - self._paused)
        self._side_by_side = side_by_side
        self._now = now
        self._over = False
        self._made: list[Step] = []
        self._documents: dict[str, Document] = {}
        self._challenges: tuple[Challenge, ...] = ()
        self._clock_difference: float | None = None

    def result(self) -> Discovery:
        """Give what the steps found so far."""
        documents = MappingProxyType(dict(self._documents))
        return Discovery(
            self._start, tuple(self._made), documents, self._challenges, self._clock_difference, self._over
        )

    @property
    def over(self) -> bool:
        """Whether no request is left to make; known with the last step."""
        return self._over

    def steps(self) -> Generator[Step, None, None]:
        """Make the requests, one a step; to be called once."""
        with self._fetcher:
            for step in self._all_steps():
                began = self._monotonic()
                yield step
                self._paused += self._monotonic() - began
        self._over = True

    def _all_steps(self) -> Iterator[Step]:
        yield from self._call()
        yield from self._resource()
        yield from self._group(self._server_requests())
        yield from self._group(self._key_requests())
        yield from self._group(self._neighbour_requests(), last=True)

    # -- what is asked, in order --

    def _call(self) -> Iterator[Step]:
        question = "What does a call without a credential earn?"
        request = _Request(question, "RFC 9110, section 15.5.2", self._start + _GUARDED_READ, None)
        fetched = self._fetch(request)
        answer = fetched.answer
        if answer is None:
            yield self._keep(request, fetched, fetched.failure, fetched.reason)
            return
        self._challenges = tuple(parse_www_authenticate(answer.headers.get("www-authenticate")))
        self._clock_difference = None if answer.date is None else answer.date - self._now()
        said = "a challenge" if self._challenges else "no challenge, so the well-known addresses are tried"
        outcome = f"{answer.status} with {said}" if answer.status == 401 else f"{answer.status}, not 401"
        yield self._keep(request, fetched, outcome)

    def _resource(self) -> Iterator[Step]:
        named = [found.params["resource_metadata"] for found in self._challenges if "resource_metadata" in found.params]
        pointed = list(dict.fromkeys(named))[:_MOST_POINTERS]
        for address in dict.fromkeys((*pointed, *resource_metadata_urls(self._start))):
            by_challenge = address in pointed
            why = "The challenge points here." if by_challenge else "This is the well-known address."
            spec = "RFC 9728, section 5.1" if by_challenge else "RFC 9728, section 3.1"
            step = self._document(_Request(f"What does the API say of itself? {why}", spec, address, 1))
            yield step
            if step.found:
                return

    def _server_requests(self) -> Iterator[_Request]:
        for server, parent in self._servers().items():
            for address in server_metadata_urls(server):
                is_oauth = "oauth-authorization-server" in address
                spec = "RFC 8414, section 3.1" if is_oauth else "OpenID Connect Discovery 1.0, section 4"
                yield _Request(f"What does {_name(server)} say of signing in?", spec, address, parent)
        for site in self._websites():
            for address in resource_metadata_urls(site):
                question = "What does the website say of itself?"
                yield _Request(question, "RFC 9728, section 3.1", address, self._resource_step())

    def _key_requests(self) -> Iterator[_Request]:
        for issuer, address in jwks_addresses(self._documents).items():
            named = [step.number for step in self._made if step.document and step.document.text("jwks_uri") == address]
            question = f"Which keys does {_name(issuer)} sign with?"
            yield _Request(question, "RFC 7517, section 5", address, named[0] if named else self._resource_step())

    def _neighbour_requests(self) -> Iterator[_Request]:
        for site in self._websites():
            yield _Request("What is told to agents in words?", "the seed, Discovery", f"{site}/auth.md", None)
        address = f"{self._start}/openapi/v1.json"
        yield _Request("Which operations does the API publish?", "OpenAPI 3.1", address, None)

    def _servers(self) -> dict[str, int | None]:
        """Give the first servers that are named, the website's copies last, with the step that names each."""
        servers: dict[str, int | None] = {}
        for step in self._made:
            document = step.document
            if document is not None:
                named = (*document.texts("authorization_servers"), *document.texts("token_issuers_supported"))
                servers |= {server: step.number for server in named if server not in servers}
        asked = dict(islice(servers.items(), MOST_SERVERS))
        return asked | {site: None for site in self._websites() if site not in asked}

    def _websites(self) -> tuple[str, ...]:
        if self._origin.host == _REAL_API:
            return (_REAL_WEBSITE,)
        servers = [
            server for document in self._documents.values() for server in document.texts("authorization_servers")
        ]
        named = list(dict.fromkeys(servers))[:MOST_SERVERS]
        return tuple(dict.fromkeys(root for server in named if (root := _root(server))))

    def _resource_step(self) -> int | None:
        found = [step.number for step in self._made if step.document and step.document.kind == "protected resource"]
        return found[0] if found else None

    # -- how it is asked --

    def _group(self, requests: Iterable[_Request], *, last: bool = False) -> Iterator[Step]:
        """Make requests that do not depend on one another; steps come in order, however they arrive."""
        asked = self._asked()
        fresh = tuple({request.url: request for request in requests if request.url not in asked}.values())
        for number, (request, fetched) in enumerate(zip(fresh, self._fetch_all(fresh), strict=True), 1):
            step = self._document(request, fetched)
            self._over = last and number == len(fresh)
            yield step

    def _fetch_all(self, requests: Sequence[_Request]) -> Iterator[_Fetched]:
        if self._side_by_side == 1:
            yield from map(self._fetch, requests)
            return
        with ThreadPoolExecutor(self._side_by_side) as pool:
            yield from pool.map(self._fetch, requests)

    def _asked(self) -> set[str]:
        return {step.url for step in self._made}

    def _fetch(self, request: _Request) -> _Fetched:
        began = time.perf_counter()
        try:
            answer = self._fetcher.fetch(request.url)
        except LeadpingError as error:
            return _Fetched(None, error.message, error.reason, time.perf_counter() - began)
        return _Fetched(answer, "", None, time.perf_counter() - began)

    def _document(self, request: _Request, fetched: _Fetched | None = None) -> Step:
        fetched = fetched or self._fetch(request)
        answer = fetched.answer
        if answer is None:
            return self._keep(request, fetched, fetched.failure, fetched.reason)
        if not answer.ok:
            return self._keep(request, fetched, f"{answer.status}, no document")
        document, problem = _read(answer, request.url)
        if document is None:
            return self._keep(request, fetched, f"{answer.status}, but {problem}", "content")
        self._documents[request.url] = document
        return self._keep(request, fetched, f"{answer.status}, {document.kind} document", document=document)

    def _keep(
        self,
        request: _Request,
        fetched: _Fetched,
        outcome: str,
        reason: Reason | None = None,
        *,
        document: Document | None = None,
    ) -> Step:
        answer = fetched.answer
        headers = {name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers} if answer else {}
        step = Step(
            number=len(self._made) + 1,
            question=request.question,
            spec=request.spec,
            method="GET",
            url=request.url,
            status=answer.status if answer else None,
            outcome=f"{outcome} ({answer.note})" if answer and answer.note else outcome,
            document=document,
            headers=MappingProxyType(headers),
            parent=request.parent,
            reason=reason,
            seconds=fetched.seconds,
        )
        self._made.append(step)
        return step


def _read(answer: Answer, url: str) -> tuple[Document | None, str]:
    """Read a document by its content, whatever the status and media type promise."""
    media_type = answer.headers.get("content-type")
    parsed = parse_json(answer.body)
    if parsed.problem is None and isinstance(parsed.value, dict):
        return Document(kind_of(parsed.value, url), url, parsed.value, parsed.quirks, media_type), ""
    text = answer.body.decode("utf-8", "replace")
    if url.endswith("/auth.md") and text.lstrip()[:1] != "<":
        return Document("auth.md", url, text, (), media_type), ""
    return None, f"not a document: {parsed.problem or 'JSON, but no object'}"


def _root(url: str) -> str:
    parts = split_address(url)
    return f"{parts.scheme}://{parts.netloc}" if parts and parts.scheme and parts.netloc else ""


def _name(url: str) -> str:
    """Give the host of an address, or the text itself where it is none, short and fit for a sentence."""
    parts = split_address(url)
    return shown((parts.netloc if parts else "") or url, _LONGEST_NAME)
