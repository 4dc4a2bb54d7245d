"""Who says so: from a real 401 to the signing keys, one request a step, and no credential to anyone."""

from __future__ import annotations

import html
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from leadping_nb.challenge import Challenge, parse_www_authenticate
from leadping_nb.errors import LeadpingError
from leadping_nb.metadata import (
    Document,
    Finding,
    client_id_of,
    issuers_of,
    judge,
    jwks_addresses,
    kind_of,
    resource_metadata_urls,
    server_metadata_urls,
)
from leadping_nb.session.answers import Answer
from leadping_nb.session.firewall import origin_of
from leadping_nb.session.http import Fetcher
from leadping_nb.table import Table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Discovery", "Step", "discover", "discovery_steps"]

_GUARDED_READ = "/users/me"  # a read of the contract that needs a credential; GET / is an open health check
_KEPT_HEADERS = ("content-type", "date", "location", "www-authenticate")


@dataclass(frozen=True, slots=True)
class Step:
    """One request of the walk."""

    number: int
    """Its place, from 1."""
    question: str
    """What is asked, and why."""
    spec: str
    """The standard and section, or the source."""
    method: str
    """The method."""
    url: str
    """The address."""
    status: int | None
    """The status, or None if no answer came."""
    outcome: str
    """What came of it, in words."""
    document: Document | None = None
    """The document that was found."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The headers that matter."""
    seconds: float = field(default=0.0, compare=False, repr=False)
    """How long it took."""

    @property
    def found(self) -> bool:
        """Whether it gave a document."""
        return self.document is not None


