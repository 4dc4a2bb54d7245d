"""Ways to sign in, and how a server's metadata show that it has each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from leadping_nb.metadata import Document

__all__ = ["SHOWN_BY", "identity_types"]

_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


def identity_types(server: Document) -> tuple[str, ...]:
    """Give the ways in which agents can say who they are."""
    return _agent_auth(server).texts("identity_types_supported")


def _agent_auth(server: Document) -> Document:
    return replace(server, content=server.get("agent_auth"))


def _has_device_flow(server: Document) -> bool:
    grants = server.texts("grant_types_supported")
    return server.text("device_authorization_endpoint") is not None or _DEVICE_GRANT in grants


def _registers_agents(server: Document) -> bool:
    return "/agent/" in (_agent_auth(server).text("identity_endpoint") or "")


SHOWN_BY: Mapping[str, Callable[[Document], bool]] = {
    "device flow": _has_device_flow,
    "dynamic client registration": lambda server: server.text("registration_endpoint") is not None,
    "client credentials": lambda server: "client_credentials" in server.texts("grant_types_supported"),
    "identity assertion": lambda server: "identity_assertion" in identity_types(server),
    "anonymous registration": lambda server: "anonymous" in identity_types(server),
    "registration of agents": _registers_agents,
}
"""How a server's metadata show that it has a flow, by the names that `read_auth_md` gives flows."""
