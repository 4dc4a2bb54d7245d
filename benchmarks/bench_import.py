"""What an import costs, in processes of their own.

    python benchmarks/bench_import.py [--rounds 9]

Prints the CPU time of a process that imports as a ratio to one that does nothing.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Mapping

from peers import OURS
from rounds import Ratio, children_seconds, ratios, table

__all__ = ["times"]

_IMPORTS: Mapping[str, str] = {
    OURS: "import leadping_nb",
    "json.loads + json_normalize": "import json, pandas",
    "official SDK": "import leadping; from kiota_http.httpx_request_adapter import HttpxRequestAdapter",
    "polars": "import polars",
    "duckdb": "import duckdb",
    "dlt": "import dlt",
    "pyarrow.json": "import pyarrow.json",
}
"""What each has to import before its first call, by the names of the peers."""

_PROCESSES = 3  # in a row, because one alone is over too soon to be measured well


def times(*, rounds: int = 9) -> dict[str, Ratio]:
    """Measure what importing takes in the time of a bare Python."""
    runs = {name: _process(statement) for name, statement in _IMPORTS.items()}
    return ratios(_process("pass"), runs, rounds=rounds, clock=children_seconds)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    found = times(rounds=parser.parse_args().rounds)
    rows = ((name, f"`{_IMPORTS[name]}`", ratio) for name, ratio in found.items())
    print(table(("", "import", "÷ bare Python, CPU, median (min to max)"), rows))


def _process(statement: str) -> Callable[[], object]:
    command = [sys.executable, "-c", statement]
    # pip compiles what it installs; a checkout must be let do so too, or the compiler is what is measured.
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return lambda: [subprocess.run(command, env=environ, check=True) for _ in range(_PROCESSES)]


if __name__ == "__main__":
    main()
