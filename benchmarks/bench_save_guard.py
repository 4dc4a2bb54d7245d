"""What the save guard costs a save: notebooks of 5 MB looked through, against writing them as JSON.

    python benchmarks/bench_save_guard.py [--rounds 7] [--only names] [--check]

The contents are those of ``leaks_look_alikes.py``. The first look is that of a server that has just started; later
ones go by what was clean at the last save, where the notebook did not change. Times are CPU seconds. With ``--check``
it ends with 1 if a clean notebook is refused, or a later look takes longer than both its limit and `json.dumps`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Callable

from leaks_look_alikes import CONTENTS, notebook_of
from rounds import cpu_seconds, ratios, table
from tornado.web import HTTPError

from leadping_nb.save_guard import SaveGuard

LIMIT = 20.0
"""The most milliseconds that a look at what was saved before may take, unless `json.dumps` takes longer."""

_HEAD = ("5 MB of", "first look ÷ `json.dumps`", "ms", "later looks ÷ `json.dumps`", "ms")


def main() -> None:
    """Measure, print, and check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="", help="a word of the names of contents")
    parser.add_argument("--check", action="store_true", help="end with 1 if ours is not what it should be")
    chosen = parser.parse_args()
    rows, faults = [], []
    for name in CONTENTS:
        if chosen.only in name:
            try:
                row = measured(name, chosen.rounds)
            except HTTPError:
                faults.append(f"A clean notebook is refused: {name}.")
                continue
            rows.append(row)
            if row[-1] > LIMIT and float(row[-2]) > 1:
                faults.append(f"A later look at {name} takes {row[-1]} ms, and its limit is {LIMIT}.")
    print(table(_HEAD, rows))
    print("\n".join(faults), file=sys.stderr)
    sys.exit(1 if chosen.check and faults else 0)


def measured(name: str, rounds: int) -> tuple[str, str, float, str, float]:
    """Measure the looks at one notebook; give the row of the table."""
    content = notebook_of(name)
    guard, model = SaveGuard(), {"type": "notebook", "content": content}

    def look(by: SaveGuard) -> None:
        by.look(model=model, path="large.ipynb", contents_manager=None)

    look(guard)
    runs: dict[str, Callable[[], object]] = {"first": lambda: look(SaveGuard()), "later": lambda: look(guard)}
    found = ratios(lambda: json.dumps(content), runs, rounds=rounds, clock=cpu_seconds)
    return (
        name,
        f"{found['first'].median:.2f}",
        _milliseconds(runs["first"], rounds),
        f"{found['later'].median:.2f}",
        _milliseconds(runs["later"], rounds),
    )


def _milliseconds(run: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        began = cpu_seconds()
        run()
        times.append(cpu_seconds() - began)
    return round(statistics.median(times) * 1000, 1)


if __name__ == "__main__":
    main()
