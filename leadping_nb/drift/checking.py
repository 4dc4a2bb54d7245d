"""The check for drift: what a discovery found against the revisions that ship."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from leadping_nb.contracts import REVISIONS, Contract, contract as load_contract, contract_or_seed
from leadping_nb.discovery import Discovery
from leadping_nb.drift.addresses import changed_address
from leadping_nb.drift.change import Change, change_of
from leadping_nb.drift.comparison import changes_of_published
from leadping_nb.drift.gaps import not_compared
from leadping_nb.drift.outlines import outline_of
from leadping_nb.drift.report import DriftReport
from leadping_nb.drift.signing_in import changes_in_signing_in
from leadping_nb.errors import LeadpingError
from leadping_nb.findings.revisions import fit
from leadping_nb.metadata import Document, Kind
from leadping_nb.openapi import Outline, read_openapi

__all__ = ["check_drift"]

# What a whole discovery has, where each stands, and whether it is a page of words.
_NEEDED: tuple[tuple[tuple[Kind, ...], str, str], ...] = (
    (("openapi",), "the OpenAPI document", "/openapi/v1.json"),
    (("protected resource",), "the resource metadata", "/.well-known/oauth-protected-resource"),
    (("authorization server", "openid"), "the server's metadata", "/.well-known/oauth-authorization-server"),
    (("auth.md",), "auth.md", "/auth.md"),
)


def check_drift(discovery: Discovery, *, contract: Contract | None = None) -> DriftReport:
    """Compare what an API publishes now with the revisions that ship; nothing is fetched.

    Parameters
    ----------
    discovery
        What ``lp.discover(url)`` found, or documents that were captured.
    contract
        The contract in use; the seed's revision unless given.

    Returns
    -------
    DriftReport
        Against the contract in use, and against the nearest shipped revision where that is another. Documents that are
        missing or cannot be read are rows too.

    Raises
    ------
    LeadpingError
        If it is given an address, or anything else that is no discovery.

    Examples
    --------
    >>> from leadping_nb.discovery import Discovery
    >>> metadata = {"resource": "https://api.example", "bearer_methods_supported": ["header", "query"]}
    >>> report = check_drift(Discovery.from_documents([metadata], start="https://api.example"))
    >>> [change.name for change in report][:2]
    ['bearer methods', 'the OpenAPI document']
    """
    if isinstance(discovery, str):  # an address, which a reader of the name may expect to give
        raise LeadpingError(
            "This is an address and no discovery.", hint="lp.check_drift(lp.discover(url)) walks first."
        )
    if not isinstance(discovery, Discovery):
        raise LeadpingError("This is no discovery.", hint="Give what lp.discover(url) found.")
    used = contract_or_seed(contract)
    found = [document for document in discovery.documents.values() if document.kind == "openapi"]
    published = read_openapi(found[0].content, name=found[0].url or "the OpenAPI document") if found else None
    nearest = fit(found[0].content)[0].revision if published is not None and published.calls else None
    general = (
        *_missing(discovery, published),
        *_mixture(discovery.documents, nearest),
        *changed_address(discovery.start, published),
    )
    revisions = dict.fromkeys((used.revision, nearest or used.revision))
    against: dict[Change, list[str]] = {}
    for revision in revisions:
        known = used if revision == used.revision else load_contract(revision)
        for change in (*general, *_compared(discovery.documents, published, known)):
            against.setdefault(change, []).append(revision)
    found_in = [replace(change, against=tuple(dict.fromkeys(named))) for change, named in against.items()]
    rows = sorted(found_in, key=lambda change: (used.revision not in change.against, change.rank))
    gaps = not_compared(outline_of(used), published) if published is not None and published.calls else ()
    return DriftReport(discovery.start, used.revision, nearest, tuple(rows), gaps)


def _compared(documents: Mapping[str, Document], published: Outline | None, contract: Contract) -> Iterator[Change]:
    if published is not None and published.calls:
        yield from changes_of_published(contract, published)
    yield from changes_in_signing_in(documents, published, contract)


def _mixture(documents: Mapping[str, Document], published: str | None) -> Iterator[Change]:
    """Say so where calls and signing in are those of different revisions."""
    differing = {
        revision: sum(change.change != "disagree" for change in changes_in_signing_in(documents, None, known))
        for revision, known in ((revision, load_contract(revision)) for revision in REVISIONS)
    }
    fewest = [revision for revision in differing if differing[revision] == min(differing.values())]
    if published is not None and published not in fewest:
        yield change_of(
            "document",
            "disagree",
            "the revisions of the documents",
            before=f"signing in as in {fewest[0]}",
            after=f"calls as in {published}",
            evidence="the OpenAPI document against metadata and auth.md",
        )


def _missing(discovery: Discovery, published: Outline | None) -> Iterator[Change]:
    """Give a row for each document that is not there or not wholly readable."""
    kinds = {document.kind for document in discovery.documents.values()}
    failed = {step.url: step.outcome for step in discovery.steps if not step.found}
    for wanted, name, ending in _NEEDED:
        if kinds.isdisjoint(wanted):
            why = next(
                (f"{outcome}, at {url}" for url, outcome in failed.items() if ending in url), "not among the documents"
            )
            yield change_of("page" if name == "auth.md" else "document", "gone", name, evidence=why)
    if published is not None:
        for sentence in published.unread:
            evidence = f"in {published.name}"
            yield change_of("document", "not read", "the OpenAPI document", after=sentence, evidence=evidence)
