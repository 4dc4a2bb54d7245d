"""Named faults that can be switched on: each says what it does, what it teaches and what to expect of a client.

A fault is a row of `fault_table.FAULTS` with a function at one or more points:

``instead``
    Given the call and its setting, answers in place of the API; None leaves the call to it.
``answer``
    Given the call and its answer, gives the answer that is sent.
``document``
    Given a document's name (such as ``authorization-server``) and its members, gives what is published.
``page``
    Given a reading of a list, from which any other page can be read, and the page, gives the page that is sent.
``token``
    Given header and claims, gives those that are signed.
``sealed``
    Given a signed token, gives the one that is handed out.

What gives back the very thing that it was given has changed nothing, and does not count.

A new fault is a new row. ``instead`` and ``answer`` work on the API's operations alone, unless a path is named.
"""

from __future__ import annotations

import difflib
import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, TypeVar

from leadping_nb.arguments import TEXT, demand, quoted, whole
from leadping_nb.errors import LeadpingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from leadping_nb.sandbox.answers import Answer, Call
    from leadping_nb.sandbox.documents import Addresses
    from leadping_nb.sandbox.readings import Reading

__all__ = ["Fault", "Faults", "Setting"]

Json = dict[str, Any]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Setting:
    """When and where a call is answered."""

    now: datetime
    """The time by the sandbox's clock."""
    addresses: Addresses
    """Where everything is."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which the sandbox can misbehave."""

    name: str
    """Its name."""
    what: str
    """What the sandbox does."""
    teaches: str
    """What there is to learn."""
    expected: str
    """What a sound client does."""
    instead: Callable[[Call, Setting], Answer | None] | None = field(default=None, repr=False)
    """Answers in place of the API."""
    answer: Callable[[Call, Answer], Answer] | None = field(default=None, repr=False)
    """Changes an answer."""
    document: Callable[[str, Json], Json] | None = field(default=None, repr=False)
    """Changes a discovery document or a JWK set."""
    page: Callable[[Reading, Json], Json] | None = field(default=None, repr=False)
    """Changes a page of a list."""
    token: Callable[[Json, Json], tuple[Json, Json]] | None = field(default=None, repr=False)
    """Changes a token before it is signed."""
    sealed: Callable[[str], str] | None = field(default=None, repr=False)
    """Changes a token after it was signed."""
    area: str = "call"
    """``call``, ``discovery`` or ``token``."""
    path: str | None = None
    """The path, or pattern of paths, that it is confined to unless another is named; documents among them."""
    finding: str | None = None
    """The code of the finding that a discovery must report; None if it must report nothing."""
    severity: str | None = None
    """How bad that finding must be."""
    drift: str | None = None
    """What a check for drift must report, by its name; None where it is not looked at."""
    check: str | None = None
    """The check of a token that must fail, or be skipped where the verdict is ``unverified``; None if none does."""
    verdict: str | None = None
    """The verdict on a token that is issued meanwhile, or on a good one judged by documents that are fetched then."""
    takes: str | None = None
    """How long a walk takes, in words, where that is longer than a lesson or a test should wait."""


