"""The sandbox as people hold it: its addresses, its credentials, its clock, and what was sent to it."""

from __future__ import annotations

import time
import weakref
from typing import TYPE_CHECKING, Final, NoReturn, SupportsIndex

from leadping_nb.arguments import FLAG, TEXT, Wanted, demand, whole
from leadping_nb.credential import KeyType
from leadping_nb.errors import LeadpingError
from leadping_nb.sandbox.clock import Clock
from leadping_nb.sandbox.fault_table import FAULTS
from leadping_nb.sandbox.faults import Faults
from leadping_nb.sandbox.hosts import open_hosts
from leadping_nb.sandbox.limits import Limits
from leadping_nb.sandbox.log import Log, Request
from leadping_nb.sandbox.source_states import SourceState
from leadping_nb.sandbox.stock import stock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType

__all__ = ["SANDBOX", "Sandbox"]


class Sandbox:
    """Run a Leadping on this machine until it is closed or nobody needs it any more.

    It answers from the moment it is made, on 127.0.0.1 alone. The package's own text lists what it assumes.

    Parameters
    ----------
    leads
        How many leads there are, 5,000 unless given; a million cost nothing until they are read.
    seed
        What the data are made from, 7 unless given: the same seed gives the same data.
    revision
        The revision of the API; the seed's unless given.
    now
        Where its clock stands still until moved; it follows the system's clock unless this is given.
    rate_limit
        How many requests a minute a partition may make; None for no limit.
    port
        The port of the API; a free one unless named.
    monotonic
        The seconds that rate-limit windows count by.
    replay
        The folder of a recording to serve in place of made-up data: what ``api.record`` wrote and ``lp.pseudonymise``
        went over. Its lists can be asked with any page size, filter and order; what was not recorded is answered 404
        or 501, in words. Leads and revision are the recording's.
    allow_raw
        Serve a recording that was not pseudonymised.

    Attributes
    ----------
    clock
        Its clock, which can be moved.
    faults
        What can be made to go wrong.
    leads, revision
        As given, or as recorded.
    business_id, user_id, source_ids
        Whom its credentials stand for; the first source has ``source_key``.

    Raises
    ------
    LeadpingError
        If the port is taken, there is no such revision or recording, or the recording holds its customers still.

    Examples
    --------
    >>> with Sandbox(leads=100, now="2026-07-05T12:00:00Z") as sandbox:
    ...     print(sandbox.url.rpartition(":")[0], sandbox.source_key.startswith("lp_src_sandbox_"))
    http://127.0.0.1 True
    """

    def __init__(
        self,
        *,
        leads: int | None = None,
        seed: int | None = None,
        revision: str | None = None,
        now: datetime | str | None = None,
        rate_limit: int | None = 300,
        port: int = 0,
        monotonic: Callable[[], float] = time.monotonic,
        replay: str | Path | None = None,
        allow_raw: bool = False,
    ) -> None:
        if rate_limit is not None:
            hint = "Give requests a minute, or None for no limit."
            rate_limit = whole("rate_limit", rate_limit, least=1, hint=hint)
        port = whole("port", port, least=0, most=65_535, hint="Leave it out; the sandbox then takes a free one.")
        demand(FLAG, allow_raw=allow_raw)
        contract, world = stock(leads, seed, revision, replay, allow_raw=allow_raw)
        self.leads = world.leads
        self.revision = contract.revision
        self.clock = Clock(now, monotonic=monotonic)
        self.faults = Faults(FAULTS)
        self.source_ids = tuple(world.source_ids)
        self._source_states = world.source_states
        self.business_id = world.business_id
        self.user_id = world.user_id
        self._log = Log()
        self._limits = Limits(rate_limit, monotonic=self.clock.monotonic)
        self._hosts = open_hosts(
            contract, world, port=port, limits=self._limits, clock=self.clock, faults=self.faults, log=self._log
        )
        # Nothing that the server holds refers to this object, so it ends with its owner, or else with Python.
        self._finalizer = weakref.finalize(self, self._hosts.server.stop)

    @property
    def url(self) -> str:
        """The address of the API."""
        return self._hosts.addresses.api

    @property
    def website(self) -> str:
        """The address of the website and its authorization server."""
        return self._hosts.addresses.website

    @property
    def issuer(self) -> str:
        """The issuer of user tokens."""
        return self._hosts.issuer.name

    @property
    def client_id(self) -> str:
        """The client id that user tokens are for."""
        return self._hosts.issuer.audience

    @property
    def user_token(self) -> str:
        """A user token that is good now: the same one until it expires or its key is retired."""
        return self._hosts.issuer.good_token()

    @property
    def business_key(self) -> str:
        """The key of the business: ``lp_sandbox_…``, or ``sk_sandbox_…`` in the revision of October."""
        return self._hosts.keys.business_key()

    @property
    def source_key(self) -> str:
        """The key of the first source."""
        return self._hosts.keys.source_key()

    def source_key_of(self, source_id: str) -> str:
        """Give the key of a source; ``source_ids`` names them."""
        demand(TEXT, source_id=source_id)
        return self._hosts.keys.source_key(source_id)

    def set_source(
        self,
        source_id: str | None = None,
        *,
        enabled: bool | None = None,
        approved: bool | None = None,
        requires_trusted_form: bool | None = None,
    ) -> SourceState:
        """Change the state of a source, and give it: whether its leads are taken in depends on that.

        Parameters
        ----------
        source_id
            One of ``source_ids``; the first, whose key is ``source_key``, unless named.
        enabled, approved, requires_trusted_form
            What is to be otherwise; what is not given stays as it is.

        Raises
        ------
        LeadpingError
            If there is no such source.

        Examples
        --------
        >>> with Sandbox(leads=1) as sandbox:
        ...     sandbox.set_source(enabled=False)
        SourceState(enabled=False, approved=True, requires_trusted_form=False)
        """
        demand(TEXT.or_none, source_id=source_id)
        demand(FLAG.or_none, enabled=enabled, approved=approved, requires_trusted_form=requires_trusted_form)
        given = {"enabled": enabled, "approved": approved, "requires_trusted_form": requires_trusted_form}
        changes = {name: value for name, value in given.items() if value is not None}
        return self._source_states.change(self.source_ids[0] if source_id is None else source_id, **changes)

    def issue_token(
        self,
        lifetime: float = 3600,
        *,
        kid: str | None = None,
        key: object = None,
        algorithm: str = "RS256",
        headers: Mapping[str, object] | None = None,
        **claims: object,
    ) -> str:
        """Issue a user token of any kind, good or bad.

        Parameters
        ----------
        lifetime
            How many seconds it lives; negative for one that has expired.
        kid
            Another key id than that of the key that signs.
        key
            Another key to sign with: a `SigningKey`, or what PyJWT takes for the algorithm.
        algorithm
            Another algorithm.
        headers
            Further members of the header.
        **claims
            Further claims, or others than usual; None leaves a claim out.

        Examples
        --------
        >>> with Sandbox(leads=1) as sandbox:
        ...     sandbox.issue_token(-60, aud="someone-else").count(".")
        2
        """
        return self._hosts.issuer.issue(lifetime, kid=kid, key=key, algorithm=algorithm, headers=headers, claims=claims)

    def rotate_keys(self, *, keep_old: bool = False) -> str:
        """Sign tokens with a new key and give its key id; tokens of the old one end, unless it is kept."""
        demand(FLAG, keep_old=keep_old)
        return self._hosts.issuer.rotate(keep_old=keep_old)

    def rotate(self, key_type: KeyType | str) -> None:
        """Replace the keys of a type, such as ``"source key"``; the old ones end at once."""
        try:
            wanted = KeyType(key_type)
        except ValueError:
            raise LeadpingError(
                "There is no such type of key.", hint=f"Types are {', '.join(kind.value for kind in KeyType)}."
            ) from None
        self._hosts.keys.rotate(wanted)

    @property
    def requests(self) -> tuple[Request, ...]:
        """The last 10,000 requests, oldest first, without any credential."""
        return self._log.requests

    @property
    def leads_received(self) -> tuple[dict[str, object], ...]:
        """The last 10,000 leads that were sent in, oldest first."""
        return self._log.leads

    def forget(self) -> None:
        """Empty ``requests`` and ``leads_received`` and start every rate-limit window anew; the data stay."""
        self._log.clear()
        self._limits.reset()

    @property
    def running(self) -> bool:
        """Whether it answers."""
        return self._hosts.server.running

    def wait(self) -> None:
        """Wait until it is closed; Ctrl-C ends the wait with a KeyboardInterrupt and leaves it running.

        A handler of another signal should raise, and whoever waits close the sandbox.
        """
        while self._hosts.server.running:
            self._hosts.server.wait(1.0)  # not for ever: a wait without end hears no Ctrl-C on Windows

    def close(self) -> None:
        """Stop answering; a second time does nothing."""
        self._finalizer()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError("A sandbox is a running server: it cannot be pickled or copied. Pass on its url.")

    def __repr__(self) -> str:
        state = "" if self.running else ", closed"
        return f"<Sandbox at {self.url}, revision {self.revision}, {self.leads:,} leads{state}>"


SANDBOX: Final = Wanted(
    "a sandbox that is not closed",
    "Make one: sandbox = lp.Sandbox().",
    lambda value: isinstance(value, Sandbox) and value.running,
)
"""What lessons take."""
