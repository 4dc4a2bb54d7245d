"""Everything that the README's table shows, with one command.

    python benchmarks [--check] [--rows 100000] [--rounds 7]

Prints one Markdown table, ours beside others, with the machine, the date and the versions. With ``--check`` it ends
with 1 if one of our ratios is above its limit. Leave the machine alone meanwhile; it takes about a quarter of an hour.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import sys
import warnings
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import bench_frames
import bench_import
import bench_loads
from edges import EDGES
from peers import OURS, OURS_ARROW, PEERS
from rounds import Ratio, apart, table

FRAME = "page bytes to frame ÷ `orjson.loads`, CPU"
MEMORY = "peak memory ÷ page bytes"
LOAD = "load ÷ reading its bytes, 20 ms a page, wall"
LOAD_AT_ONCE = "load ÷ reading its bytes, 0 ms a page, wall"
IMPORT = "import ÷ bare Python, CPU"

LIMITS: Mapping[tuple[str, str], float] = {
    (OURS, FRAME): 1.8,
    (OURS_ARROW, FRAME): 1.5,
    (OURS, MEMORY): 1.5,
    (OURS_ARROW, MEMORY): 1.5,
    (OURS, LOAD): 1.05,
    (OURS, LOAD_AT_ONCE): 2.4,
    (OURS, IMPORT): 1.15,
}
"""The most that each of our medians may be."""

_LOADS = {LOAD: "20 ms a page", LOAD_AT_ONCE: "0 ms a page"}


def main() -> None:
    """Measure, print, and check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="end with 1 if a limit is passed")
    parser.add_argument("--rows", type=int, default=bench_frames.ROWS)
    parser.add_argument("--rounds", type=int, default=7)
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")  # of the others
    ratios = measured(chosen.rows, chosen.rounds)
    wrong = bench_frames.faults(PEERS, rows=chosen.rows)
    right = {name: Counter(verdicts.values())["right"] for name, verdicts in bench_frames.answers(PEERS).items()}
    head = ("", *ratios, f"right on {len(EDGES)} odd inputs", "wrong in the frame")
    rows = [
        (
            f"{one.name}{' ¹' if one.slow else ''}",
            *(f"{column[one.name].median:.2f}" if one.name in column else "" for column in ratios.values()),
            right[one.name],
            "; ".join(wrong[one.name]) or "nothing",
        )
        for one in PEERS
    ]
    print(table(head, rows))
    print(f"\n{_setting(chosen.rows, chosen.rounds)}")
    passed = [
        f"{name}: {column} is {ratios[column][name]}, and its limit {limit}."
        for (name, column), limit in LIMITS.items()
        if ratios[column][name].median > limit
    ]
    print("\n".join(passed), file=sys.stderr)
    sys.exit(1 if chosen.check and passed else 0)


def measured(rows: int, rounds: int) -> dict[str, dict[str, Ratio]]:
    """Measure all ratios, by column and name."""
    settings = {setting.name: setting for setting in bench_loads.SETTINGS}
    frames = bench_frames.times(PEERS, rows=rows, rounds=rounds)
    loads = bench_loads.times(bench_loads.LOADS, [settings[name] for name in _LOADS.values()], rounds=rounds)
    by_load = {column: loads[name] for column, name in _LOADS.items()}
    memory = bench_frames.memory(PEERS, rows=rows)
    return {FRAME: frames, MEMORY: memory, **by_load, IMPORT: apart(bench_import.times)}


def _setting(rows: int, rounds: int) -> str:
    versions = dict.fromkeys(one.versions for one in PEERS)
    return (
        f"Medians of {rounds} rounds over {rows:,} made-up lead rows in pages of 500, loads over {bench_loads.ROWS:,}; "
        f"¹ over {bench_frames.SLOW_ROWS:,} and {bench_loads.SLOW_ROWS:,}. Loads of polars, duckdb and pyarrow.json "
        f"read with httpx first. {_machine()}, {os.cpu_count()} cores, {platform.system()}, "
        f"Python {platform.python_version()}, {datetime.now(UTC):%Y-%m-%d}. {', '.join(versions)}."
    )


def _machine() -> str:
    """Give the make of the processor (Linux: proc(5), cpuinfo)."""
    info = Path("/proc/cpuinfo")
    named = re.search(r"model name\s*:\s*(.+)", info.read_text()) if info.exists() else None
    return named[1] if named else platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
