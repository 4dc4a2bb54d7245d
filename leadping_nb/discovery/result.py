"""What a walk found: documents, issuers, keys, client, and what is odd about them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from leadping_nb.arguments import TEXT, Wanted, demand
from leadping_nb.challenge import Challenge
from leadping_nb.discovery import drawing
from leadping_nb.discovery.steps import Step
from leadping_nb.errors import LeadpingError, ResponseError
from leadping_nb.findings import Absence, Evidence, Finding, judge
from leadping_nb.findings.challenge_rules import CHALLENGE_RULES
from leadping_nb.findings.revisions import Fit, fit
from leadping_nb.identifiers import shown, split_address
from leadping_nb.keyring import Keyring
from leadping_nb.lasting import Lasting
from leadping_nb.metadata import Document, client_id_of, issuers_of, jwks_addresses, kind_of
from leadping_nb.session.fetch import Fetcher
from leadping_nb.session.firewall import origin_of
from leadping_nb.session.strict_json import parse_json
from leadping_nb.table import Table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Discovery"]

_SETTLED_FIRST = frozenset(rule.code for rule in CHALLENGE_RULES)  # the first answer says it all
_PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})

_NO_KEYS = "Discover again, in case the address has changed; else ask whoever runs the issuer."

_DOCUMENTS = Wanted(
    "a dict of documents by their addresses, or a list of documents",
    "Give what was captured, as in {{address: document}}.",
    lambda value: isinstance(value, Iterable) and not isinstance(value, str | bytes | bytearray),
)


@dataclass(frozen=True, eq=False)
class Discovery(Lasting):
    """What the walk found; shows itself as graph, steps and findings in a notebook, as a tree in a terminal."""

    start: str
    """The API's address."""
    steps: tuple[Step, ...] = field(repr=False)
    """The requests, in order."""
    documents: Mapping[str, Document] = field(repr=False)
    """The documents by address."""
    challenges: tuple[Challenge, ...] = field(default=(), repr=False)
    """The challenges of the 401."""
    clock_difference: float | None = field(default=None, repr=False)
    """Seconds by which the server's clock is ahead of this machine's, by its Date header; None if not told."""
    complete: bool = field(default=True, repr=False)
    """Whether the walk was over; until then ``findings`` leave out what a later step may take back."""

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
        demand(_DOCUMENTS, documents=documents)
        demand(TEXT, start=start)
        pairs = documents.items() if isinstance(documents, Mapping) else ((None, entry) for entry in documents)
        read: dict[str, Document] = {}
        for number, (url, given) in enumerate(pairs, 1):
            content, quirks = _read(given, url)
            read[url or f"document {number}"] = Document(kind_of(content, url), url, content, quirks)
        steps = tuple(
            Step(number, "A document captured before.", "given", "–", key, None, document.kind, document)
            for number, (key, document) in enumerate(read.items(), 1)
        )
        return cls(start, steps, MappingProxyType(read))

    @cached_property
    def issuers(self) -> tuple[str, ...]:
        """Every issuer whose tokens the API says it accepts."""
        return issuers_of(self.documents)

    @cached_property
    def jwks_addresses(self) -> Mapping[str, str]:
        """The address of each issuer's keys, as far as a document names it."""
        return MappingProxyType(jwks_addresses(self.documents))

    @property
    def jwks_uri(self) -> str | None:
        """The address of the keys of the first accepted issuer that has one."""
        addresses = self.jwks_addresses
        named = [addresses[issuer] for issuer in self.issuers if issuer in addresses]
        return named[0] if named else next(iter(addresses.values()), None)

    @cached_property
    def jwks(self) -> Mapping[str, Mapping[str, object]]:
        """The JWK set of each issuer whose keys were found."""
        found: dict[str, Mapping[str, object]] = {}
        for issuer, address in self.jwks_addresses.items():
            document = self.documents.get(address)
            if document is not None and document.kind == "jwks" and isinstance(document.content, Mapping):
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

    @cached_property
    def audiences(self) -> tuple[str, ...]:
        """Whom a user token may be for: the client, or the API itself."""
        return tuple(dict.fromkeys(name for name in (self.client_id, self.resource) if name))

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What does not fit the standards, or what is only good to know; errors first."""
        found = judge(self._evidence())
        if self.complete:
            return found
        asked = {shown(step.url) for step in self.steps}
        return tuple(finding for finding in found if finding.place in asked or finding.code in _SETTLED_FIRST)

    @property
    def revisions(self) -> tuple[Fit, ...]:
        """How the published OpenAPI document compares with the known revisions, best first; empty if there is none."""
        published = [document for document in self.documents.values() if document.kind == "openapi"]
        return fit(published[0].content) if published else ()

    def keyring(self, *, ttl: float = 300.0, cool_down: float = 30.0, stale_for: float = 3_600.0) -> Keyring:
        """Give a keyring that fetches and keeps the issuers' keys, for many tokens; its parameters are seconds."""
        loopback = origin_of(self.start).loopback

        def fetch(address: str) -> Mapping[str, object]:
            with Fetcher(loopback=loopback) as fetcher:
                answer = fetcher.fetch(address)
            parsed = parse_json(answer.body)
            if not answer.ok or not isinstance(parsed.value, Mapping):
                raise ResponseError(
                    f"{address} answered {answer.status} without a JWK set.", status=answer.status, hint=_NO_KEYS
                )
            return parsed.value

        return Keyring(
            fetch, self.jwks_addresses, audiences=self.audiences, ttl=ttl, cool_down=cool_down, stale_for=stale_for
        )

    @property
    def table(self) -> Table:
        """The steps as a table, fit to print."""
        return Table(
            ("step", "question", "method", "url", "status", "outcome", "spec"),
            tuple(
                (
                    step.number,
                    shown(step.question),
                    step.method,
                    shown(step.url),
                    step.status,
                    shown(step.outcome),
                    step.spec,
                )
                for step in self.steps
            ),
        )

    @property
    def findings_table(self) -> Table:
        """The findings as a table."""
        return Table(
            ("severity", "code", "finding", "expected", "got", "what to do", "spec"),
            tuple(
                (found.severity, found.code, found.message, found.expected, found.got, found.hint, found.spec)
                for found in self.findings
            ),
        )

    @property
    def frame(self) -> pd.DataFrame:
        """The steps as a DataFrame; ``status`` is a nullable integer."""
        return self.table.frame().astype({"status": "Int64"})

    @property
    def facts(self) -> Table:
        """What a client needs to know, in a few rows, fit to print."""
        return Table(
            ("fact", "value"),
            (
                ("accepted issuers", shown(", ".join(self.issuers)) or "none named"),
                ("signing keys", shown(self.jwks_uri or "nowhere named")),
                ("client id", shown(self.client_id or "not named")),
            ),
        )

    def tree(self) -> str:
        """Draw the walk as a tree of plain text, each step below the one that led to it."""
        return drawing.tree(self.start, self.steps, self.findings)

    def mermaid(self) -> str:
        """Draw the walk as a Mermaid flow chart: hosts, documents, and arrows marked by finding."""
        return drawing.mermaid(self.start, self.steps, self.findings)

    def to_json(self) -> str:
        """Give everything as JSON text, for keeping or comparing; private members of published keys are masked."""
        whole = {
            "start": self.start,
            "issuers": list(self.issuers),
            "jwks_addresses": dict(self.jwks_addresses),
            "client_id": self.client_id,
            "audiences": list(self.audiences),
            "clock_difference": self.clock_difference,
            "steps": [dict(zip(self.table.columns, row, strict=True)) for row in self.table.rows],
            "findings": [asdict(found) for found in self.findings],
            "documents": {key: _masked(document) for key, document in self.documents.items()},
        }
        return json.dumps(whole, indent=1, ensure_ascii=True, default=str)

    def __str__(self) -> str:
        return self.tree()

    def __repr__(self) -> str:
        return (
            f"<Discovery of {shown(self.start)}: {len(self.steps)} steps, {len(self.documents)} documents, "
            f"{len(self.issuers)} issuers, {len(self.findings)} findings>"
        )

    def _repr_html_(self) -> str:
        return drawing.page(self.start, self.facts, self.table, self.findings_table, self.tree())

    def _ipython_display_(self) -> None:
        """Show the graph, then facts, steps and findings: two outputs, because a graph is no HTML."""
        from IPython.display import display

        display({"text/vnd.mermaid": self.mermaid(), "text/plain": self.tree()}, raw=True)  # type: ignore[no-untyped-call]  # of IPython
        display({"text/html": self._repr_html_(), "text/plain": repr(self)}, raw=True)  # type: ignore[no-untyped-call]  # of IPython

    def _evidence(self) -> Evidence:
        walked = [step for step in self.steps if step.spec != "given"]
        first = walked[0] if walked else None
        return Evidence(
            start=self.start,
            documents=self.documents,
            challenges=self.challenges,
            challenge_header=first.headers.get("www-authenticate") if first else None,
            first_status=first.status if first else None,
            failures=MappingProxyType(
                {step.url: Absence(step.outcome, step.reason) for step in walked if not step.found}
            ),
            walked=bool(walked),
        )


def _read(given: object, url: str | None) -> tuple[object, tuple[str, ...]]:
    if isinstance(given, str) and (url or "").endswith("/auth.md"):
        return given, ()
    if isinstance(given, str):
        given = given.encode("utf-8", "replace")
    if not isinstance(given, bytes):
        return given, ()
    parsed = parse_json(given)
    if parsed.problem is not None:
        raise LeadpingError(f"The document {url or ''} is no JSON: {parsed.problem}.", hint="Give it whole.")
    return parsed.value, parsed.quirks


def _masked(document: Document) -> dict[str, object]:
    content = document.content
    if document.kind == "jwks" and isinstance(content, Mapping) and isinstance(content.get("keys"), list):
        keys = [
            {name: "(masked)" if name in _PRIVATE_MEMBERS else value for name, value in key.items()}
            if isinstance(key, Mapping)
            else key
            for key in content["keys"]
        ]
        content = {**content, "keys": keys}
    if document.kind == "openapi":
        content = "(an OpenAPI document)"
    return {"kind": document.kind, "content": content}


def _root(url: str) -> str:
    parts = split_address(url)
    return f"{parts.scheme}://{parts.netloc}" if parts else url
