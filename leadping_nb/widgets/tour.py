"""The explorer: all six cards down one page, each going by what the others found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ipywidgets

from leadping_nb.api import Api, connect
from leadping_nb.arguments import FLAG, Wanted, demand
from leadping_nb.contracts import CONTRACT, Contract, contract as load_contract
from leadping_nb.credential import Credential
from leadping_nb.sandbox import Sandbox
from leadping_nb.widgets.card import Card
from leadping_nb.widgets.credential_card import CredentialCard
from leadping_nb.widgets.data.card import DataCard
from leadping_nb.widgets.discovery_card import DiscoveryCard
from leadping_nb.widgets.lead_card import LeadCard
from leadping_nb.widgets.permissions_card import PermissionsCard
from leadping_nb.widgets.token_card import TokenCard

if TYPE_CHECKING:
    import pandas as pd

    from leadping_nb.discovery import Discovery
    from leadping_nb.tokens import TokenInspection

__all__ = ["Explorer", "explorer"]


_TARGET: Final = Wanted.of(
    Sandbox, what="a sandbox, an address", hint='Write lp.explorer(sandbox), or lp.explorer("https://api.leadping.ai").'
).or_none


class Explorer(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Six cards with one state: credential, permissions, discovery, token, data, lead. Made by :func:`explorer`.

    Parameters
    ----------
    base_url
        The API's address.
    contract
        What may be called there.
    sandbox
        Whose credentials and clock the cards offer, if the API is a sandbox.
    allow_shared_host
        As for :func:`leadping_nb.ask`.
    """

    def __init__(
        self, base_url: str, contract: Contract, sandbox: Sandbox | None, *, allow_shared_host: bool = False
    ) -> None:
        self._base_url = base_url
        self._contract = contract
        self._api: Api | None = None
        self.credential_card = CredentialCard(
            on_credential=self._go_by_credential, sandbox=sandbox, allow_shared_host=allow_shared_host
        )
        """The card to enter a credential in."""
        self.permissions_card = PermissionsCard(contract=contract)
        """The card of what the credential may do."""
        self.discovery_card = DiscoveryCard(base_url, on_discovery=self._go_by_discovery)
        """The card of who says so."""
        self.token_card = TokenCard(sandbox=sandbox)
        """The card of whether a user token is still good."""
        self.data_card = DataCard()
        """The card to load data with."""
        self.lead_card = LeadCard()
        """The card to send a lead with."""
        super().__init__(self.cards)

    @property
    def cards(self) -> tuple[Card, ...]:
        """The cards in their order."""
        return (
            self.credential_card,
            self.permissions_card,
            self.discovery_card,
            self.token_card,
            self.data_card,
            self.lead_card,
        )

    @property
    def credential(self) -> Credential | None:
        """The credential, or None as long as none was entered."""
        return self.credential_card.credential

    @property
    def api(self) -> Api | None:
        """The connection with that credential."""
        return self._api

    @property
    def discovery(self) -> Discovery | None:
        """What was found so far, or None before the first step."""
        return self.discovery_card.discovery

    @property
    def inspection(self) -> TokenInspection | None:
        """How the token was judged last, or None where there is no user token."""
        return self.token_card.inspection

    @property
    def frame(self) -> pd.DataFrame | None:
        """What was loaded last."""
        return self.data_card.frame

    def _go_by_credential(self, credential: Credential | None) -> None:
        before, self._api = self._api, None
        try:
            if credential is not None:
                self._api = connect(credential, base_url=self._base_url, contract=self._contract)
        finally:
            self.permissions_card.show(credential if self._api is None else self._api)
            self.token_card.show(credential=credential)
            self.data_card.show(self._api)
            self.lead_card.show(self._api)
            if before is not None:
                before.close()

    def _go_by_discovery(self, discovery: Discovery) -> None:
        self.token_card.show(discovery=discovery)

    def __repr__(self) -> str:
        held = "no credential" if self.credential is None else f"a {self.credential.key_type.value}"
        return f"<Explorer of {self._base_url} with {held}>"

    def _repr_mimebundle_(self, **options: Any) -> dict[str, object]:
        forms = [card.static_forms() for card in self.cards]
        return {
            **super()._repr_mimebundle_(**options),
            "text/html": "".join(form["text/html"] for form in forms),
            "text/plain": "\n\n".join(form["text/plain"] for form in forms),
        }


def explorer(
    target: Sandbox | str | None = None, *, contract: Contract | None = None, allow_shared_host: bool = False
) -> Explorer:
    """Show the whole tour in the notebook: a credential, its rights, issuer and life, its data, and a lead.

    Parameters
    ----------
    target
        A sandbox that runs, or the address of an API, such as ``https://api.leadping.ai``; a sandbox of its own, which
        lives as long as the kernel, unless given.
    contract
        What may be called: the revision that the sandbox serves, or the seed's, unless given.
    allow_shared_host
        Whether a live credential may be entered on Binder or another shared host, where others could read it too.

    Returns
    -------
    Explorer
        Its ``credential``, ``api``, ``discovery``, ``inspection`` and ``frame`` are what the cards hold.

    Raises
    ------
    LeadpingError
        If the address is no http or https address.

    Examples
    --------
    >>> explorer("https://api.leadping.ai")
    <Explorer of https://api.leadping.ai with no credential>
    """
    demand(CONTRACT.or_none, contract=contract)
    demand(FLAG, allow_shared_host=allow_shared_host)
    if isinstance(target, str):
        return Explorer(target, contract or load_contract(), None, allow_shared_host=allow_shared_host)
    demand(_TARGET, target=target)
    sandbox = target or Sandbox()
    known = contract or load_contract(sandbox.revision)
    return Explorer(sandbox.url, known, sandbox, allow_shared_host=allow_shared_host)
