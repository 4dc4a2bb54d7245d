"""Rules over what an authorization server says of itself (RFC 8414, OpenID Connect Discovery 1.0, RFC 9700)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from leadping_nb.findings.rule import Evidence, Hit, Rule
from leadping_nb.identifiers import differences, split_address
from leadping_nb.metadata import Document, server_metadata_urls

__all__ = ["SERVER_RULES"]

_ABOUT = "server"
_ENDPOINTS = (
    "authorization_endpoint", "token_endpoint", "jwks_uri", "introspection_endpoint", "revocation_endpoint",
    "device_authorization_endpoint", "registration_endpoint", "userinfo_endpoint",
)  # fmt: skip

_AUTH_METHODS = frozenset(
    [
        "none",
        "client_secret_basic",
        "client_secret_post",
        "client_secret_jwt",
        "private_key_jwt",
        "tls_client_auth",
        "self_signed_tls_client_auth",
    ]
)

Look = Callable[[Document], Iterable[tuple[str, str, str]]]


def _each(look: Look, *, openid: bool | None = None) -> Callable[[Evidence], Iterator[Hit]]:
    """Apply a look at one document to every server document, or only to OpenID's."""

    def check(evidence: Evidence) -> Iterator[Hit]:
        kinds = ("openid",) if openid else ("authorization server", "openid")
        for document in evidence.of_kind(*kinds):
            for message, expected, got in look(document):
                yield Hit(message, expected, got, document.url or "")

    return check


def _missing(evidence: Evidence) -> Iterator[Hit]:
    if (
        evidence.walked
        and evidence.first_status is not None
        and not any(evidence.of_kind("authorization server", "openid"))
    ):
        message = "No authorization server publishes its metadata."
        yield Hit(message, "a document for each issuer", "none", evidence.start)


def _issuer(evidence: Evidence) -> Iterator[Hit]:
    """Compare an issuer with the name that led to the document, character by character."""
    servers = tuple(evidence.of_kind("authorization server", "openid"))
    led_to: dict[str, dict[str, None]] = {document.url: {} for document in servers if document.url}
    for named in evidence.of_kind("protected resource") if led_to else ():
        for server in (*named.texts("authorization_servers"), *named.texts("token_issuers_supported")):
            for address in server_metadata_urls(server):
                if address in led_to:
                    led_to[address][server] = None
    for document in servers:
        if not document.url:
            continue
        issuer = document.text("issuer") or ""
        asked = led_to[document.url]
        expected = issuer if issuer in asked else next(iter(asked), _issuer_of(document.url))
        difference = differences(expected, issuer)
        if difference:
            lenient = "goes on" if _hostname(expected) == _hostname(issuer) else "takes it for a copy"
            message = f"The document names an issuer that it was not found under ({difference})"
            stops = f"{message}; a strict client stops, a lenient one {lenient}."
            yield Hit(stops, expected, issuer or "no text", document.url)


def _issuer_query(document: Document) -> Iterator[tuple[str, str, str]]:
    issuer = document.text("issuer") or ""
    if "?" in issuer or "#" in issuer:
        yield "The issuer has a query or a fragment.", "neither", issuer


def _over_http(document: Document) -> Iterator[tuple[str, str, str]]:
    if (document.url or "https:").startswith("https:"):
        for name in ("issuer", *_ENDPOINTS):
            if (document.text(name) or "").startswith("http:"):
                yield f"{name} is an address over plain http.", "https", document.text(name) or ""


def _no_jwks(document: Document) -> Iterator[tuple[str, str, str]]:
    if not document.text("jwks_uri"):
        yield "The server does not say where its keys are.", "jwks_uri", "none"


def _no_token_endpoint(document: Document) -> Iterator[tuple[str, str, str]]:
    grants = document.texts("grant_types_supported")
    if not document.text("token_endpoint") and grants != ("implicit",) and document.text("authorization_endpoint"):
        yield "The server does not say where tokens are given out.", "token_endpoint", "none"


def _response_types(document: Document) -> Iterator[tuple[str, str, str]]:
    if document.text("authorization_endpoint") and not document.texts("response_types_supported"):
        yield "The server does not say which response types it has.", "response_types_supported", "none"


def _pkce(document: Document) -> Iterator[tuple[str, str, str]]:
    methods = document.texts("code_challenge_methods_supported")
    if document.text("authorization_endpoint") and "S256" not in methods:
        yield "The document does not say that PKCE with S256 is supported.", "S256", ", ".join(methods) or "none"


def _pkce_plain(document: Document) -> Iterator[tuple[str, str, str]]:
    if "plain" in document.texts("code_challenge_methods_supported"):
        yield "PKCE without a hash is allowed.", "S256 alone", "plain"


def _grant(name: str, words: str) -> Look:
    def look(document: Document) -> Iterator[tuple[str, str, str]]:
        if name in document.texts("grant_types_supported"):
            yield words, f"no {name} grant", name

    return look


def _implicit_response(document: Document) -> Iterator[tuple[str, str, str]]:
    tokens = [kind for kind in document.texts("response_types_supported") if "token" in kind.split()]
    if tokens:
        yield "Access tokens are handed out in addresses.", "code", ", ".join(tokens)