class Faults:
    """The faults of one sandbox; iterate for all there are.

    Parameters
    ----------
    table
        The faults there are.

    Examples
    --------
    >>> from leadping_nb.sandbox.fault_table import FAULTS
    >>> faults = Faults(FAULTS)
    >>> with faults.on("rate_limited", times=1):
    ...     faults.active
    ('rate_limited',)
    >>> faults.active
    ()
    """

    def __init__(self, table: tuple[Fault, ...]) -> None:
        self._table = {fault.name: fault for fault in table}
        self._switches: dict[str, _Switch] = {}
        self._lock = threading.Lock()

    def on(
        self, name: str, *, times: int | None = None, after: int = 0, path: str | None = None
    ) -> AbstractContextManager[Fault]:
        """Switch a fault on, until it is switched off or the ``with`` block ends.

        Parameters
        ----------
        name
            One of the names that iteration gives.
        times
            After how many changed answers it switches itself off; None for never.
        after
            How many answers that it would change go by unchanged first: ``after=2, times=1`` is the third alone.
        path
            A path, or a pattern such as ``/leads/*``, that it is confined to; it can be a document's path.

        Raises
        ------
        LeadpingError
            If there is no such fault.
        """
        fault = self[name]
        if times is not None:
            times = whole("times", times, least=1)
        after = whole("after", after, least=0)
        demand(TEXT.or_none, path=path)
        with self._lock:
            self._switches[name] = _Switch(fault, times, after, path if path is not None else fault.path)
        return _Handle(self, fault)

    def off(self, name: str | None = None) -> None:
        """Switch a fault off, or all of them; one that is off stays off."""
        if name is not None:
            self[name]
        with self._lock:
            for known in list(self._switches) if name is None else [name]:
                self._switches.pop(known, None)

    @property
    def active(self) -> tuple[str, ...]:
        """The names of those that are on, in the order they were switched on."""
        return tuple(self._switches)

    def instead(self, call: Call, setting: Setting, *, is_operation: bool) -> Answer | None:
        """Answer in place of the API, or give None."""
        for switch in self._reaching(call.path, by_default=is_operation):
            if switch.fault.instead is not None:
                answer = self._counted(switch, None, switch.fault.instead(call, setting))
                if answer is not None:
                    return answer
        return None

    def answer(self, call: Call, answer: Answer, *, is_operation: bool) -> Answer:
        """Change an answer."""
        for switch in self._reaching(call.path, by_default=is_operation):
            if switch.fault.answer is not None:
                answer = self._counted(switch, answer, switch.fault.answer(call, answer))
        return answer

    def document(self, name: str, document: Json, path: str) -> Json:
        """Change a document."""
        for switch in self._reaching(path, by_default=True):
            if switch.fault.document is not None:
                document = self._counted(switch, document, switch.fault.document(name, document))
        return document

    def page(self, reading: Reading, path: str) -> Json:
        """Give the page that a reading asks for, changed."""
        page = reading.page()
        for switch in self._reaching(path, by_default=True):
            if switch.fault.page is not None:
                page = self._counted(switch, page, switch.fault.page(reading, page))
        return page

    def token(self, header: Json, claims: Json) -> tuple[Json, Json]:
        """Change a token's header and claims."""
        given = (header, claims)
        for switch in list(self._switches.values()):
            if switch.fault.token is not None:
                given = self._counted(switch, given, switch.fault.token(*given))
        return given

    def sealed(self, token: str) -> str:
        """Change a token that was signed."""
        for switch in list(self._switches.values()):
            if switch.fault.sealed is not None:
                token = self._counted(switch, token, switch.fault.sealed(token))
        return token

    def _reaching(self, path: str, *, by_default: bool) -> list[_Switch]:
        with self._lock:
            switches = list(self._switches.values())
        return [
            switch for switch in switches if (by_default if switch.path is None else fnmatchcase(path, switch.path))
        ]

    def _counted(self, switch: _Switch, before: _T, after: _T) -> _T:
        """Give what a fault made of something if its turn has come, else the thing itself."""
        return after if after is not before and self._takes_its_turn(switch) else before

    def _takes_its_turn(self, switch: _Switch) -> bool:
        with self._lock:
            if switch.after > 0:
                switch.after -= 1
                return False
            if switch.times is None:
                return True
            switch.times -= 1
            if switch.times <= 0 and self._switches.get(switch.fault.name) is switch:
                del self._switches[switch.fault.name]
            return switch.times >= 0

    def __getitem__(self, name: str) -> Fault:
        demand(TEXT, name=name)
        if name not in self._table:
            near = difflib.get_close_matches(name, self._table) or list(self._table)
            raise LeadpingError(f"The sandbox has no fault {quoted(name)}.", hint=f"It has {', '.join(near)}.")
        return self._table[name]

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._table.values())

    def __len__(self) -> int:
        return len(self._table)

    def __contains__(self, name: object) -> bool:
        return name in self._table

    def __repr__(self) -> str:
        return f"<Faults: {len(self)} known, on: {', '.join(self.active) or 'none'}>"


@dataclass(slots=True)
class _Switch:
    fault: Fault
    times: int | None
    after: int
    path: str | None


class _Handle(AbstractContextManager[Fault]):
    def __init__(self, faults: Faults, fault: Fault) -> None:
        self._faults, self._fault = faults, fault

    def __enter__(self) -> Fault:
        return self._fault

    def __exit__(self, *_: object) -> None:
        self._faults.off(self._fault.name)

    def __repr__(self) -> str:
        return f"<Fault {self._fault.name}: {self._fault.what}>"
