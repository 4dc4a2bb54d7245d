"""What lies at which path: the documents of the API's host, and the website with its authorization server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leadping_nb.sandbox.answers import JSON, Answer, Call, json_answer, problem
from leadping_nb.sandbox.documents import (
    CLIENT_ID,
    Addresses,
    authorization_server,
    openid_configuration,
    protected_resource,
)
from leadping_nb.sandbox.openapi import openapi

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from leadping_nb.contracts import Contract
    from leadping_nb.sandbox.faults import Faults

__all__ = ["Document", "Library", "api_documents", "website_documents"]

_HTML = "text/html; charset=utf-8"
_MARKDOWN = "text/markdown; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Document:
    """One thing at one path."""

    name: str
    """What it is, such as ``authorization-server``; faults go by it."""
    make: Callable[[], dict[str, Any] | str]
    """Writes it."""
    media_type: str = JSON
    """Its content type."""


class Library:
    """Serve the documents of one host.

    Parameters
    ----------
    documents
        The documents by path.
    faults
        What may change them.
    """

    def __init__(self, documents: Mapping[str, Document], faults: Faults) -> None:
        self._documents = documents
        self._faults = faults

    def answer(self, call: Call) -> Answer | None:
        """Answer with the document at the call's path, or None if there is none."""
        document = self._documents.get(call.path)
        if document is None:
            return None
        if call.method == "OPTIONS":
            return Answer(204, b"", None, {"Allow": "GET, HEAD, OPTIONS"})
        if call.method not in ("GET", "HEAD"):
            detail = "This is a document: it can only be read."
            return problem(405, detail, path=call.path, headers={"Allow": "GET, HEAD, OPTIONS"})
        content = document.make()
        if isinstance(content, str):
            return Answer(200, content.encode(), document.media_type)
        return json_answer(self._faults.document(document.name, content, call.path))


def api_documents(addresses: Addresses, contract: Contract) -> dict[str, Document]:
    """Name the documents of the API's host."""
    return {
        "/": Document("health", lambda: {"status": "ok", "service": "leadping-api"}),
        "/.well-known/oauth-protected-resource": Document("protected-resource", lambda: protected_resource(addresses)),
        "/openapi/v1.json": Document("openapi", lambda: openapi(contract, addresses.api)),
    }


def website_documents(addresses: Addresses, jwks: Callable[[], dict[str, Any]]) -> dict[str, Document]:
    """Name the documents of the website and of the issuers there."""
    session = f"/user_management/{CLIENT_ID}"
    server = Document("authorization-server", lambda: authorization_server(addresses))
    openid = Document("openid-configuration", lambda: openid_configuration(addresses))
    session_server = Document("session-authorization-server", lambda: authorization_server(addresses, session=True))
    session_openid = Document("session-openid-configuration", lambda: openid_configuration(addresses, session=True))
    documents = {
        "/": Document("home", lambda: _page("Leadping sandbox", "This stands in for the website."), _HTML),
        "/api-keys": Document("api-keys", lambda: _page("API keys", _KEYS), _HTML),
        "/auth.md": Document("auth.md", lambda: auth_md(addresses), _MARKDOWN),
        "/.well-known/oauth-protected-resource": Document(
            "website-protected-resource", lambda: protected_resource(addresses, website=True)
        ),
        "/.well-known/oauth-authorization-server": server,
        "/.well-known/openid-configuration": openid,
        f"/.well-known/oauth-authorization-server{session}": session_server,  # RFC 8414, section 3
        f"/.well-known/openid-configuration{session}": session_openid,
        f"{session}/.well-known/openid-configuration": session_openid,  # OpenID Connect Discovery, section 4
        f"/sso/jwks/{CLIENT_ID}": Document("jwks", jwks),
    }
    if addresses.authkit:
        documents["/oauth2/jwks"] = Document("jwks", jwks)
    return documents


def auth_md(addresses: Addresses) -> str:
    """Write the page that explains to programs how to authenticate.

    Examples
    --------
    >>> here = Addresses("http://127.0.0.1:8000", "http://127.0.0.1:8001", "2026-07-05")
    >>> print(auth_md(here).splitlines()[0])
    # How to authenticate to the Leadping sandbox
    """
    key = "organization API key, `sk_...`" if addresses.authkit else "business API key, `lp_...`"
    return _AUTH_MD.format(
        api=addresses.api,
        website=addresses.website,
        key=key,
        flows=_FLOWS_OCTOBER if addresses.authkit else _FLOWS_JULY,
    )


def _page(title: str, text: str) -> str:
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f"<h1>{title}</h1>\n<p>{text}</p>\n</html>\n"
    )


_KEYS = (
    "On the real website a signed-in person makes and revokes keys here. The sandbox makes its own at every start: "
    "read <code>sandbox.business_key</code> and <code>sandbox.source_key</code>. Programs cannot use this page."
)

_AUTH_MD = """\
# How to authenticate to the Leadping sandbox

Every credential goes into one header, and nowhere else:

    Authorization: Bearer <credential>

| credential | for |
| --- | --- |
| user access token, a JWT | calls as a signed-in person |
| {key} | programs that work on one business |
| source key, `lp_src_...` | sending leads of one source, and nothing else |

A call without a usable credential is answered 401; the `WWW-Authenticate` header then names the resource metadata.

## Documents

- Resource metadata of the API: {api}/.well-known/oauth-protected-resource
- Resource metadata of the website: {website}/.well-known/oauth-protected-resource
- Authorization server: {website}/.well-known/oauth-authorization-server
- OpenID configuration: {website}/.well-known/openid-configuration
- OpenAPI: {api}/openapi/v1.json

## Flows

{flows}
The sandbox signs nobody in: its tokens come from `sandbox.user_token` and `sandbox.issue_token()`.
"""

_FLOWS_JULY = """\
People sign in on the website, and a person makes the keys there, on the page /api-keys.
Not on offer: anonymous registration of agents, identity assertions, token exchange between applications.
"""

_FLOWS_OCTOBER = """\
People sign in on the website, with the authorization code flow (PKCE, S256) or the device flow.
An agent can register with the e-mail address of the account's holder, who confirms it, and gets a short-lived token.
"""
