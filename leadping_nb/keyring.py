"""The signing keys of each issuer, fetched when they are needed and kept for a while.

Unknown key ids cost at most one fetch per issuer and cool-down, however many come; a good token never waits for one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from leadping_nb.arguments import FUNCTION, MAPPING, TEXT, demand, number
from leadping_nb.errors import LeadpingError
from leadping_nb.tokens import Jwks, PublishedKeys, keys_in

__all__ = ["Keyring"]

_LONGEST_WAIT = 60.0  # seconds for a fetch that another thread makes; a fetch has a deadline of its own

Jwk = Mapping[str, object]


class Keyring:
    """Keep the keys of some issuers, for `inspect_token` in place of a discovery.

    A set serves for ``ttl`` seconds. After that it serves for ``stale_for`` more while it is fetched again in the
    background, and the key check says how old it is; so a key that was withdrawn passes for ``ttl + stale_for`` seconds
    at the very most, and only where the address does not answer or nothing was asked for so long. Then there are no
    keys, and tokens are unverified.

    Parameters
    ----------
    fetch
        Gives the JWK set at an address, or raises; it should have a deadline.
    addresses
        The address of each issuer's keys.
    audiences
        Whom a token may be for.
    ttl
        Seconds for which a set is fresh.
    cool_down
        Seconds between two fetches of a set, also after a failure.
    stale_for
        Seconds for which a set serves after that.
    now
        The seconds to count by.
    background
        Runs a function without waiting for it; in a thread that ends with Python unless told otherwise.

    Examples
    --------
    >>> keyring = Keyring(lambda address: {"keys": [{"kid": "a"}]}, {"https://id.example": "https://id.example/jwks"})
    >>> keyring.keys_for("https://id.example", "a").keys
    ({'kid': 'a'},)
    """

    def __init__(
        self,
        fetch: Callable[[str], Jwks],
        addresses: Mapping[str, str],
        *,
        audiences: Iterable[str] = (),
        ttl: float = 300,
        cool_down: float = 30,
        stale_for: float = 3600,
        now: Callable[[], float] = time.monotonic,
        background: Callable[[Callable[[], None]], object] | None = None,
    ) -> None:
        demand(FUNCTION, fetch=fetch, now=now)
        demand(FUNCTION.or_none, background=background)
        demand(MAPPING, addresses=addresses)
        ttl, cool_down = number("ttl", ttl, least=0), number("cool_down", cool_down, least=0)
        stale_for = number("stale_for", stale_for, least=0)
        run = background or _in_a_thread
        self.audiences = (audiences,) if isinstance(audiences, str) else tuple(audiences)
        """Whom a token may be for."""
        self._shelves = {
            issuer: _Shelf(address, fetch, ttl=ttl, cool_down=cool_down, stale_for=stale_for, now=now, run=run)
            for issuer, address in addresses.items()
        }
        self.issuers = tuple(self._shelves)
        """The issuers whose tokens are accepted."""

    @property
    def jwks(self) -> Mapping[str, Jwks]:
        """The sets at hand, by issuer; nothing is fetched."""
        held = {issuer: shelf.held() for issuer, shelf in self._shelves.items()}
        return MappingProxyType({issuer: {"keys": list(keys)} for issuer, keys in held.items() if keys is not None})

    def keys_for(self, issuer: str, kid: str | None) -> PublishedKeys:
        """Give the keys of an issuer, fetched if there are none or none with this ``kid``.

        Parameters
        ----------
        issuer
            One of ``issuers``.
        kid
            The key id that is looked for; None if any key will do.
        """
        demand(TEXT, issuer=issuer)
        demand(TEXT.or_none, kid=kid)
        shelf = self._shelves.get(issuer)
        if shelf is None:
            return PublishedKeys(None, "", "Keys are looked for only at issuers that the API accepts.")
        return shelf.keys_for(kid)

    def __repr__(self) -> str:
        return f"<Keyring of {len(self.issuers)} issuer(s)>"


class _Shelf:
    """The keys of one issuer."""

    def __init__(
        self,
        address: str,
        fetch: Callable[[str], Jwks],
        *,
        ttl: float,
        cool_down: float,
        stale_for: float,
        now: Callable[[], float],
        run: Callable[[Callable[[], None]], object],
    ) -> None:
        self._address, self._fetch, self._now, self._run = address, fetch, now, run
        self._ttl, self._cool_down, self._stale_for = ttl, cool_down, stale_for
        self._lock = threading.Lock()  # held for looking and noting, never for a fetch
        self._keys: tuple[Jwk, ...] | None = None
        self._fetched = 0.0
        self._tried: float | None = None
        self._failure = ""
        self._under_way: threading.Event | None = None

    def held(self) -> tuple[Jwk, ...] | None:
        """Give the keys that may be used now."""
        with self._lock:
            return self._usable()

    def keys_for(self, kid: str | None) -> PublishedKeys:
        """Give the keys; wait for a fetch only where these keys would not do."""
        with self._lock:
            keys = self._usable()
            enough = keys is not None and (kid is None or any(key.get("kid") == kid for key in keys))
            if enough and self._now() - self._fetched < self._ttl:
                return PublishedKeys(keys, self._source)
            wanted, mine = self._under_way, False
            if wanted is None and self._is_due():
                wanted, mine = threading.Event(), True
                self._under_way = wanted
        if mine and wanted is not None:
            event = wanted
            if enough:
                self._start(event)
            else:
                self._refresh(event)
        elif wanted is not None and not enough:
            wanted.wait(_LONGEST_WAIT)
        with self._lock:
            return self._published(kid)

    def _usable(self) -> tuple[Jwk, ...] | None:
        return self._keys if self._now() - self._fetched < self._ttl + self._stale_for else None

    def _is_due(self) -> bool:
        return self._tried is None or self._now() - self._tried >= self._cool_down

    @property
    def _source(self) -> str:
        return f"the JWK set at {self._address}"

    def _start(self, event: threading.Event) -> None:
        try:
            self._run(lambda: self._refresh(event))
        except RuntimeError:  # no thread to be had; the next token after the cool-down tries again
            self._note(event, None, "there was no thread for it")

    def _refresh(self, event: threading.Event) -> None:
        keys, failure = None, "it was interrupted"
        try:
            jwks = self._fetch(self._address)
            if isinstance(jwks, Mapping) and isinstance(jwks.get("keys"), list | tuple):
                keys, failure = keys_in(jwks), ""
            else:
                failure = "what came is no JWK set"
        except LeadpingError as error:
            failure = error.message.rstrip(".")
        except Exception as error:  # the fetch is the caller's: whatever it raises, there are no keys
            failure = type(error).__name__
        finally:
            self._note(event, keys, failure)

    def _note(self, event: threading.Event, keys: tuple[Jwk, ...] | None, failure: str) -> None:
        with self._lock:
            self._tried = self._now()
            self._failure = failure
            if keys is not None:
                self._keys, self._fetched = keys, self._tried
            self._under_way = None
        event.set()

    def _published(self, kid: str | None) -> PublishedKeys:
        keys, now = self._usable(), self._now()
        again = f"at most every {self._cool_down:.0f} s"
        failed = f"The keys could not be fetched ({self._failure})" if self._failure else ""
        if keys is None:
            return PublishedKeys(None, self._source, f"{failed or 'The keys are being fetched'}; it is tried {again}.")
        age = now - self._fetched
        notes = []
        if age >= self._ttl:
            left = self._ttl + self._stale_for - age
            why = failed or "They are being fetched again"
            notes.append(f"These keys are stale: {age:.0f} s old, and used for {left:.0f} s more. {why}.")
        elif failed:
            notes.append(f"{failed}; these are {age:.0f} s old.")
        if kid is not None and not any(key.get("kid") == kid for key in keys):
            notes.append(f"For a kid that is not there, they are fetched again {again}.")
        return PublishedKeys(keys, self._source, " ".join(notes))


def _in_a_thread(work: Callable[[], None]) -> None:
    threading.Thread(target=work, name="leadping-keys", daemon=True).start()