def _auth_methods(document: Document) -> Iterator[tuple[str, str, str]]:
    methods = document.get("token_endpoint_auth_methods_supported")
    named = document.texts("token_endpoint_auth_methods_supported")
    if methods is not None and not named:
        yield "The ways for clients to sign in are no list of texts.", "an array of strings", type(methods).__name__
    unknown = set(named) - _AUTH_METHODS
    if unknown:
        yield "A way for clients to sign in is not a registered one.", "a registered method", ", ".join(sorted(unknown))


def _subject_types(document: Document) -> Iterator[tuple[str, str, str]]:
    if not document.texts("subject_types_supported"):
        yield "The OpenID document names no subject types.", "subject_types_supported", "none"


def _algorithms(document: Document) -> Iterator[tuple[str, str, str]]:
    if "RS256" not in document.texts("id_token_signing_alg_values_supported"):
        got = ", ".join(document.texts("id_token_signing_alg_values_supported")) or "none"
        yield "RS256 is not among the algorithms of ID tokens.", "RS256", got


def _algorithm_none(document: Document) -> Iterator[tuple[str, str, str]]:
    if "none" in document.texts("id_token_signing_alg_values_supported"):
        yield "Unsigned ID tokens are allowed.", "signed ones", "none"


def _elsewhere(document: Document) -> Iterator[tuple[str, str, str]]:
    owner = _hostname(document.text("issuer") or "")
    endpoint = document.text("token_endpoint") or ""
    login = document.text("authorization_endpoint") or ""
    if owner and endpoint and login and _hostname(endpoint) != _hostname(login):
        yield "People sign in at one host and tokens come from another.", _hostname(login), endpoint


def _issuer_of(url: str) -> str:
    """Give the issuer that a metadata address belongs to, its well-known part taken out."""
    parts = split_address(url)
    if parts is None:
        return url
    path = parts.path
    for known in ("/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"):
        path = path.replace(known, "")
    return f"{parts.scheme}://{parts.netloc}{path.rstrip('/')}"


def _hostname(url: str) -> str:
    parts = split_address(url)
    return (parts.hostname or "") if parts else ""


_METADATA = "RFC 8414, section 2"
SERVER_RULES: tuple[Rule, ...] = (
    Rule("as-missing", "error", _ABOUT, "No authorization server publishes its metadata.", "RFC 8414, section 3",
         "Give issuer and jwks to lp.inspect_token yourself.", _missing),
    Rule("as-issuer", "error", _ABOUT, "A document names an issuer that it was not found under.",
         "RFC 8414, section 3.3", "It may be a copy: fetch the document from the issuer itself.", _issuer),
    Rule("as-issuer-query", "error", _ABOUT, "The issuer has a query or a fragment.", _METADATA, "Tell the owner.",
         _each(_issuer_query)),
    Rule("as-http", "error", _ABOUT, "An address is over plain http.", _METADATA,
         "It is not followed; tell the owner.", _each(_over_http)),
    Rule("as-no-jwks", "error", _ABOUT, "The server does not say where its keys are.", _METADATA,
         "Its tokens stay unverified, unless you give jwks.", _each(_no_jwks)),
    Rule("as-no-token-endpoint", "error", _ABOUT, "The server does not say where tokens are given out.", _METADATA,
         "Take the token from a signed-in application.", _each(_no_token_endpoint)),
    Rule("as-response-types", "warning", _ABOUT, "The server does not say which response types it has.", _METADATA,
         "Assume code.", _each(_response_types)),
    Rule("as-pkce", "warning", _ABOUT, "The document does not say that PKCE is supported.", "RFC 9700, section 2.1.1",
         "Compare with the server's other document; public clients need PKCE.", _each(_pkce)),
    Rule("as-pkce-plain", "warning", _ABOUT, "PKCE without a hash is allowed.", "RFC 9700, section 2.1.1", "Use S256.",
         _each(_pkce_plain)),
    Rule("as-grant-implicit", "warning", _ABOUT, "The implicit grant is offered.", "RFC 9700, section 2.1.2",
         "Use the code flow.", _each(_grant("implicit", "The implicit grant is offered."))),
    Rule("as-grant-password", "warning", _ABOUT, "The password grant is offered.", "RFC 9700, section 2.4",
         "Never type a password into a notebook.", _each(_grant("password", "The password grant is offered."))),
    Rule("as-response-token", "warning", _ABOUT, "Access tokens are handed out in addresses.",
         "RFC 9700, section 2.1.2", "Use the code flow.", _each(_implicit_response)),
    Rule("as-auth-methods", "warning", _ABOUT, "Clients are to sign in in ways that are not registered.", _METADATA,
         "Tell the owner.", _each(_auth_methods)),
    Rule("as-two-hosts", "note", _ABOUT, "People sign in at one host and tokens come from another.",
         "RFC 9700, section 4.4", "Check that both are the issuer's.", _each(_elsewhere)),
    Rule("oidc-subject-types", "warning", _ABOUT, "The OpenID document names no subject types.",
         "OpenID Connect Discovery 1.0, section 3", "Assume public.", _each(_subject_types, openid=True)),
    Rule("oidc-alg-missing", "warning", _ABOUT, "RS256 is not among the algorithms of ID tokens.",
         "OpenID Connect Discovery 1.0, section 3", "Go by the keys.", _each(_algorithms, openid=True)),
    Rule("oidc-alg-none", "error", _ABOUT, "Unsigned ID tokens are allowed.",
         "OpenID Connect Discovery 1.0, section 3", "Never accept one.", _each(_algorithm_none, openid=True)),
)  # fmt: skip
"""The rules over authorization server and OpenID metadata."""
