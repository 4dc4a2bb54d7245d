"""Shared hosts: machines such as Binder that others run for everybody, known by their environment variables.

A live key does not belong there: whoever runs the machine, or has the address of a session, could read it. So
:class:`~leadping_nb.Credential` refuses one, unless told. A JupyterHub that a company or a school runs for its own
people is no shared host, unless it says so with ``LEADPING_SHARED_HOST``.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from leadping_nb.errors import NotAllowedError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SIGNS", "SharedHost", "Sign", "shared_host"]


@dataclass(frozen=True, slots=True)
class Sign:
    """An environment variable by which a shared host is known."""

    variable: str
    """Its name."""
    host: str
    """What to call the host."""
    domains: tuple[str, ...] = ()
    """Where its value must lie, an address; without any, every value but an empty one is a sign."""

    def is_in(self, environ: Mapping[str, str]) -> bool:
        """Whether an environment has it."""
        value = environ.get(self.variable, "").strip()
        if not self.domains:
            return value.lower() not in _NO
        host = _host_of(value)
        return any(host == domain or host.endswith(f".{domain}") for domain in self.domains)


_NO: Final = ("", "0", "false", "no")
_PUBLIC_HUBS: Final = ("mybinder.org", "gesis.org", "paws.wmflabs.org", "hub-paws.wmcloud.org", "hub.callysto.ca")

SIGNS: Final = (
    # What BinderHub sets in every session, and what Kubernetes adds beside a BinderHub.
    Sign("BINDER_LAUNCH_HOST", "Binder"),
    Sign("BINDER_REQUEST", "Binder"),
    Sign("BINDER_PERSISTENT_REQUEST", "Binder"),
    Sign("BINDER_REPO_URL", "Binder"),
    Sign("BINDER_REF_URL", "Binder"),
    Sign("BINDER_SERVICE_HOST", "Binder"),
    # Where JupyterHub says its own address. Its other variables say no more than that there is a hub.
    Sign("JUPYTERHUB_PUBLIC_HUB_URL", "a public JupyterHub", _PUBLIC_HUBS),
    Sign("JUPYTERHUB_PUBLIC_URL", "a public JupyterHub", _PUBLIC_HUBS),
    Sign("JUPYTERHUB_HOST", "a public JupyterHub", _PUBLIC_HUBS),
    Sign("LEADPING_SHARED_HOST", "a shared host"),
)
"""The signs of shared hosts; ``docs/shared_hosts.md`` tells people of them."""


@dataclass(frozen=True, slots=True)
class SharedHost:
    """A shared host, and by what it is known."""

    name: str
    """What to call it."""
    variable: str
    """The environment variable by which it is known."""

    def refusal(self, what: str, *, variable: str | None = None) -> NotAllowedError:
        """Give the error to raise when a live credential is to be read there.

        Parameters
        ----------
        what
            The type of the credential.
        variable
            The environment variable that holds it, if one does.

        Examples
        --------
        >>> SharedHost("Binder", "BINDER_REQUEST").refusal("source key").rule
        'live credentials stay off shared hosts'
        """
        holder = "This" if variable is None else f"What the environment variable {variable} holds"
        return NotAllowedError(
            f"{holder} looks like a live {what}, and this is {self.name} ({self.variable} is set): others run this"
            " machine for everybody, and they, or whoever has the address of this session, could read it. It was not"
            " kept.",
            rule="live credentials stay off shared hosts",
            hint="Use the sandbox here: lp.Sandbox() has a credential of each type, and lp.ask(sandbox=…) offers them."
            " For your own data run this on a machine of your own. If the credential stands in a cell, delete it there"
            " and replace it in Leadping. Only if you accept the risk: allow_shared_host=True, in"
            " Credential.from_text, from_env, from_keyring or prompt, or in lp.ask or lp.explorer.",
        )


def shared_host(environ: Mapping[str, str] | None = None) -> SharedHost | None:
    """Say which shared host this is, or None on a machine of one's own.

    Parameters
    ----------
    environ
        The environment to judge; this process's unless given.

    Examples
    --------
    >>> shared_host({"BINDER_LAUNCH_HOST": "https://mybinder.org/"})
    SharedHost(name='Binder', variable='BINDER_LAUNCH_HOST')
    >>> shared_host({"JUPYTERHUB_USER": "ada", "JUPYTERHUB_PUBLIC_HUB_URL": "https://hub.company.example/"}) is None
    True
    """
    environ = os.environ if environ is None else environ
    return next((SharedHost(sign.host, sign.variable) for sign in SIGNS if sign.is_in(environ)), None)


def _host_of(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removesuffix(".")
    except ValueError:
        return ""
