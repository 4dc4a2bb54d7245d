"""Rules between documents: whether they agree, whether they are documents at all, and what they offer that is new."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from leadping_nb.errors import Reason
from leadping_nb.findings.authmd import AuthMd, read_auth_md
from leadping_nb.findings.flows import SHOWN_BY, identity_types
from leadping_nb.findings.revisions import fit
from leadping_nb.findings.rule import Evidence, Hit, Rule
from leadping_nb.identifiers import split_address
from leadping_nb.metadata import Document, issuers_of, jwks_addresses

__all__ = ["AGREEMENT_RULES"]

_ABOUT = "agreement"
_COMPARED = ("authorization_endpoint", "token_endpoint", "jwks_uri")

# What the documents of July, August and September 2026 offer; anything else is new.
_KNOWN_GRANTS = frozenset(
    {"authorization_code", "refresh_token", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code"}
)
_KNOWN_IDENTITIES = frozenset({"service_auth", "identity_assertion"})
_KNOWN_BLOCKS = frozenset({"workos_authkit", "agent_auth"})
_NEEDED_FORMS = ("user token", "source key")


# What came after July 2026, whose server metadata alone have a workos_authkit block.
_AFTER_JULY: Mapping[str, Callable[[Document], bool]] = {
    **{flow: SHOWN_BY[flow] for flow in ("device flow", "identity assertion", "client credentials")},
    "registration of agents": SHOWN_BY["registration of agents"],
}


def _issuer_without_keys(evidence: Evidence) -> Iterator[Hit]:
    addresses = jwks_addresses(evidence.documents)
    for issuer in issuers_of(evidence.documents):
        if issuer not in addresses:
            message = "Tokens of an issuer are accepted, but no document says where its keys are."
            yield Hit(message, "a jwks_uri for every accepted issuer", issuer, evidence.start)


def _client_ids(evidence: Evidence) -> Iterator[Hit]:
    named: dict[str, str] = {}
    for document in evidence.documents.values():
        block = document.get("workos_authkit")
        if isinstance(block, Mapping) and isinstance(block.get("client_id"), str):
            named.setdefault(block["client_id"], document.url or "")
    if len(named) > 1:
        yield Hit("Documents name different clients.", "one client id", ", ".join(named), next(iter(named.values())))


def _copies(evidence: Evidence) -> Iterator[Hit]:
    """Compare documents of one issuer with one another."""
    first: dict[str, Document] = {}
    for document in evidence.of_kind("authorization server", "openid"):
        issuer = document.text("issuer")
        if not issuer:
            continue
        earlier = first.setdefault(issuer, document)
        for name in _COMPARED:
            one, other = earlier.text(name), document.text(name)
            if one and other and one != other:
                yield Hit(f"Two documents of one issuer differ in {name}.", one, other, document.url or "")


def _resources_disagree(evidence: Evidence) -> Iterator[Hit]:
    named = [document.texts("authorization_servers") for document in evidence.of_kind("protected resource")]
    filled = [servers for servers in named if servers]
    if filled and any(set(servers) != set(filled[0]) for servers in filled):
        got = "; ".join(", ".join(servers) for servers in filled)
        yield Hit("The website and the API name different authorization servers.", "the same", got, evidence.start)


def _duplicate_members(evidence: Evidence) -> Iterator[Hit]:
    for document in evidence.documents.values():
        for quirk in document.quirks:
            if quirk.startswith("duplicate member"):
                yield Hit(
                    "A member stands twice, and readers differ in which counts.", "each once", quirk, document.url or ""
                )


def _byte_order_mark(evidence: Evidence) -> Iterator[Hit]:
    for document in evidence.documents.values():
        if "byte order mark" in document.quirks:
            message = "The document begins with a byte order mark, which some readers refuse."
            yield Hit(message, "none", "a byte order mark", document.url or "")


def _not_numbers(evidence: Evidence) -> Iterator[Hit]:
    for document in evidence.documents.values():
        for quirk in document.quirks:
            if quirk.endswith("which is no JSON") or quirk == "a number beyond all bounds":
                yield Hit(
                    "The document holds a number that not every reader can hold.",
                    "a finite number",
                    quirk,
                    document.url or "",
                )


def _not_a_document(evidence: Evidence) -> Iterator[Hit]:
    for place, why in _absences(evidence, "content"):
        yield Hit("What came with a success is no document.", "JSON", why, place)


def _refused(evidence: Evidence) -> Iterator[Hit]:
    for place, why in _absences(evidence, "redirect"):
        yield Hit("A document is not served where it should be.", "the document itself", why, place)


def _hostile(evidence: Evidence) -> Iterator[Hit]:
    for place, why in _absences(evidence, "address", "size", "encoding"):
        yield Hit("An address or its answer is not safe to follow.", "a public https document", why, place)


def _too_slow(evidence: Evidence) -> Iterator[Hit]:
    for place, why in _absences(evidence, "time"):
        if place != evidence.start:
            yield Hit("A document did not come in time.", "an answer in seconds", why, place)


def _media_type(evidence: Evidence) -> Iterator[Hit]:
    for document in evidence.documents.values():
        if (
            document.media_type is not None
            and document.kind not in ("auth.md", "other")
            and "json" not in document.media_type
        ):
            yield Hit("JSON is served as something else.", "application/json", document.media_type, document.url or "")


def _auth_md_missing(evidence: Evidence) -> Iterator[Hit]:
    if evidence.walked:
        for place, absence in evidence.failures.items():
            if place.endswith("/auth.md"):
                yield Hit("The page for agents did not come.", "auth.md", absence.why, place)


def _auth_md_long(evidence: Evidence) -> Iterator[Hit]:
    for document, page in _pages(evidence):
        if not page.whole:
            message = "The page for agents is longer than any needs to be, and its end was not read."
            yield Hit(message, "at most 65,536 characters", "more", document.url or "")


def _auth_md_forms(evidence: Evidence) -> Iterator[Hit]:
    for document, page in _pages(evidence):
        missing = [form for form in _NEEDED_FORMS if form not in page.credential_forms]
        if missing:
            message = "The page for agents does not name a form of credential that the API takes."
            yield Hit(message, ", ".join(_NEEDED_FORMS), f"no {', '.join(missing)}", document.url or "")


def _auth_md_addresses(evidence: Evidence) -> Iterator[Hit]:
    known = {_host(place) for place in (*evidence.documents, evidence.start)}
    expected = ", ".join(sorted(filter(None, known)))
    for document, page in _pages(evidence):
        for address in page.addresses:
            if "/.well-known/" in address and _host(address) not in known:
                message = "The page for agents names metadata at a host that the walk did not meet."
                yield Hit(message, expected, address, document.url or "")


def _auth_md_flows(evidence: Evidence) -> Iterator[Hit]:
    """Compare what the page says of flows with what the servers' documents show."""
    servers = list(evidence.of_kind("authorization server", "openid"))
    for document, page in _pages(evidence) if servers else ():
        for flow, shows in SHOWN_BY.items():
            shown = any(shows(server) for server in servers)
            if flow in page.offered and not shown:
                message = "The page for agents offers a flow that no server's metadata show."
                yield Hit(message, "the same in both", f"{flow} in auth.md alone", document.url or "")
            if flow in page.not_offered and shown:
                message = "The page for agents denies a flow that a server's metadata show."
                yield Hit(message, "the same in both", f"{flow} in the metadata alone", document.url or "")


