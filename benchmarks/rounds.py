"""Times as ratios inside one round, so that a machine that changes its speed changes both sides.

Everybody runs once a round, right after one another, and begins one place further along each time. What has a process
of its own is not slowed by what others leave in memory.
"""

from __future__ import annotations

import gc
import resource
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import ParamSpec, TypeVar

__all__ = ["Ratio", "apart", "children_seconds", "cpu_seconds", "ratios", "wall_seconds"]

_Given = ParamSpec("_Given")
_Found = TypeVar("_Found")

Clock = Callable[[], float]

cpu_seconds: Clock = time.process_time
"""Seconds of the processor, of all threads: steadier than the wall clock on a shared machine."""
wall_seconds: Clock = time.perf_counter
"""Seconds that pass."""


def children_seconds() -> float:
    """Give the seconds of the processor that ended child processes took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@dataclass(frozen=True, slots=True)
class Ratio:
    """What one took in the time of another, over the rounds."""

    values: tuple[float, ...]
    """One ratio a round."""

    @property
    def median(self) -> float:
        """The one in the middle, which is what counts."""
        return statistics.median(self.values)

    def __str__(self) -> str:
        return f"{self.median:.2f} ({min(self.values):.2f} to {max(self.values):.2f})"


def ratios(
    floor: Callable[[], object], runs: Mapping[str, Callable[[], object]], *, rounds: int, clock: Clock
) -> dict[str, Ratio]:
    """Measure what each takes in the time of the floor.

    Parameters
    ----------
    floor
        What the others are divided by.
    runs
        The others by name.
    rounds
        How many rounds count; one more warms up.
    clock
        What the time is taken by, in seconds.
    """
    everybody = {"": floor, **runs}
    names = list(everybody)
    taken: list[dict[str, float]] = []
    for turn in range(rounds + 1):
        start = turn % len(names)
        taken.append({name: _seconds(everybody[name], clock) for name in names[start:] + names[:start]})
        _tell(f"round {turn} of {rounds}")
    return {name: Ratio(tuple(times[name] / times[""] for times in taken[1:])) for name in runs}


def apart(function: Callable[_Given, _Found], *args: _Given.args, **options: _Given.kwargs) -> _Found:
    """Call a function of a module in a fresh process, and give what it returns."""
    fresh = get_context("spawn")
    with ProcessPoolExecutor(1, fresh, warnings.simplefilter, ("ignore",)) as process:  # of the others
        return process.submit(function, *args, **options).result()


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Write a Markdown table."""
    columns = list(head)
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def _seconds(run: Callable[[], object], clock: Clock) -> float:
    gc.collect()
    began = clock()
    made = run()
    seconds = clock() - began
    del made  # whoever made it has it when the clock stops
    return seconds


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
