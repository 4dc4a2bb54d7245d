"""The memory of an export, however many rows it has (Linux).

    python benchmarks/bench_export.py [--rows 1000000] [--rows-per-file 100000]

Exports the leads of a sandbox to a folder that is removed afterwards, and prints the peak over the level after the
imports; the sandbox and the export each have a process of their own. Ends with 1 above the limit or if a row is
missing.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rounds import table

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["LIMIT", "Measured", "measured"]

LIMIT = 300.0
"""The most MB above the imports' that a million rows may take."""
_PAGE_ROWS = 500


@dataclass(frozen=True, slots=True)
class Measured:
    """What one export took."""

    rows: int
    """How many rows have an id of their own."""
    files: int
    """How many files they are in."""
    disk: float
    """How many MB these have together."""
    before: float
    """The MB of memory after the imports."""
    peak: float
    """The most MB of memory at any time."""
    seconds: float
    """From the first request to the manifest; the sandbox makes its rows meanwhile."""


def measured(rows: int, rows_per_file: int) -> Measured:
    """Export rows and measure it."""
    fresh = multiprocessing.get_context("spawn")
    here, there = fresh.Pipe()
    stop = fresh.Event()
    sandbox = fresh.Process(target=_serve, args=(there, rows, stop), daemon=True)
    sandbox.start()
    address, token = here.recv()
    with TemporaryDirectory() as folder:
        export = fresh.Process(target=_export, args=(there, address, token, f"{folder}/leads", rows_per_file))
        export.start()
        there.close()
        try:
            found: Measured = here.recv()
        finally:
            export.join()
            stop.set()
            sandbox.join()
    return found


def _serve(parent: Connection, rows: int, stop: threading.Event) -> None:
    from leadping_nb.sandbox import Sandbox

    with Sandbox(leads=rows, rate_limit=None) as sandbox:
        parent.send((sandbox.url, sandbox.issue_token(86_400)))
        parent.close()
        stop.wait()


def _export(parent: Connection, address: str, token: str, folder: str, rows_per_file: int) -> None:
    import leadping_nb as lp

    with lp.connect(token, base_url=address, rate_limit=None) as api:
        before, began = _resident(), time.perf_counter()
        done = api.export("leads", folder, page_size=_PAGE_ROWS, rows_per_file=rows_per_file, progress=True)
        seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    size = sum(path.stat().st_size for path in done.files) / 1e6
    parent.send(Measured(_different_ids(folder), len(done.files), size, before, peak, seconds))


def _resident() -> float:
    """Give the MB of memory that are in use (proc(5), statm)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def _different_ids(folder: str) -> int:
    import duckdb

    found = duckdb.sql(f"SELECT count(DISTINCT id) FROM '{folder}/*.parquet'").fetchall()  # noqa: S608  # our folder
    return int(found[0][0])


def main() -> None:
    """Measure, print, and check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rows-per-file", type=int, default=100_000)
    chosen = parser.parse_args()
    found = measured(chosen.rows, chosen.rows_per_file)
    above = found.peak - found.before
    head = ("rows", "files", "MB on the disk", "MB after the imports", "MB at the peak", "MB above", "seconds")
    row = (f"{found.rows:,}", found.files, *map(round, (found.disk, found.before, found.peak, above, found.seconds)))
    print(table(head, [row]))
    sys.exit(0 if found.rows == chosen.rows and above <= LIMIT else 1)


if __name__ == "__main__":
    main()
