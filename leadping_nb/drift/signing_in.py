"""How one signs in and which credentials are taken: live documents against what a revision says, and one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from leadping_nb.contracts import Contract
from leadping_nb.credential import KeyType
from leadping_nb.drift.change import Change, change_of
from leadping_nb.drift.sorts import Happened
from leadping_nb.findings.authmd import forms_named, read_auth_md
from leadping_nb.findings.flows import SHOWN_BY
from leadping_nb.metadata import Document
from leadping_nb.openapi import Outline

__all__ = ["changes_in_signing_in"]

_CODE, _PKCE, _REFRESH = "authorization code", "PKCE (S256)", "refresh token"
_GRANTS = {"authorization_code": _CODE, "refresh_token": _REFRESH}
# Grants that SHOWN_BY has under the name of a flow.
_NAMED_AS_FLOWS = frozenset({"client_credentials", "urn:ietf:params:oauth:grant-type:device_code"})
_MOST_NAMED = 20
_PREFIXES = {"business key": "lp_…", "organization key": "sk_…", "source key": "lp_src_…"}
_OTHER_KEY = {
    KeyType.BUSINESS_API_KEY.value: KeyType.ORGANIZATION_API_KEY.value,
    KeyType.ORGANIZATION_API_KEY.value: KeyType.BUSINESS_API_KEY.value,
}
_SCHEMES = {"Bearer": "http, bearer", "SourceKey": "http, bearer"}  # as every document so far has them
_AGENT_TYPES = {
    "credential_types_supported": ("access_token", "api_key"),
    "lead_ingestion_credential_types_supported": ("source_key",),
}


@dataclass(frozen=True, slots=True)
class _Flows:
    offered: frozenset[str]
    """What the revision's documents offer."""
    unsettled: frozenset[str]
    """What some of its documents offer and others do not, so that neither is a change."""
    source: str
    """The documents."""


_FLOWS: Mapping[str, _Flows] = {
    "2026-07-05": _Flows(
        frozenset({_CODE, _PKCE, _REFRESH}), frozenset(), "the seed of 2026-07-05 and the metadata of July"
    ),
    "2026-10-26": _Flows(
        frozenset({_CODE, _PKCE, _REFRESH, "device flow", "registration of agents"}),
        frozenset({"identity assertion", "client credentials"}),
        "the metadata of August and September",
    ),
}


def changes_in_signing_in(
    documents: Mapping[str, Document], published: Outline | None, contract: Contract
) -> Iterator[Change]:
    """Compare credential forms, their place, and flows with those of a revision.

    Parameters
    ----------
    documents
        The discovery documents by address.
    published
        The published OpenAPI document, if there is one.
    contract
        The revision.
    """
    servers = {url: found for url, found in documents.items() if found.kind in ("authorization server", "openid")}
    pages = {
        url: found.content
        for url, found in documents.items()
        if found.kind == "auth.md" and isinstance(found.content, str)
    }
    yield from _forms(pages, published, servers, contract)
    for url, document in documents.items():
        if document.kind == "protected resource":
            yield from _places(document, url)
    yield from _schemes(published)
    yield from _flows(servers, contract)
    if servers:
        yield from _flows_in_words(pages, servers)


def _forms(
    pages: Mapping[str, str], published: Outline | None, servers: Mapping[str, Document], contract: Contract
) -> Iterator[Change]:
    """Compare the forms that documents name with those that the revision has, and with one another."""
    expected = [kind.value for kind in KeyType if kind in contract.key_types]
    named = {url: forms_named(text) for url, text in pages.items()}
    if published is not None:
        named[published.name] = forms_named("\n".join(scheme.described for scheme in published.schemes.values()))
    spoken = {place: forms for place, forms in named.items() if forms}
    became: dict[tuple[Happened, str, str, str], list[str]] = {}
    for place, forms in spoken.items():
        renamed = {form: _OTHER_KEY[form] for form in expected if form not in forms and _OTHER_KEY.get(form) in forms}
        for form in (form for form in expected if form not in forms):
            happened: Happened = "renamed" if form in renamed else "gone"
            became.setdefault((happened, form, _long(form), _long(renamed.get(form, ""))), []).append(place)
        for form in (form for form in forms if form not in expected and form not in renamed.values()):
            became.setdefault(("appeared", form, "", _long(form)), []).append(place)
    for (happened, form, before, after), places in became.items():
        evidence = f"in {' and '.join(places)}"
        yield change_of("key", happened, form, before=before, after=after, evidence=evidence)
    for (first, some), (second, others) in pairwise(spoken.items()):
        if set(some) != set(others):
            yield change_of("key", "disagree", "forms of credential", before=", ".join(some), after=", ".join(others),
                            evidence=f"{first} against {second}")  # fmt: skip
    for url, server in servers.items():
        yield from _types(server, url)


