"""What the sandbox publishes about itself: resource, server and OpenID metadata of both revisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["CLIENT_ID", "Addresses", "authorization_server", "openid_configuration", "protected_resource"]

CLIENT_ID = "client_sandbox_example"
"""The client id that user tokens are for."""

_SIGN_IN = ("/user_management/authorize", "/user_management/authenticate", "/user_management/sessions/logout")
_SIGN_IN_AUTHKIT = (
    "/oauth2/authorize",
    "/oauth2/token",
    "/oauth2/device_authorization",
    "/oauth2/introspection",
    "/oauth2/revoke",
    "/oauth2/userinfo",
    "/agent/identity",
    "/agent/identity/claim",
)
_SCOPES = ["openid", "profile", "email"]


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where everything is."""

    api: str
    """The API's address, without a slash at its end."""
    website: str
    """The website's address, which is also the issuer of the server metadata."""
    revision: str
    """The revision of the contract."""

    @property
    def session_issuer(self) -> str:
        """The issuer of user tokens."""
        return f"{self.website}/user_management/{CLIENT_ID}"

    @property
    def session_jwks(self) -> str:
        """The JWK set of the issuer of user tokens."""
        return f"{self.website}/sso/jwks/{CLIENT_ID}"

    @property
    def resource_metadata(self) -> str:
        """The API's resource metadata, which a challenge names."""
        return f"{self.api}/.well-known/oauth-protected-resource"

    @property
    def token_issuers(self) -> tuple[str, ...]:
        """Every issuer whose tokens the API accepts."""
        return (self.session_issuer, self.website)

    @property
    def authkit(self) -> bool:
        """Whether the authorization server is an AuthKit tenant, as since August 2026."""
        return self.revision >= "2026-08"

    @property
    def sign_in(self) -> tuple[str, ...]:
        """The paths of the website that sign people in, which the sandbox does not do."""
        return _SIGN_IN_AUTHKIT if self.authkit else _SIGN_IN


def protected_resource(addresses: Addresses, *, website: bool = False) -> dict[str, Any]:
    """Describe the API, or the website, as a protected resource (RFC 9728).

    Parameters
    ----------
    addresses
        Where everything is.
    website
        Whether to describe the website.

    Examples
    --------
    >>> here = Addresses("http://127.0.0.1:8000", "http://127.0.0.1:8001", "2026-07-05")
    >>> protected_resource(here)["resource"]
    'http://127.0.0.1:8000'
    """
    document: dict[str, Any] = {
        "resource": addresses.website if website else addresses.api,
        "authorization_servers": [addresses.website],
    }
    if not website:
        document["token_issuers_supported"] = list(addresses.token_issuers)
    return {
        **document,
        "bearer_methods_supported": ["header"],
        "scopes_supported": list(_SCOPES),
        "resource_name": "Leadping website (sandbox)" if website else "Leadping API (sandbox)",
        "resource_documentation": f"{addresses.website}/auth.md",
    }


def authorization_server(addresses: Addresses, *, session: bool = False) -> dict[str, Any]:
    """Describe the authorization server (RFC 8414), or the issuer of user tokens.

    Parameters
    ----------
    addresses
        Where everything is.
    session
        Whether to describe the issuer of user tokens in place of the website.

    Examples
    --------
    >>> here = Addresses("http://127.0.0.1:8000", "http://127.0.0.1:8001", "2026-07-05")
    >>> authorization_server(here)["workos_authkit"]["session_issuer"]
    'http://127.0.0.1:8001/user_management/client_sandbox_example'
    """
    document = _endpoints(addresses, session=session)
    document["code_challenge_methods_supported"] = ["S256"]
    if session:
        return document
    if addresses.authkit:
        document["response_modes_supported"] = ["query"]
    else:
        document["workos_authkit"] = {
            "client_id": CLIENT_ID,
            "provider": "authkit",
            "session_issuer": addresses.session_issuer,
            "session_jwks_uri": addresses.session_jwks,
            "authorize_url": document["authorization_endpoint"],
            "authenticate_url": document["token_endpoint"],
            "logout_url": f"{addresses.website}/user_management/sessions/logout",
        }
    document["agent_auth"] = _agents(addresses)
    return document


def openid_configuration(addresses: Addresses, *, session: bool = False) -> dict[str, Any]:
    """Describe the same for OpenID Connect Discovery.

    Parameters
    ----------
    addresses
        Where everything is.
    session
        Whether to describe the issuer of user tokens in place of the website.

    Examples
    --------
    >>> here = Addresses("http://127.0.0.1:8000", "http://127.0.0.1:8001", "2026-07-05")
    >>> openid_configuration(here)["id_token_signing_alg_values_supported"]
    ['RS256']
    """
    document = _endpoints(addresses, session=session)
    document["subject_types_supported"] = ["public"]
    document["id_token_signing_alg_values_supported"] = ["RS256"]
    document["code_challenge_methods_supported"] = ["S256"]
    if addresses.authkit:
        document["userinfo_endpoint"] = f"{addresses.website}/oauth2/userinfo"
    return document


def _endpoints(addresses: Addresses, *, session: bool) -> dict[str, Any]:
    website = addresses.website
    issuer = addresses.session_issuer if session else website
    if not addresses.authkit:
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{website}/user_management/authorize",
            "token_endpoint": f"{website}/user_management/authenticate",
            "jwks_uri": addresses.session_jwks,
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "response_types_supported": ["code"],
            "scopes_supported": list(_SCOPES),
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{website}/oauth2/authorize",
        "token_endpoint": f"{website}/oauth2/token",
        "device_authorization_endpoint": f"{website}/oauth2/device_authorization",
        "introspection_endpoint": f"{website}/oauth2/introspection",
        "revocation_endpoint": f"{website}/oauth2/revoke",
        "jwks_uri": addresses.session_jwks if session else f"{website}/oauth2/jwks",
        "grant_types_supported": [
            "authorization_code",
            "refresh_token",
            "urn:ietf:params:oauth:grant-type:device_code",
        ],
        "response_types_supported": ["code"],
        "scopes_supported": [*_SCOPES, "offline_access"],
        "token_endpoint_auth_methods_supported": ["none", "client_secret_post", "client_secret_basic"],
    }


def _agents(addresses: Addresses) -> dict[str, Any]:
    website = addresses.website
    if addresses.authkit:
        identity, revoke = f"{website}/agent/identity", f"{website}/oauth2/revoke"
        return {
            "skill": f"{website}/auth.md",
            "identity_endpoint": identity,
            "claim_endpoint": f"{identity}/claim",
            "revocation_endpoint": revoke,
            "identity_types_supported": ["identity_assertion"],
            "register_uri": identity,
            "claim_uri": f"{identity}/claim",
            "revocation_uri": revoke,
            "identity_assertion": {
                "assertion_types_supported": ["verified_email"],
                "credential_types_supported": ["access_token"],
            },
        }
    page, revoke = f"{website}/api-keys", f"{addresses.api}/businesses/api-keys/{{id}}"
    return {
        "skill": f"{website}/auth.md",
        "register_uri": page,
        "identity_endpoint": page,
        "claim_uri": page,
        "claim_endpoint": page,
        "revocation_uri": revoke,
        "revocation_endpoint": revoke,
        "identity_types_supported": ["service_auth"],
        "scopes_supported": [],
        "unsupported_identity_types": ["anonymous", "identity_assertion", "id_jag", "cross_app_access"],
        "credential_types_supported": ["access_token", "api_key"],
        "lead_ingestion_credential_types_supported": ["source_key"],
        "credential_placement_supported": ["Authorization: Bearer"],
    }
