"""A Leadping of our own: a real HTTP server on this machine, for learning, trying and testing.

What is served comes from the contract of a revision. What no document states, the sandbox **assumes**:

Credentials

- A missing, unknown, expired or garbled credential, or more than one, is answered 401 with the challenge; the
  challenge has ``resource_metadata`` and no other parameter.
- A known credential of the wrong type is answered 403. So is one whose right no source states: business keys on calls
  of the user, of the account and of operators; user tokens on calls of operators.
- Public operations are open with any credential or none, but closed to source keys, which the documentation has
  rejected everywhere else.
- Credentials count in the ``Authorization`` header alone; ``sourceKey`` in a query is ignored.
- Each source key belongs to one source; every source can have one (`Sandbox.source_key_of`).
- User tokens are RS256, issued by the session issuer for the client id as ``aud``, with ``sub``, ``sid``, ``jti``,
  ``iat``, ``exp``, ``org_id`` and ``role``, and live an hour. Tokens of the session issuer and of the website's are
  accepted, without leeway, if their ``sub`` is the sandbox's person.

Calls

- The order is: rate limit, credential, its type, id (404), body (400), answer. 404 for an unknown path and 405 for
  another method come before them all.
- Slashes at either end of a path do not count; ids are percent-decoded; the names of lead intake and paging in a
  query are taken in any case.
- A missing body of a list means no options. The content type of a body is not looked at. A body is at most 1 MiB
  (413).
- Nothing is compressed, whatever a request accepts, unless a fault does it.
- Every write but lead intake is answered 501, once the credential may make it. An export's download answers 302.
- Lead intake refuses (400) what is no JSON object and known fields of the wrong type; null and unknown fields pass.
  Over the query, ``SourceMetadata`` is a JSON object as text.
- Every source is on, approved and asks for no certificate until `Sandbox.set_source` says otherwise: one that is off or
  not approved is answered 403, before the body is looked at, and a lead without the certificate that its source demands
  400. None is held. Limits to states and products are not kept.
- Problems have the five members of the August document, and in October's revision ``errors`` by field where a body is
  refused; ``type`` names the section of RFC 9110; 429 has the three members that the rate-limits page shows.

Rate limits

- Windows are fixed, of 60 seconds from a partition's first request. User tokens and keys of a business share its
  counter; a token without a business counts for its user; ingestion without a source key or with that of a
  source that is off, and a source key elsewhere, for the address.
- Documents, the health answer and unknown paths are not counted. ``Retry-After`` is always sent.

Lists and data

- Newest leads come first. Events, calls, messages and usage come by lead and then newest first, so across leads they
  are in order of time only with ``orderBy``.
- A page has 50 rows unless asked otherwise and 500 at most. All filters must hold; nulls sort last both ways; every
  text is searched unless fields are named. Unknown options, fields and types are refused (400).
- ``archiveFilter`` is active, archived or all, and all by default. ``tagIds`` means any of them, all of them with
  ``tagMatchAll``; ``category`` is lead, sms, call, note or disposition.
- A cursor belongs to its options, and counts from the end, so that leads which arrive meanwhile double nothing.
- Without bounds, metrics and analytics cover the 30 days before 2026-07-05, or before the newest lead that was sent in,
  where it came later by the sandbox's clock. Rates, and the words in status, event type, direction and billing status,
  are ours.
- A lead that was sent in without e-mail or phone has an empty text there in the list.
- There are 27,000 fictional phone numbers; in larger worlds people share them.

Recordings

- A list that is asked for without a query has every row that was recorded of it. With a query such as ``archiveFilter``
  it has what was recorded with the same one, and is else answered 404.
- Keys, tokens, documents, limits, faults and the clock are the sandbox's own; business and sources are recorded.

Documents

- The website is a second port. July's OpenID configuration and resource metadata, which nobody kept, look like the
  later ones with July's values; October's metadata look like September's.
- Both issuers publish metadata of their own and the same keys, so that each accepted token can be checked. The
  website's issuer is the website (in reality another host since August).
- October's documents name no client id, as in reality; its tokens are for ``client_sandbox_example`` all the same.
- Nobody can sign in here: those addresses answer 501.
"""

from __future__ import annotations

import threading
import time
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn, SupportsIndex

from leadping_nb.arguments import FLAG, TEXT, Wanted, demand, path, whole
from leadping_nb.contracts import REVISIONS, Contract, contract as load_contract
from leadping_nb.credential import KeyType
from leadping_nb.errors import LeadpingError
from leadping_nb.recording.folder import Recording
from leadping_nb.sandbox.app import App
from leadping_nb.sandbox.clock import Clock
from leadping_nb.sandbox.documents import CLIENT_ID, Addresses
from leadping_nb.sandbox.fault_table import FAULTS
from leadping_nb.sandbox.faults import Fault, Faults
from leadping_nb.sandbox.issuer import Issuer, SigningKey
from leadping_nb.sandbox.keys import Keys
from leadping_nb.sandbox.limits import Limits
from leadping_nb.sandbox.log import Log, Request
from leadping_nb.sandbox.replay import Replay
from leadping_nb.sandbox.server import Server, listen
from leadping_nb.sandbox.source_states import SourceState
from leadping_nb.sandbox.world import World
from leadping_nb.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from types import TracebackType

