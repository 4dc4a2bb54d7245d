"""Rules over protected resource metadata (RFC 9728)."""

from __future__ import annotations

from collections.abc import Iterator

from leadping_nb.findings.rule import Evidence, Hit, Rule
from leadping_nb.identifiers import differences, split_address
from leadping_nb.metadata import MOST_SERVERS, Document

__all__ = ["RESOURCE_RULES"]

_ABOUT = "protected resource"
_METHODS = frozenset({"header", "body", "query"})


def _missing(evidence: Evidence) -> Iterator[Hit]:
    if not any(evidence.of_kind("protected resource")):
        yield Hit("The API publishes no protected resource metadata.", "a document", "none", evidence.start)


def _resource(evidence: Evidence) -> Iterator[Hit]:
    for document in evidence.of_kind("protected resource"):
        expected, named = _expected(document, evidence.start), document.text("resource") or ""
        difference = differences(expected, named)
        if difference:
            lenient = "goes on" if _host(expected) == _host(named) else "should stop too"
            message = (
                f"The metadata are for another resource ({difference}); a strict client stops, a lenient one {lenient}."
            )
            yield Hit(message, expected, named or "no text", document.url or "")


def _resource_form(evidence: Evidence) -> Iterator[Hit]:
    for document in evidence.of_kind("protected resource"):
        named = document.text("resource") or ""
        if "#" in named or "?" in named:
            message = "The resource is no plain identifier: it has a query or a fragment."
            yield Hit(message, "no query and no fragment", named, document.url or "")


def _servers(evidence: Evidence) -> Iterator[Hit]:
    for document in evidence.of_kind("protected resource"):
        if not document.texts("authorization_servers"):
            yield Hit("The metadata name no authorization server.", "authorization_servers", "none", document.url or "")


def _server_over_http(evidence: Evidence) -> Iterator[Hit]:
    for document in evidence.of_kind("protected resource"):
        for server in _named(document):
            if server.startswith("http:") and evidence.start.startswith("https:"):
                yield Hit("An issuer is named over plain http.", "https", server, document.url or "")


def _server_form(evidence: Evidence) -> Iterator[Hit]:
    for document in evidence.of_kind("protected resource"):
        for server in _named(document):
            if not _host(server):
                yield Hit("An issuer is no address.", "an https address", server, document.url or "")


def _server_twice(evidence: Evidence) -> Iterator[Hit]:
    for document in evidence.of_kind("protected resource"):
        servers = document.texts("authorization_servers")
        if len(set(servers)) < len(servers):
            yield Hit("An authorization server is named twice.", "each once", ", ".join(servers), document.url or "")


def _many_servers(evidence: Evidence) -> Iterator[Hit]:
    for document in evidence.of_kind("protected resource") if evidence.walked else ():
        count = len(_named(document))
        if count > MOST_SERVERS:
            message = "The metadata name more servers than any API needs, and the last were not asked."
            got = f"{count:,}, {count - MOST_SERVERS:,} too many"
            yield Hit(message, f"at most {MOST_SERVERS}", got, document.url or "")


def _no_header_method(evidence: Evidence) -> Iterator[Hit]:
    for document in evidence.of_kind("protected resource"):
        methods = document.texts("bearer_methods_supported")
        if methods and "header" not in methods:
            message = "The header is not among the ways to send a token, and it is the only one the API takes."
            yield Hit(message, "header", ", ".join(methods), document.url or "")


def _query_method(evidence: Evidence) -> Iterator[Hit]:
    for document in evidence.of_kind("protected resource"):
        if "query" in document.texts("bearer_methods_supported"):
            yield Hit("Tokens may travel in addresses, where logs keep them.", "header", "query", document.url or "")


def _unknown_method(evidence: Evidence) -> Iterator[Hit]:
    for document in evidence.of_kind("protected resource"):
        unknown = set(document.texts("bearer_methods_supported")) - _METHODS
        if unknown:
            got = ", ".join(sorted(unknown))
            yield Hit("A way to send tokens is not a registered one.", "header, body or query", got, document.url or "")


def _scopes_form(evidence: Evidence) -> Iterator[Hit]:
    for document in evidence.of_kind("protected resource"):
        scopes = document.get("scopes_supported")
        if scopes is not None and (
            not isinstance(scopes, list) or len(document.texts("scopes_supported")) != len(scopes)
        ):
            yield Hit(
                "The scopes are no list of texts.", "an array of strings", type(scopes).__name__, document.url or ""
            )


def _expected(document: Document, start: str) -> str:
    """Give what the resource should be: the API's address, or the site that a copy was found on."""
    if document.url is None or _root(document.url) == _root(start):
        return start
    return _root(document.url)


def _named(document: Document) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*document.texts("authorization_servers"), *document.texts("token_issuers_supported"))))


def _root(url: str) -> str:
    parts = split_address(url)
    return f"{parts.scheme}://{parts.netloc}" if parts else ""


def _host(url: str) -> str:
    parts = split_address(url)
    return (parts.hostname or "") if parts else ""


RESOURCE_RULES: tuple[Rule, ...] = (
    Rule("prm-missing", "error", _ABOUT, "The API publishes no protected resource metadata.", "RFC 9728, section 3",
         "Give issuer and jwks to lp.inspect_token yourself.", _missing),
    Rule("prm-resource", "error", _ABOUT, "The metadata are for another resource.", "RFC 9728, section 3.3",
         "Compare without regard to this difference, or tell the owner.", _resource),
    Rule("prm-resource-form", "warning", _ABOUT, "The resource has a query or a fragment.", "RFC 9728, section 1.2",
         "Tell the owner.", _resource_form),
    Rule("prm-servers", "warning", _ABOUT, "The metadata name no authorization server.", "RFC 9728, section 2",
         "Look for the server's metadata on the website.", _servers),
    Rule("prm-http-server", "error", _ABOUT, "An issuer is named over plain http.", "RFC 8414, section 2",
         "It is not followed; tell the owner.", _server_over_http),
    Rule("prm-server-form", "error", _ABOUT, "An issuer is no address.", "RFC 8414, section 2",
         "It cannot be followed; tell the owner.", _server_form),
    Rule("prm-server-twice", "note", _ABOUT, "An authorization server is named twice.", "RFC 9728, section 2",
         "Nothing; it is asked once.", _server_twice),
    Rule("prm-servers-many", "warning", _ABOUT, "The metadata name more servers than any API needs.",
         "RFC 9728, section 7.7", f"The first {MOST_SERVERS} were asked; tell the owner.", _many_servers),
    Rule("prm-bearer-methods", "error", _ABOUT, "The header is not among the ways to send a token.",
         "RFC 9728, section 2", "Send Authorization: Bearer all the same; the seed says so.", _no_header_method),
    Rule("prm-bearer-query", "warning", _ABOUT, "Tokens may travel in addresses.", "RFC 9700, section 4.3.2",
         "Never use it.", _query_method),
    Rule("prm-bearer-unknown", "note", _ABOUT, "A way to send tokens is not a registered one.", "RFC 9728, section 2",
         "Send the header.", _unknown_method),
    Rule("prm-scopes-form", "warning", _ABOUT, "The scopes are no list of texts.", "RFC 9728, section 2",
         "Ask for no scope by this list.", _scopes_form),
)  # fmt: skip
"""The rules over protected resource metadata."""
