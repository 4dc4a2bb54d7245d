"""What the discovery documents say: where they live, what kind each is, and the facts in them.

Pure: addresses and documents in, facts out (RFC 9728, RFC 8414, OpenID Connect Discovery).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from leadping_nb.identifiers import shown, split_address

__all__ = [
    "MOST_SERVERS",
    "Document",
    "Kind",
    "client_id_of",
    "issuers_of",
    "jwks_addresses",
    "kind_of",
    "resource_metadata_urls",
    "server_metadata_urls",
]

Kind = Literal["protected resource", "authorization server", "openid", "jwks", "openapi", "auth.md", "other"]

MOST_SERVERS = 20
"""The most servers that a walk asks; an API in use names a handful."""

_CLIENT_ID = re.compile(r"/(client_[A-Za-z0-9_]+)(?:/|\Z)")


@dataclass(frozen=True, slots=True)
class Document:
    """A discovery document."""

    kind: Kind
    """What it is, by its content."""
    url: str | None
    """Where it was found, or None if nobody says."""
    content: object
    """The JSON, or the text of ``auth.md``."""
    quirks: tuple[str, ...] = ()
    """What a strict reader of JSON would object to."""
    media_type: str | None = None
    """The content type it was served as, where it was fetched."""

    def __repr__(self) -> str:
        return f"<Document {self.kind}{f' at {shown(self.url)}' if self.url else ''}>"

    def get(self, member: str) -> object:
        """Give a member of a JSON object, or None."""
        return self.content.get(member) if isinstance(self.content, Mapping) else None

    def text(self, member: str) -> str | None:
        """Give a member that is a text, or None."""
        value = self.get(member)
        return value if isinstance(value, str) else None

    def texts(self, member: str) -> tuple[str, ...]:
        """Give a member that is an array of texts; empty if it is none."""
        value = self.get(member)
        return tuple(entry for entry in value if isinstance(entry, str)) if isinstance(value, list | tuple) else ()


def resource_metadata_urls(url: str) -> tuple[str, ...]:
    """Give where a resource's metadata live: its path inserted, then the root (RFC 9728, section 3.1).

    Examples
    --------
    >>> resource_metadata_urls("https://api.example/v1")
    ('https://api.example/.well-known/oauth-protected-resource/v1', 'https://api.example/.well-known/oauth-protected-resource')
    """
    root, path = _split(url)
    inserted = f"{root}/.well-known/oauth-protected-resource"
    return tuple(dict.fromkeys((inserted + path, inserted)))


def server_metadata_urls(issuer: str) -> tuple[str, ...]:
    """Give where an issuer's metadata live: RFC 8414 insertion, OpenID insertion, OpenID appending.

    Examples
    --------
    >>> server_metadata_urls("https://id.example/t")[0]
    'https://id.example/.well-known/oauth-authorization-server/t'
    """
    root, path = _split(issuer)
    return tuple(
        dict.fromkeys(
            (
                f"{root}/.well-known/oauth-authorization-server{path}",
                f"{root}/.well-known/openid-configuration{path}",
                f"{root}{path}/.well-known/openid-configuration",
            )
        )
    )


def kind_of(content: object, url: str | None = None) -> Kind:
    """Recognise a document by its content, and by its address only where the content leaves it open."""
    if isinstance(content, str):
        return "auth.md" if (url or "").endswith("/auth.md") else "other"
    if not isinstance(content, Mapping):
        return "other"
    if "openapi" in content:
        return "openapi"
    if isinstance(content.get("keys"), list):
        return "jwks"
    if "resource" in content:
        return "protected resource"
    if "issuer" in content:
        is_openid = "subject_types_supported" in content or "openid-configuration" in (url or "")
        return "openid" if is_openid else "authorization server"
    return "other"


def client_id_of(documents: Mapping[str, Document]) -> str | None:
    """Give the client id that the documents name, in a member of their own or in an issuer's address."""
    for document in documents.values():
        block = document.get("workos_authkit")
        if isinstance(block, Mapping) and isinstance(block.get("client_id"), str):
            return str(block["client_id"])
    for document in documents.values():
        for address in (*document.texts("token_issuers_supported"), document.text("jwks_uri") or ""):
            found = _CLIENT_ID.search(address)
            if found:
                return found[1]
    return None


def issuers_of(documents: Mapping[str, Document]) -> tuple[str, ...]:
    """Give every issuer whose tokens the API says it accepts, in the documents' order."""
    accepted: dict[str, None] = {}
    for document in _of_kind(documents, "protected resource"):
        accepted.update(dict.fromkeys(document.texts("token_issuers_supported")))
        accepted.update(dict.fromkeys(document.texts("authorization_servers")))
    for document in _of_kind(documents, "authorization server", "openid"):
        block = document.get("workos_authkit")
        if isinstance(block, Mapping) and isinstance(block.get("session_issuer"), str):
            accepted[str(block["session_issuer"])] = None
    if not accepted:
        accepted.update(
            dict.fromkeys(
                issuer
                for document in _of_kind(documents, "authorization server", "openid")
                if (issuer := document.text("issuer"))
            )
        )
    return tuple(accepted)


def jwks_addresses(documents: Mapping[str, Document]) -> dict[str, str]:
    """Give the address of each issuer's keys, where a document names one."""
    addresses: dict[str, str] = {}
    for document in _of_kind(documents, "authorization server", "openid"):
        issuer, address = document.text("issuer"), document.text("jwks_uri")
        if issuer and address:
            addresses.setdefault(issuer, address)
        block = document.get("workos_authkit")
        if isinstance(block, Mapping):
            issuer, address = block.get("session_issuer"), block.get("session_jwks_uri")
            if isinstance(issuer, str) and isinstance(address, str):
                addresses.setdefault(issuer, address)
    return addresses


def _of_kind(documents: Mapping[str, Document], *kinds: Kind) -> Iterator[Document]:
    return (document for document in documents.values() if document.kind in kinds)


def _split(url: str) -> tuple[str, str]:
    parts = split_address(url)
    return (f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")) if parts else (url, "")
