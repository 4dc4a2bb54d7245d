"""The hosts of a sandbox: the API and the website, each on its port, and who issues the credentials that they take."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadping_nb.sandbox.app import App
from leadping_nb.sandbox.documents import CLIENT_ID, Addresses
from leadping_nb.sandbox.issuer import Issuer
from leadping_nb.sandbox.keys import Keys
from leadping_nb.sandbox.server import Server, listen

if TYPE_CHECKING:
    from leadping_nb.contracts import Contract
    from leadping_nb.sandbox.clock import Clock
    from leadping_nb.sandbox.faults import Faults
    from leadping_nb.sandbox.limits import Limits
    from leadping_nb.sandbox.log import Log
    from leadping_nb.sandbox.replay import Replay
    from leadping_nb.sandbox.world import World

__all__ = ["Hosts", "open_hosts"]


@dataclass(frozen=True, slots=True)
class Hosts:
    """The API and the website of one sandbox, as they answer."""

    addresses: Addresses
    """Where they are."""
    issuer: Issuer
    """Issues the user tokens that the API takes, and publishes the keys on the website."""
    keys: Keys
    """Issues the keys that the API takes, and knows every credential."""
    server: Server
    """Answers for both."""


def open_hosts(
    contract: Contract,
    world: World | Replay,
    *,
    port: int,
    limits: Limits,
    clock: Clock,
    faults: Faults,
    log: Log,
) -> Hosts:
    """Let both hosts of a sandbox answer, until the server is stopped.

    Parameters
    ----------
    contract
        The API's operations.
    world
        The data, made up or recorded.
    port
        The port of the API, 0 for a free one; the website's is always a free one.
    limits
        The rate limits.
    clock
        The clock.
    faults
        What may go wrong.
    log
        Where requests and leads are kept.

    Raises
    ------
    LeadpingError
        If the port is taken; nothing stays open then.
    """
    with ExitStack() as undone:
        sockets = [undone.enter_context(listen(port)), undone.enter_context(listen())]
        api_port, website_port = (bound.getsockname()[1] for bound in sockets)
        addresses = Addresses(f"http://127.0.0.1:{api_port}", f"http://127.0.0.1:{website_port}", contract.revision)
        issuer = Issuer(
            addresses.session_issuer,
            accepted=addresses.token_issuers,
            audience=CLIENT_ID,
            subject=world.user_id,
            business_id=world.business_id,
            clock=clock,
            alter=faults.token,
            seal=faults.sealed,
        )
        keys = Keys(
            contract.key_types, business_id=world.business_id, source_ids=tuple(world.source_ids), issuer=issuer
        )
        app = App(
            addresses,
            contract,
            world,
            keys=keys,
            jwks=issuer.jwks,
            limits=limits,
            clock=clock,
            faults=faults,
            log=log,
        )
        server = Server(app, sockets)
        server.start()
        undone.pop_all()
    return Hosts(addresses, issuer, keys, server)
