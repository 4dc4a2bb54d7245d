"""The terms of a connection: as whom calls are made, where to, and under which contract."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from leadping_nb.arguments import Wanted, demand
from leadping_nb.contracts import Contract, contract as load_contract
from leadping_nb.credential import Credential

__all__ = ["SandboxLike", "Terms", "terms"]


class SandboxLike(Protocol):
    """What `connect` needs of a sandbox."""

    @property
    def url(self) -> str:
        """Its address."""

    @property
    def user_token(self) -> str:
        """A user token that it accepts."""

    @property
    def revision(self) -> str:
        """The revision that it serves."""


_CALLER: Final = Wanted(
    "a credential, its text, a sandbox or None",
    "Make one by lp.Credential.from_env(), or lp.Sandbox().",
    lambda value: (
        value is None
        or isinstance(value, Credential)
        or (not isinstance(value, type) and all(hasattr(value, name) for name in ("url", "user_token", "revision")))
    ),
)


@dataclass(frozen=True, slots=True)
class Terms:
    """As whom calls are made, where to, and under which contract."""

    credential: Credential | None
    """What to call with; None for calls without."""
    base_url: str
    """The API's address."""
    contract: Contract
    """What may be called."""


def terms(
    caller: Credential | SandboxLike | None,
    *,
    base_url: str | None,
    contract: Contract | None,
    otherwise: Callable[[], Contract] = load_contract,
) -> Terms:
    """Give the terms for a caller: address and contract go with it unless they are given.

    Parameters
    ----------
    caller
        A credential, a sandbox, which is called with its user token, or None.
    base_url
        The address; the sandbox's or the contract's own unless given.
    contract
        The contract; the one that the sandbox serves unless given.
    otherwise
        Gives the contract where none is given and there is no sandbox.

    Raises
    ------
    LeadpingError
        If the caller is none of these.

    Examples
    --------
    >>> terms(None, base_url=None, contract=None).base_url
    'https://api.leadping.ai'
    """
    demand(_CALLER, credential=caller)
    if caller is None or isinstance(caller, Credential):
        known = contract or otherwise()
        return Terms(caller, known.base_url if base_url is None else base_url, known)
    token = Credential.from_text(caller.user_token, origin="sandbox")
    known = contract or load_contract(caller.revision)
    return Terms(token, caller.url if base_url is None else base_url, known)
