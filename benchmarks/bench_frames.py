"""Page bytes to a DataFrame: time, memory, and odd inputs, ours beside others.

    python benchmarks/bench_frames.py [--rows 100000] [--rounds 7] [--only polars,duckdb]
    python benchmarks/bench_frames.py --memory
    python benchmarks/bench_frames.py --edges [--times 100]

Prints the CPU time of all threads as a ratio to ``orjson.loads`` of the same bytes, with what is not right in each
frame; with ``--memory`` the peak over the level with the pages loaded as a ratio to their bytes (Linux), both measured
in a process of its own for each; with ``--edges`` what each does with the odd inputs, and whether always the same.
"""

from __future__ import annotations

import argparse
import gc
import re
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from data import batch, differences
from edges import EDGES, verdict
from peers import PEERS, Peer, decode, peer
from rounds import Ratio, apart, cpu_seconds, ratios, table

__all__ = ["ROWS", "SLOW_ROWS", "answers", "faults", "memory", "times"]

ROWS, SLOW_ROWS = 100_000, 10_000
_WARM_ROWS, _SLOW_ROUNDS, _MEMORY_RUNS = 1_000, 3, 3


def times(peers: Sequence[Peer], *, rows: int = ROWS, rounds: int = 7) -> dict[str, Ratio]:
    """Measure page bytes to frame in the time of reading the bytes; the slow ones on fewer rows."""
    found: dict[str, Ratio] = {}
    for one in peers:
        size = (min(rows, SLOW_ROWS), min(rounds, _SLOW_ROUNDS)) if one.slow else (rows, rounds)
        found |= apart(_times, one.name, *size)
    return found


def _times(name: str, rows: int, rounds: int) -> dict[str, Ratio]:
    pages = batch(rows).pages
    runs = {name: partial(peer(name).frame, pages)}
    return ratios(partial(decode, pages), runs, rounds=rounds, clock=cpu_seconds)


def memory(peers: Iterable[Peer], *, rows: int = ROWS) -> dict[str, Ratio]:
    """Measure the peak of memory in page bytes, each in fresh processes."""
    found: dict[str, Ratio] = {}
    with tempfile.TemporaryDirectory() as folder:
        for one in peers:
            count = min(rows, SLOW_ROWS) if one.slow else rows
            file = Path(folder) / f"{count}.ndjson"
            if not file.exists():
                file.write_bytes(b"\n".join(batch(count).pages))
            command = [sys.executable, __file__, "--peak-of", one.name, "--pages", str(file)]
            runs = [subprocess.run(command, check=True, capture_output=True, text=True) for _ in range(_MEMORY_RUNS)]
            found[one.name] = Ratio(tuple(float(run.stdout.split()[-1]) for run in runs))
    return found


def faults(peers: Iterable[Peer], *, rows: int = ROWS) -> dict[str, list[str]]:
    """Say what is not right in the frame that each makes."""
    found: dict[str, list[str]] = {}
    for one in peers:
        made = batch(min(rows, SLOW_ROWS) if one.slow else rows)
        found[one.name] = differences(one.frame(made.pages), made.truth)
    return found


def answers(peers: Iterable[Peer], *, repeat: int = 1) -> dict[str, dict[str, str]]:
    """Say what each does with each odd input: ``right``, ``changed``, ``raises``, or ``varies`` between repeats."""
    found: dict[str, dict[str, str]] = {}
    for one in peers:
        found[one.name] = {}
        for edge in EDGES:
            verdicts = {verdict(edge, one.frame) for _ in range(repeat)}
            found[one.name][edge.name] = verdicts.pop() if len(verdicts) == 1 else "varies"
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="", help="parts of names, with commas")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--edges", action="store_true")
    parser.add_argument("--times", type=int, default=1, help="how often each odd input is read")
    parser.add_argument("--peak-of", help=argparse.SUPPRESS)
    parser.add_argument("--pages", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")  # of the others
    peers = [one for one in PEERS if any(part in one.name for part in chosen.only.split(","))]
    if chosen.peak_of:
        with chosen.pages.open("rb") as file:
            print(_peak(peer(chosen.peak_of), file.readlines()))
    elif chosen.memory:
        found = memory(peers, rows=chosen.rows)
        print(table(("from page bytes", "peak memory ÷ page bytes, median (min to max)"), found.items()))
    elif chosen.edges:
        print(_edge_table(answers(peers, repeat=chosen.times)))
    else:
        wrong = faults(peers, rows=chosen.rows)
        found = times(peers, rows=chosen.rows, rounds=chosen.rounds)
        head = ("from page bytes", "frame ÷ orjson.loads, CPU, median (min to max)", "wrong in the frame")
        print(table(head, ((name, ratio, "; ".join(wrong[name]) or "nothing") for name, ratio in found.items())))


def _edge_table(found: dict[str, dict[str, str]]) -> str:
    rows: list[Sequence[object]] = [
        (edge.name, *(verdicts[edge.name] for verdicts in found.values())) for edge in EDGES
    ]
    rows.append(("**right**", *(Counter(verdicts.values())["right"] for verdicts in found.values())))
    return table((f"{len(EDGES)} odd inputs", *found), rows)


def _peak(one: Peer, pages: Sequence[bytes]) -> float:
    """Give the peak of resident memory over the level before, in page bytes (Linux: proc(5), clear_refs and VmHWM)."""
    one.frame(batch(_WARM_ROWS).pages)  # what it loads and sets up is not what the data take
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    before = _resident("VmRSS")
    frame = one.frame(pages)
    peak = _resident("VmHWM")
    del frame
    return (peak - before) / sum(map(len, pages))


def _resident(name: str) -> int:
    status = Path("/proc/self/status").read_text()
    return int(re.findall(rf"{name}:\s+(\d+) kB", status)[0]) * 1024


if __name__ == "__main__":
    main()