def _new_flow(evidence: Evidence) -> Iterator[Hit]:
    servers = list(evidence.of_kind("authorization server", "openid"))
    july = any(server.get("workos_authkit") is not None for server in servers)
    for document in servers:
        for grant in document.texts("grant_types_supported"):
            if grant not in _KNOWN_GRANTS and grant not in ("implicit", "password"):
                yield _new("A grant is offered that no known revision has.", grant, document)
        if document.text("registration_endpoint"):
            yield _new("Clients can register themselves.", document.text("registration_endpoint") or "", document)
        for name in document.content if isinstance(document.content, Mapping) else ():
            if isinstance(name, str) and name.startswith(("workos_", "agent_")) and name not in _KNOWN_BLOCKS:
                yield _new("The server has a block that no known revision has.", name, document)
        for kind in identity_types(document):
            if kind not in _KNOWN_IDENTITIES:
                yield _new("Agents can sign in in a way that no known revision has.", kind, document)
        for flow in (flow for flow, shows in _AFTER_JULY.items() if july and shows(document)):
            message = "A server that shows itself as in July 2026 offers a flow that came later."
            yield Hit(message, "the flows of July 2026", flow, document.url or "")
    for document, page in _pages(evidence):
        for flow in page.offered:
            if flow not in _AFTER_JULY:
                yield _new("The page for agents offers a flow that no known revision has.", flow, document)


def _openapi_missing(evidence: Evidence) -> Iterator[Hit]:
    if evidence.walked and evidence.first_status is not None and not any(evidence.of_kind("openapi")):
        yield Hit("The API publishes no OpenAPI document.", "a document", "none", evidence.start)


