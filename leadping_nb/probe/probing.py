"""Making the calls of a plan, one after another, each at most once, until a credential turns out to be dead."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from leadping_nb.bodies import rows_of_page
from leadping_nb.errors import LeadpingError, RateLimitedError, ResponseError, TransportError
from leadping_nb.evidence import Observation
from leadping_nb.probe.allow_list import AllowList
from leadping_nb.probe.outcomes import says_dead, seen_in_answer, seen_in_error
from leadping_nb.probe.plan import PlannedCall, ProbePlan
from leadping_nb.probe.result import Probe
from leadping_nb.session.http import Session
from leadping_nb.session.retry import Patience

__all__ = ["carry_out", "unmade"]

_DEAD: Final = "The credential itself seems not to be accepted, so no call says what its type may do."
_LIMITED: Final = "The API asked to slow down, so the probe ended here."
_INTERRUPTED: Final = "The probe was interrupted before an answer came."
_STOPPED: Final = "The probe was stopped before its last call."
_NO_ROW: Final = "The list that gives its id gave no row with one."
_ODD_ID: Final = "The id in the first row could name another call, so nothing was sent."
_NOT_YET: Final = "No call was made: api.probe(confirm=True) makes those of the plan."
_UNPROVEN: Final = "It was answered 401, and no answer shows that the credential is accepted at all."


def unmade(session: Session, plan: ProbePlan) -> Probe:
    """Give a probe whose calls wait for a yes."""
    seen = {call.operation.id: Observation("not tried", _NOT_YET) for call in plan.calls}
    return replace(_result(session, plan, seen, ""), made=False)


def carry_out(
    session: Session,
    plan: ProbePlan,
    *,
    say: Callable[[str], None],
    on_observation: Callable[[str, Observation], object] | None = None,
    stop: threading.Event | None = None,
) -> Probe:
    """Make the calls of a plan, and give what was seen; Ctrl-C ends it with what was seen so far.

    Parameters
    ----------
    session
        What calls; the probe takes its connections, below which nothing but the plan's reads passes.
    plan
        What is called.
    say
        Is told of each wait.
    on_observation
        Is told what was seen of each operation, by its id.
    stop
        Ends it before the next call, and during a wait, when another thread sets it.
    """
    with session.confined(plan.allow_list.admits) as confined:
        return _Probing(confined, plan, say, on_observation or _nobody, stop).result()


class _Probing:
    """The state of a probe: what was seen, the ids that lists gave, and a call that shows whether the key lives."""

    def __init__(
        self,
        session: Session,
        plan: ProbePlan,
        say: Callable[[str], None],
        tell: Callable[[str, Observation], object],
        stop: threading.Event | None,
    ) -> None:
        self._session = session
        self._plan = plan
        self._say = say
        self._tell = tell
        self._stop = stop
        self._seen: dict[str, Observation] = {}
        self._first_rows: dict[str, Mapping[str, object]] = {}
        self._witness: PlannedCall | None = None

    def result(self) -> Probe:
        """Make the calls."""
        stopped = ""
        try:
            for call in self._plan.calls:
                self._heed()
                stopped = self._try(call)
                self._tell(call.operation.id, self._seen[call.operation.id])
                if stopped:
                    break
        except KeyboardInterrupt:
            stopped = _STOPPED if self._is_stopped() else _INTERRUPTED
        left = [call.operation.id for call in self._plan.calls if call.operation.id not in self._seen]
        self._seen |= {name: Observation("cannot tell", stopped) for name in left}
        return _result(self._session, self._plan, self._proven(), stopped)

    def _try(self, call: PlannedCall) -> str:
        """Make one call, and give why the probe ends with it; empty where it goes on."""
        name = call.operation.id
        path = self._path(call)
        if isinstance(path, str):
            self._seen[name] = Observation("cannot tell", path)
            return ""
        seen, error = self._ask(call, path)
        self._seen[name] = seen
        if isinstance(error, RateLimitedError):
            return _LIMITED
        if seen.status == HTTPStatus.UNAUTHORIZED and error is not None and self._is_dead(call, error):
            self._seen[name] = replace(seen, outcome="cannot tell", why=f"{seen.why} {_DEAD}")
            return _DEAD
        if _shows_life(call, seen):
            self._witness = self._witness or call
        return ""

    def _ask(self, call: PlannedCall, path: Mapping[str, str]) -> tuple[Observation, LeadpingError | None]:
        patience = Patience(
            retries=0,
            tell=lambda seconds, why: self._say(f"Waiting {seconds:.1f} s, because {why}."),
            heed=self._heed if self._stop is not None else None,  # without, a wait is one sleep
        )
        operation = call.operation
        try:
            answer = self._session.read(operation, path=path, query=call.query, body=call.body, patience=patience)
        except (ResponseError, TransportError) as error:
            return seen_in_error(error, self._now()), error
        seen = seen_in_answer(operation, answer, self._now())
        if seen.outcome == "allowed" and operation.is_list:
            self._first_rows[operation.id] = _first_row(answer.body)
        return seen, None

    def _is_stopped(self) -> bool:
        return self._stop is not None and self._stop.is_set()

    def _heed(self) -> None:
        if self._is_stopped():
            raise KeyboardInterrupt

    def _is_dead(self, call: PlannedCall, error: LeadpingError) -> bool:
        """Whether a 401 is about the credential and not about the call.

        An API may answer 401 to a key of the wrong type. So what was answered before is asked once more: a 401 there
        is the credential's end. Where nothing was answered yet, a call that is documented as allowed says the same.
        """
        if says_dead(error):
            return True
        if self._witness is None:
            return call.decision.verdict == "allowed"
        again, _ = self._ask(self._witness, {})
        return again.status == HTTPStatus.UNAUTHORIZED

    def _path(self, call: PlannedCall) -> dict[str, str] | str:
        """Give the id that a path needs, by its name; or why there is none."""
        if call.row_of is None:
            return {}
        operation = call.operation
        (name,) = operation.path_parameters
        row = self._first_rows.get(call.row_of.operation.id, {})
        id_ = row.get(name, row.get("id"))
        if not isinstance(id_, str) or not id_:
            return _NO_ROW
        path = operation.path.replace(f"{{{name}}}", quote(id_, safe=""))
        means_it = AllowList.of(self._plan.contract, [operation]).admits(operation.method, path)
        return {name: id_} if means_it else _ODD_ID

    def _proven(self) -> dict[str, Observation]:
        """Give what was seen; a 401 is no refusal as long as no answer shows that the credential is accepted."""
        if self._witness is not None:
            return self._seen
        return {
            name: replace(seen, outcome="cannot tell", why=_UNPROVEN)
            if seen.outcome == "refused" and seen.status == HTTPStatus.UNAUTHORIZED
            else seen
            for name, seen in self._seen.items()
        }

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._session.now(), UTC)


def _nobody(name: str, seen: Observation) -> None:
    """Tell nobody."""


def _shows_life(call: PlannedCall, seen: Observation) -> bool:
    """Whether an answer shows that the credential is accepted, and can show it again."""
    is_open = call.operation.access[None].verdict == "allowed"
    answered = seen.outcome == "allowed" or seen.status == HTTPStatus.FORBIDDEN
    return answered and not is_open and call.row_of is None


def _first_row(body: bytes) -> Mapping[str, object]:
    try:
        return next(iter(rows_of_page(body)), {})
    except LeadpingError:
        return {}


def _result(session: Session, plan: ProbePlan, seen: Mapping[str, Observation], stopped: str) -> Probe:
    left_out = {omission.operation.id: Observation("not tried", omission.why) for omission in plan.left_out}
    in_order = {operation.id: {**left_out, **seen}[operation.id] for operation in plan.contract.operations}
    return Probe(plan, session.base_url, MappingProxyType(in_order), stopped)
