"""Observed permissions: a few safe reads, announced before they are made, beside what is documented."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Collection

from leadping_nb.arguments import EVENT, FLAG, FUNCTION, demand
from leadping_nb.evidence import Observation
from leadping_nb.probe.choice import plan_probe
from leadping_nb.probe.plan import ProbePlan
from leadping_nb.probe.probing import carry_out, unmade
from leadping_nb.probe.result import Probe
from leadping_nb.session.http import Session

__all__ = ["Probe", "ProbePlan", "probe"]


def probe(
    session: Session,
    *,
    confirm: bool,
    only: str | Collection[str] | None,
    by_id: bool,
    say: Callable[[str], None] | None,
    on_observation: Callable[[str, Observation], object] | None = None,
    stop: threading.Event | None = None,
) -> Probe:
    """Say what would be called, and call it where that is confirmed; the parameters are those of ``api.probe``."""
    demand(FLAG, by_id=by_id)
    demand(FUNCTION.or_none, say=say, on_observation=on_observation)
    demand(EVENT.or_none, stop=stop)
    tell = say or _print
    key_type = None if session.credential is None else session.credential.key_type
    plan = plan_probe(session.contract, key_type, only=only, by_id=by_id, rate=session.rate)
    if confirm is not True:
        waiting = unmade(session, plan)
        tell(waiting.sentence)
        return waiting
    tell(plan.sentence)
    return carry_out(session, plan, say=tell, on_observation=on_observation, stop=stop)


def _print(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