def _openapi_revision(evidence: Evidence) -> Iterator[Hit]:
    for document in evidence.of_kind("openapi"):
        best = fit(document.content)[0]
        if not best.exact:
            message = f"The published operations fit no known revision; {best.revision} comes nearest."
            got = f"{len(best.new)} new, {len(best.gone)} gone, {best.shared} shared"
            yield Hit(message, "the operations of a known revision", got, document.url or "")


def _new(message: str, what: str, document: Document) -> Hit:
    return Hit(message, "the flows of July to September 2026", what, document.url or "")


def _absences(evidence: Evidence, *reasons: Reason) -> Iterator[tuple[str, str]]:
    return ((place, absence.why) for place, absence in evidence.failures.items() if absence.reason in reasons)


def _pages(evidence: Evidence) -> Iterator[tuple[Document, AuthMd]]:
    for document in evidence.of_kind("auth.md"):
        if isinstance(document.content, str):
            yield document, read_auth_md(document.content)


def _host(url: str) -> str:
    parts = split_address(url)
    return parts.netloc if parts else ""


_SEED = "API Authentication page, revision 2026-07-05, Discovery"
AGREEMENT_RULES: tuple[Rule, ...] = (
    Rule("issuer-without-jwks", "warning", _ABOUT, "An accepted issuer publishes no keys.", "RFC 8414, section 2",
         "Its tokens stay unverified; ask Leadping, or give jwks yourself.", _issuer_without_keys),
    Rule("client-ids-disagree", "warning", _ABOUT, "Documents name different clients.", _SEED,
         "Tokens for either may be refused; ask which is current.", _client_ids),
    Rule("copies-disagree", "warning", _ABOUT, "Two documents of one issuer differ.", "RFC 8414, section 3.3",
         "Go by the document at the issuer itself.", _copies),
    Rule("servers-disagree", "warning", _ABOUT, "Website and API name different servers.", "RFC 9728, section 2",
         "Go by the API's own metadata.", _resources_disagree),
    Rule("json-duplicate-member", "warning", _ABOUT, "A member stands twice.", "RFC 8259, section 4",
         "The last was taken; tell the owner.", _duplicate_members),
    Rule("json-bom", "note", _ABOUT, "A document begins with a byte order mark.", "RFC 8259, section 8.1",
         "It was read all the same.", _byte_order_mark),
    Rule("json-number", "warning", _ABOUT, "A document holds a number that few readers can hold.",
         "RFC 8259, section 6", "Tell the owner.", _not_numbers),
    Rule("not-json", "error", _ABOUT, "What came with a success is no document.", "RFC 9728, section 3.2",
         "Look at the address in a browser: a sign-in page or a proxy may answer.", _not_a_document),
    Rule("document-redirected", "warning", _ABOUT, "A document is not served where it should be.",
         "RFC 8414, section 3.2", "It was not followed elsewhere; tell the owner.", _refused),
    Rule("document-hostile", "error", _ABOUT, "An address or its answer is not safe to follow.",
         "RFC 9728, section 7.7", "It was not followed; tell the owner.", _hostile),
    Rule("document-slow", "warning", _ABOUT, "A document did not come in time.", "RFC 9110, section 15.6.5",
         "Try again later.", _too_slow),
    Rule("document-media-type", "note", _ABOUT, "JSON is served as something else.", "RFC 8414, section 3.2",
         "It was read by its content.", _media_type),
    Rule("authmd-missing", "warning", _ABOUT, "The page for agents did not come.", _SEED,
         "Go by the metadata.", _auth_md_missing),
    Rule("authmd-long", "note", _ABOUT, "The page for agents is longer than any needs to be.", _SEED,
         "Read its end yourself.", _auth_md_long),
    Rule("authmd-forms", "note", _ABOUT, "The page for agents leaves out a form of credential.", _SEED,
         "lp.permissions says what each form may do.", _auth_md_forms),
    Rule("authmd-addresses", "note", _ABOUT, "The page for agents names a host that the walk did not meet.", _SEED,
         "Compare the page with the metadata.", _auth_md_addresses),
    Rule("authmd-flows", "note", _ABOUT, "The page for agents and the metadata differ in the flows on offer.", _SEED,
         "Go by the metadata.", _auth_md_flows),
    Rule("new-login-flow", "note", _ABOUT, "A way to sign in is offered that no known revision has.", _SEED,
         "Read auth.md; the toolkit does not know this flow yet.", _new_flow),
    Rule("openapi-missing", "note", _ABOUT, "The API publishes no OpenAPI document.", _SEED,
         "The shipped contracts are used.", _openapi_missing),
    Rule("openapi-revision", "note", _ABOUT, "The published operations fit no known revision.", _SEED,
         "Compare before you rely on a call; lp.contract(revision) has both.", _openapi_revision),
)  # fmt: skip
"""The rules between documents."""
