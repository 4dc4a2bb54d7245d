"""Many loads under random faults, with every row counted.

    python benchmarks/soak.py [--loads 200] [--leads 600] [--seed 7]

Each load meets one or two faults of the sandbox, from a page on and for a while. What it gives must be whole, with
exactly the ids that are there, or say why it is not and hold no row twice; then ``api.resume`` must complete it, at the
latest once the faults are off. Waits pass on the sandbox's clock and take no time. Prints a table of faults and
outcomes, and ends with 1 if anything was not as it said.
"""

from __future__ import annotations

import argparse
import random
import sys
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rounds import table

import leadping_nb as lp
from leadping_nb.session.http import Session

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["OUTCOMES", "Tally", "WrongError", "soak"]

OUTCOMES = ("whole", "resumed", "loaded anew", "refused, then whole", "wrong")
"""What can come of a load, best first."""

_PAGE_ROWS = (40, 75, 100, 150)
_SPARED = (0, 0, 0, 1, 2)  # how many answers a fault lets go by that it would change
_TIMES = (1, 1, 2, 3, None)
# What is amiss lies before the cursor to go on from: then the frame says so, and only loading anew makes it whole.
_BEYOND_THE_CURSOR = frozenset({"lying_count", "missing_row", "repeated_page"})


class WrongError(Exception):
    """A load that was not as it said."""


@dataclass(slots=True)
class Tally:
    """What came of the loads."""

    outcomes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """By fault, how many loads came out how; a load of two faults counts for the first."""
    rows: int = 0
    """How many rows the finished loads had in all."""
    wrong: list[str] = field(default_factory=list)
    """What was wrong, in sentences."""


def soak(*, loads: int = 200, leads: int = 600, seed: int = 7) -> Tally:
    """Make loads under random faults and count what came.

    Parameters
    ----------
    loads
        How many.
    leads
        How many rows each should have.
    seed
        The same seed meets the same faults.
    """
    dice, tally = random.Random(seed), Tally()
    with lp.Sandbox(leads=leads, seed=seed, rate_limit=None) as sandbox:
        with _connected(sandbox) as api:
            wanted = [str(row["id"]) for row in api.rows("leads")]
        names = [fault.name for fault in sandbox.faults if fault.area not in ("discovery", "token") and not fault.takes]
        for number in range(loads):
            chosen = [names[number % len(names)], *dice.sample(names, dice.choice((0, 0, 1)))]
            size = dice.choice(_PAGE_ROWS)
            for name in chosen:
                sandbox.faults.on(name, after=dice.choice(_SPARED), times=dice.choice(_TIMES))
            try:
                outcome = _load(sandbox, wanted, size, chosen)
                tally.rows += len(wanted)
            except Exception as error:  # whatever it is, the other loads go on
                outcome, what = "wrong", f"{type(error).__name__}: {error}"
                tally.wrong.append(f"Load {number} under {' and '.join(chosen)}, {size} rows a page: {what}")
            sandbox.faults.off()
            tally.outcomes[chosen[0]][outcome] += 1
    return tally


def main() -> None:
    """Soak, print, and say by the exit code whether all was as it said."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--loads", type=int, default=200)
    parser.add_argument("--leads", type=int, default=600)
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    warnings.simplefilter("ignore", lp.IncompleteFrameWarning)
    tally = soak(loads=chosen.loads, leads=chosen.leads, seed=chosen.seed)
    rows = [(name, *(counts[outcome] or "" for outcome in OUTCOMES)) for name, counts in tally.outcomes.items()]
    total = sum(tally.outcomes.values(), Counter())
    print(table(("fault", *OUTCOMES), [*rows, ("**all**", *(total[outcome] for outcome in OUTCOMES))]))
    print(f"\n{chosen.loads:,} loads, {tally.rows:,} rows, seed {chosen.seed}.")
    print("\n".join(tally.wrong), file=sys.stderr)
    sys.exit(1 if tally.wrong else 0)


def _load(sandbox: lp.Sandbox, wanted: Sequence[str], size: int, faults: Sequence[str]) -> str:
    """Load until all is there; raise `WrongError` where a frame is not as it says."""
    with _connected(sandbox) as api:
        try:
            frame = api.frame("leads", page_size=size)
        except lp.LeadpingError:
            sandbox.faults.off()
            return _whole(api.frame("leads", page_size=size), wanted, "refused, then whole")
        if _is_whole(frame, wanted):
            return "whole"
        for _ in range(2):  # while the faults go on, and without them
            if _is_whole(frame, wanted):
                break
            with suppress(lp.LeadpingError):  # there may be no place to go on from
                frame = api.resume(frame)
            sandbox.faults.off()
        if _is_whole(frame, wanted):
            return "resumed"
        if _BEYOND_THE_CURSOR.isdisjoint(faults):
            raise WrongError("it could not be resumed")
        return _whole(api.frame("leads", page_size=size), wanted, "loaded anew")


def _whole(frame: pd.DataFrame, wanted: Sequence[str], outcome: str) -> str:
    if not _is_whole(frame, wanted):
        raise WrongError(f"without faults it is not whole: {frame.attrs['leadping']['reason']}")
    return outcome


def _is_whole(frame: pd.DataFrame, wanted: Sequence[str]) -> bool:
    """Whether a frame says that it is whole; raise `WrongError` if what it says is not so."""
    passport, ids = frame.attrs["leadping"], frame["id"].tolist()
    if passport["rows"] != len(ids):
        raise WrongError(f"it says {passport['rows']} rows and has {len(ids)}")
    if len(set(ids)) != len(ids):
        raise WrongError(f"{len(ids) - len(set(ids))} rows are there twice")
    if not set(ids) <= set(wanted):
        raise WrongError(f"{len(set(ids) - set(wanted))} rows are none of the list's")
    if passport["complete"]:
        if ids != list(wanted):
            raise WrongError(f"it says that it is whole and has {len(ids)} of {len(wanted)} rows, or in another order")
        return True
    if not passport["reason"]:
        raise WrongError("it is not whole and does not say why")
    return False


@contextmanager
def _connected(sandbox: lp.Sandbox) -> Iterator[lp.Api]:
    """Connect to a sandbox, and wait on its clock."""
    session = Session(
        lp.Credential.from_text(sandbox.business_key, origin="sandbox"),
        base_url=sandbox.url,
        contract=lp.contract(sandbox.revision),
        now=lambda: sandbox.clock.now().timestamp(),
        monotonic=sandbox.clock.monotonic,
        sleep=sandbox.clock.advance,
        tell=lambda sentence: None,
    )
    with lp.Api(session) as api:
        yield api


if __name__ == "__main__":
    main()