def _types(server: Document, url: str) -> Iterator[Change]:
    """Compare the types of credential in the block for agents with those that it had in July."""
    block = replace(server, content=server.get("agent_auth"))
    for member, known in _AGENT_TYPES.items():
        types = block.texts(member)[:_MOST_NAMED]
        for name in (name for name in types if name not in known):
            yield change_of("key", "appeared", name, after=name, evidence=f"agent_auth.{member} in {url}")
        for name in (name for name in known if types and name not in types):
            yield change_of("key", "gone", name, before=name, evidence=f"not in agent_auth.{member} of {url}")


def _places(document: Document, url: str) -> Iterator[Change]:
    methods = document.texts("bearer_methods_supported")
    if methods and set(methods) != {"header"}:
        yield change_of("place", "changed", "bearer methods", before="header", after=", ".join(methods[:_MOST_NAMED]),
                        evidence=f"bearer_methods_supported in {url}")  # fmt: skip


def _schemes(published: Outline | None) -> Iterator[Change]:
    if published is None:
        return
    for name, scheme in published.schemes.items():
        if not scheme.is_bearer:
            happened: Happened = "changed" if name in _SCHEMES else "appeared"
            yield change_of("place", happened, f"security scheme {name}", before=_SCHEMES.get(name, ""),
                            after=scheme.described, evidence=f"in {published.name}")  # fmt: skip


def _flows(servers: Mapping[str, Document], contract: Contract) -> Iterator[Change]:
    said = _FLOWS[contract.revision]
    live: dict[str, str] = {}
    for url, document in servers.items():
        for flow in _shown(document):
            live.setdefault(flow, url)
    for flow in sorted(said.offered - live.keys()) if servers else ():
        places = " or ".join(servers)
        yield change_of("flow", "gone", flow, before=f"offered by {said.source}", after="not offered",
                        evidence=f"not in {places}")  # fmt: skip
    for flow, url in live.items():
        if flow not in said.offered and flow not in said.unsettled:
            yield change_of("flow", "appeared", flow, before=f"not offered by {said.source}", after="offered",
                            evidence=f"in {url}")  # fmt: skip


def _shown(document: Document) -> Iterator[str]:
    grants = document.texts("grant_types_supported")[:_MOST_NAMED]
    yield from (_GRANTS.get(grant, f"grant {grant}") for grant in grants if grant not in _NAMED_AS_FLOWS)
    if "S256" in document.texts("code_challenge_methods_supported"):
        yield _PKCE
    yield from (flow for flow, shows in SHOWN_BY.items() if shows(document))


def _flows_in_words(pages: Mapping[str, str], servers: Mapping[str, Document]) -> Iterator[Change]:
    """Compare what auth.md says of flows with what the metadata show."""
    for url, text in pages.items():
        page = read_auth_md(text)
        for flow, shows in SHOWN_BY.items():
            showing = [place for place, document in servers.items() if shows(document)]
            if flow in page.offered and not showing:
                yield change_of("flow", "disagree", flow, before="not in the metadata", after="offered in auth.md",
                                evidence=f"{url} against {' and '.join(servers)}")  # fmt: skip
            if flow in page.not_offered and showing:
                yield change_of("flow", "disagree", flow, before="in the metadata", after="denied in auth.md",
                                evidence=f"{url} against {showing[0]}")  # fmt: skip


def _long(form: str) -> str:
    return f"{form}, {_PREFIXES[form]}" if form in _PREFIXES else form