__all__ = ["SANDBOX", "Clock", "Fault", "Faults", "Request", "Sandbox", "SigningKey", "SourceState"]

_MOST_LEADS = 1_000_000_000


class Sandbox:
    """Run a Leadping on this machine until it is closed or nobody needs it any more.

    It answers from the moment it is made, on 127.0.0.1 alone. The module's own text lists what it assumes.

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
        contract, world = _data(leads, seed, revision, replay, allow_raw=allow_raw)
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
        self._lock = threading.Lock()
        self._token: Secret | None = None
        sockets = [listen(port)]
        try:
            sockets.append(listen())
            api_port, website_port = (bound.getsockname()[1] for bound in sockets)
            self._addresses = Addresses(
                f"http://127.0.0.1:{api_port}", f"http://127.0.0.1:{website_port}", contract.revision
            )
            self._issuer = Issuer(
                self._addresses.session_issuer,
                accepted=self._addresses.token_issuers,
                audience=CLIENT_ID,
                subject=world.user_id,
                business_id=world.business_id,
                clock=self.clock,
                alter=self.faults.token,
                seal=self.faults.sealed,
            )
            self._keys = Keys(
                contract.key_types,
                business_id=world.business_id,
                source_ids=self.source_ids,
                issuer=self._issuer,
            )
            app = App(
                self._addresses,
                contract,
                world,
                keys=self._keys,
                jwks=self._issuer.jwks,
                limits=self._limits,
                clock=self.clock,
                faults=self.faults,
                log=self._log,
            )
            self._server = Server(app, sockets)
            self._server.start()
        except BaseException:
            for bound in sockets:
                bound.close()
            raise
        # Nothing that the server holds refers to this object, so it ends with its owner, or else with Python.
        self._finalizer = weakref.finalize(self, self._server.stop)

    @property
    def url(self) -> str:
        """The address of the API."""
        return self._addresses.api

    @property
    def website(self) -> str:
        """The address of the website and its authorization server."""
        return self._addresses.website

    @property
    def issuer(self) -> str:
        """The issuer of user tokens."""
        return self._issuer.name

    @property
    def client_id(self) -> str:
        """The client id that user tokens are for."""
        return self._issuer.audience

    @property
    def user_token(self) -> str:
        """A user token that is good now: the same one until it expires or its key is retired."""
        with self._lock:
            if self._token is None or self._issuer.expires_at(self._token.reveal()) is None:
                self._token = Secret(self._issuer.issue())
            return self._token.reveal()

    @property
    def business_key(self) -> str:
        """The key of the business: ``lp_sandbox_…``, or ``sk_sandbox_…`` in the revision of October."""
        with self._lock:
            return self._keys.business_key()

    @property
    def source_key(self) -> str:
        """The key of the first source."""
        with self._lock:
            return self._keys.source_key()

    def source_key_of(self, source_id: str) -> str:
        """Give the key of a source; ``source_ids`` names them."""
        demand(TEXT, source_id=source_id)
        with self._lock:
            return self._keys.source_key(source_id)

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
        return self._issuer.issue(lifetime, kid=kid, key=key, algorithm=algorithm, headers=headers, claims=claims)

    def rotate_keys(self, *, keep_old: bool = False) -> str:
        """Sign tokens with a new key and give its key id; tokens of the old one end, unless it is kept."""
        demand(FLAG, keep_old=keep_old)
        return self._issuer.rotate(keep_old=keep_old)

    def rotate(self, key_type: KeyType | str) -> None:
        """Replace the keys of a type, such as ``"source key"``; the old ones end at once."""
        try:
            wanted = KeyType(key_type)
        except ValueError:
            raise LeadpingError(
                "There is no such type of key.", hint=f"Types are {', '.join(kind.value for kind in KeyType)}."
            ) from None
        with self._lock:
            self._keys.rotate(wanted)

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
        return self._server.running

    def wait(self) -> None:
        """Wait until it is closed; Ctrl-C ends the wait with a KeyboardInterrupt and leaves it running.

        A handler of another signal should raise, and whoever waits close the sandbox.
        """
        while self._server.running:
            self._server.wait(1.0)  # not for ever: a wait without end hears no Ctrl-C on Windows

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


def _data(
    leads: int | None, seed: int | None, revision: str | None, replay: str | Path | None, *, allow_raw: bool
) -> tuple[Contract, World | Replay]:
    """Give what is served: made-up data, or those of a recording."""
    if leads is not None:
        leads = whole("leads", leads, least=0, most=_MOST_LEADS, hint="It is how many leads there are, without quotes.")
    if seed is not None:
        seed = whole("seed", seed)
    demand(TEXT.or_none, revision=revision)
    if replay is None:
        contract = load_contract(REVISIONS[0] if revision is None else revision)
        return contract, World(contract, leads=5_000 if leads is None else leads, seed=7 if seed is None else seed)
    if (leads, seed, revision) != (None, None, None):
        raise LeadpingError(
            "A replay has the leads and the revision of its recording.", hint="Leave out leads, seed and revision."
        )
    recording = Recording.read(path("replay", replay))
    if recording.holds_originals and not allow_raw:
        raise LeadpingError(
            f"The recording in {recording.folder} has its customers in it.",
            hint="Run lp.pseudonymise on it first; or say allow_raw=True if nobody else will see it.",
        )
    contract = load_contract(recording.revision)
    return contract, Replay(contract, recording)