@dataclass(frozen=True, slots=True, eq=False)
class Discovery:
    """What the walk found."""

    start: str
    """The API's address."""
    steps: tuple[Step, ...] = field(repr=False)
    """The requests, in order."""
    documents: Mapping[str, Document] = field(repr=False)
    """The documents by address."""
    challenges: tuple[Challenge, ...] = field(default=(), repr=False)
    """The challenges of the 401."""

    @classmethod
    def from_documents(
        cls, documents: Mapping[str, object] | Iterable[object], *, start: str = "https://api.leadping.ai"
    ) -> Discovery:
        """Read documents that were captured before; nothing is fetched.

        Parameters
        ----------
        documents
            By the address that each was found under; or without addresses, in which case identity is not checked.
        start
            The API's address.

        Raises
        ------
        LeadpingError
            If a text is no JSON.

        Examples
        --------
        >>> found = Discovery.from_documents(
        ...     {"https://api.leadping.ai/.well-known/oauth-protected-resource":
        ...      {"resource": "https://api.leadping.ai", "authorization_servers": ["https://id.example"]}}
        ... )
        >>> found.issuers
        ('https://id.example',)
        """
        pairs = documents.items() if isinstance(documents, Mapping) else ((None, entry) for entry in documents)
        read: dict[str, Document] = {}
        for number, (url, given) in enumerate(pairs, 1):
            content = _read(given, url)
            read[url or f"document {number}"] = Document(kind_of(content, url), url, content)
        steps = tuple(
            Step(number, "A document captured before.", "given", "–", key, None, document.kind, document)
            for number, (key, document) in enumerate(read.items(), 1)
        )
        return cls(start, steps, MappingProxyType(read))

    @property
    def issuers(self) -> tuple[str, ...]:
        """Every issuer whose tokens the API says it accepts."""
        return issuers_of(self.documents)

    @property
    def jwks_addresses(self) -> Mapping[str, str]:
        """The address of each issuer's keys, as far as a document names it."""
        return jwks_addresses(self.documents)

    @property
    def jwks_uri(self) -> str | None:
        """The address of the keys of the first accepted issuer that has one."""
        addresses = self.jwks_addresses
        named = [addresses[issuer] for issuer in self.issuers if issuer in addresses]
        return named[0] if named else next(iter(addresses.values()), None)

    @property
    def jwks(self) -> Mapping[str, Mapping[str, object]]:
        """The JWK set of each issuer whose keys were found."""
        found: dict[str, Mapping[str, object]] = {}
        for issuer, address in self.jwks_addresses.items():
            document = self.documents.get(address)
            if document is not None and isinstance(document.content, Mapping) and document.kind == "jwks":
                found[issuer] = document.content
        return MappingProxyType(found)

    @property
    def client_id(self) -> str | None:
        """The client id that the documents name, or None."""
        return client_id_of(self.documents)

    @property
    def resource(self) -> str | None:
        """What the API calls itself in its metadata."""
        for document in self.documents.values():
            if document.kind == "protected resource" and (document.url or self.start).startswith(_root(self.start)):
                return document.text("resource")
        return None

    @property
    def audiences(self) -> tuple[str, ...]:
        """Whom a user token may be for: the client, or the API itself."""
        return tuple(dict.fromkeys(name for name in (self.client_id, self.resource) if name))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What does not fit the standards, or what is only good to know."""
        unreachable = [step for step in self.steps if step.number == 1 and step.status is None and step.spec != "given"]
        found = [
            Finding(
                "start-unreachable",
                "error",
                "The API could not be reached.",
                "a 401",
                step.outcome,
                "RFC 9110, section 15.5.2",
                "Check the address and the network.",
            )
            for step in unreachable
        ]
        return (*found, *judge(self.documents, resource=self.start))

    @property
    def table(self) -> Table:
        """The steps as a table."""
        return Table(
            ("step", "question", "method", "url", "status", "outcome", "spec"),
            tuple(
                (step.number, step.question, step.method, step.url, step.status, step.outcome, step.spec)
                for step in self.steps
            ),
        )

    @property
    def frame(self) -> pd.DataFrame:
        """The steps as a DataFrame; ``status`` is a nullable integer."""
        return self.table.frame().astype({"status": "Int64"})

    def __repr__(self) -> str:
        return (
            f"<Discovery of {self.start}: {len(self.steps)} steps, {len(self.documents)} documents, "
            f"{len(self.issuers)} issuers, {len(self.findings)} findings>"
        )

    def _repr_html_(self) -> str:
        facts = Table(
            ("fact", "value"),
            (
                ("accepted issuers", ", ".join(self.issuers)),
                ("signing keys", self.jwks_uri),
                ("client id", self.client_id),
            ),
        ).html()
        findings = Table(
            ("severity", "code", "finding", "expected", "got", "what to do"),
            tuple(
                (found.severity, found.code, found.message, found.expected, found.got, found.hint)
                for found in self.findings
            ),
        ).html(caption=f"{len(self.findings)} findings")
        title = html.escape(f"Discovery of {self.start}")
        return f"<div><strong>{title}</strong>{facts}{self.table.html()}{findings if self.findings else ''}</div>"


def discover(url: str) -> Discovery:
    """Follow the discovery of an API from a 401 to the signing keys.

    Parameters
    ----------
    url
        The API's address: https, or http on loopback.

    Returns
    -------
    Discovery
        Whatever was found; a server that answers badly or not at all is a finding, not an error.

    Raises
    ------
    LeadpingError
        If the text is no http or https address.
    """
    walk = _Walk(url)
    for _ in walk.steps():
        pass
    return walk.result()


def discovery_steps(url: str) -> Iterator[Step]:
    """Give the walk of `discover` one step at a time; each request is made when its step is asked for."""
    return _Walk(url).steps()


class _Walk:
    def __init__(self, url: str) -> None:
        self._start = url.rstrip("/")
        self._origin = origin_of(url)
        self._fetcher = Fetcher(loopback=self._origin.loopback)
        self._made: list[Step] = []
        self._documents: dict[str, Document] = {}
        self._challenges: tuple[Challenge, ...] = ()

    def result(self) -> Discovery:
        return Discovery(self._start, tuple(self._made), MappingProxyType(dict(self._documents)), self._challenges)

    def steps(self) -> Iterator[Step]:
        with self._fetcher:
            yield self._call()
            yield from self._resource()
            yield from self._servers()
            yield from self._keys()
            yield from self._neighbours()

    def _call(self) -> Step:
        step, answer = self._ask(
            "What does a call without a credential earn?", "RFC 9110, section 15.5.2", self._start + _GUARDED_READ
        )
        if answer is not None:
            self._challenges = tuple(parse_www_authenticate(answer.headers.get("www-authenticate")))
            said = "a challenge" if self._challenges else "no challenge, so the well-known addresses are tried"
            step = self._keep(
                step, f"{answer.status} with {said}" if answer.status == 401 else f"{answer.status}, not 401"
            )
        return step

    def _resource(self) -> Iterator[Step]:
        pointed = [
            found.params["resource_metadata"] for found in self._challenges if "resource_metadata" in found.params
        ]
        candidates = dict.fromkeys((*pointed, *resource_metadata_urls(self._start)))
        for address in candidates:
            question = "What does the API say of itself?"
            question += " The challenge points here." if address in pointed else " This is the well-known address."
            step = self._document(
                question, "RFC 9728, section 5.1" if address in pointed else "RFC 9728, section 3.1", address
            )
            yield step
            if step.found:
                break

    def _servers(self) -> Iterator[Step]:
        servers = [
            server
            for document in list(self._documents.values())
            for server in (*document.texts("authorization_servers"), *document.texts("token_issuers_supported"))
        ]
        for server in dict.fromkeys((*servers, *self._websites())):
            for address in server_metadata_urls(server):
                if address in self._documents:
                    continue
                spec = (
                    "RFC 8414, section 3.1"
                    if "oauth-authorization-server" in address
                    else "OpenID Connect Discovery, section 4"
                )
                yield self._document(f"What does {urlsplit(server).netloc} say of signing in?", spec, address)

    def _keys(self) -> Iterator[Step]:
        for issuer, address in jwks_addresses(self._documents).items():
            if address not in self._documents:
                yield self._document(f"Which keys does {issuer} sign with?", "RFC 7517, section 5", address)

    def _neighbours(self) -> Iterator[Step]:
        for site in self._websites():
            yield self._document("What is told to agents in words?", "the seed, Discovery", f"{site}/auth.md")
        yield self._document("Which operations does the API publish?", "OpenAPI 3.1", f"{self._start}/openapi/v1.json")

    def _websites(self) -> tuple[str, ...]:
        if self._origin.host == "api.leadping.ai":
            return ("https://leadping.ai",)
        roots = [
            _root(server) for document in self._documents.values() for server in document.texts("authorization_servers")
        ]
        return tuple(dict.fromkeys(roots))

    def _document(self, question: str, spec: str, url: str) -> Step:
        step, answer = self._ask(question, spec, url)
        if answer is None:
            return step
        if not answer.ok:
            return self._keep(step, f"{answer.status}, no document")
        content = _content(answer)
        if content is None:
            return self._keep(step, f"{answer.status}, but not a document")
        document = Document(kind_of(content, url), url, content)
        self._documents[url] = document
        return self._keep(step, f"{answer.status}, {document.kind} document", document)

    def _ask(self, question: str, spec: str, url: str) -> tuple[Step, Answer | None]:
        number, began = len(self._made) + 1, time.perf_counter()
        answer: Answer | None = None
        try:
            answer = self._fetcher.fetch(url)
            outcome, status = "answered", answer.status
        except LeadpingError as error:
            outcome, status = error.message, None
        headers = {name: value for name, value in (answer.headers if answer else {}).items() if name in _KEPT_HEADERS}
        seconds = time.perf_counter() - began
        step = Step(number, question, spec, "GET", url, status, outcome, None, MappingProxyType(headers), seconds)
        self._made.append(step)
        return step, answer

    def _keep(self, step: Step, outcome: str, document: Document | None = None) -> Step:
        kept = Step(
            step.number,
            step.question,
            step.spec,
            step.method,
            step.url,
            step.status,
            outcome,
            document,
            step.headers,
            step.seconds,
        )
        self._made[-1] = kept
        return kept


def _content(answer: Answer) -> object | None:
    try:
        value = json.loads(answer.body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        text = answer.body.decode("utf-8", "replace")
        return text if answer.url.endswith("/auth.md") and text.lstrip()[:1] != "<" else None
    return value if isinstance(value, dict) else None


def _read(given: object, url: str | None) -> object:
    if isinstance(given, bytes):
        given = given.decode("utf-8-sig", "replace")
    if not isinstance(given, str) or (url or "").endswith("/auth.md"):
        return given
    try:
        return json.loads(given)
    except ValueError as error:
        raise LeadpingError(f"The document {url or ''} is no JSON.", hint="Give it whole.") from error


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
