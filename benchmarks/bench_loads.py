"""A whole load over HTTP against a bare loop that only reads the bytes.

    python benchmarks/bench_loads.py [--rows 20000] [--rounds 7] [--only leadping_nb,polars]

Prints the wall time from the first request to the finished frame as a ratio to a bare httpx loop that reads the same
bytes, with 20 ms of server time a page, as a real network has, and with none, plain and with gzip. The server has a
process of its own, and so has each load; the cursor is the only thing that the bare loop looks for. The slow ones load
fewer rows.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import re
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx
from data import PAGE_ROWS, batch, differences
from peers import OURS, finish, load_with_dlt, peer, workplace
from rounds import Ratio, apart, ratios, table, wall_seconds
from server import PATH, serving

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LOADS", "ROWS", "SETTINGS", "SLOW_ROWS", "Load", "Setting", "times"]

ROWS, SLOW_ROWS = 20_000, 5_000
_SLOW_ROUNDS = 3
_KEY = "lp_sandbox_bench_example"
_CURSOR = re.compile(rb'"continuationToken":\s*(null|"(?:[^"\\]|\\.)*")')


@dataclass(frozen=True, slots=True)
class Setting:
    """How the server answers."""

    name: str
    """In words."""
    delay: float
    """Seconds before each page."""
    compressed: bool
    """Whether it offers gzip."""


SETTINGS = (
    Setting("20 ms a page", 0.02, False),
    Setting("20 ms a page, gzip", 0.02, True),
    Setting("0 ms a page", 0.0, False),
    Setting("0 ms a page, gzip", 0.0, True),
)
"""The ways to answer that are measured."""


@dataclass(frozen=True, slots=True)
class Load:
    """One way to load a list."""

    name: str
    """What it is called in the tables."""
    frame: Callable[[str], pd.DataFrame]
    """Loads everything from a server's address."""
    slow: bool = False
    """Whether it is measured on fewer rows."""


def read(address: str) -> Iterator[bytes]:
    """Read the pages one after another and look at nothing but the cursor: what all are divided by."""
    with httpx.Client(base_url=address, trust_env=False) as client:
        cursor: str | None = None
        while True:
            body = client.post(PATH, json={"continuationToken": cursor, "pageSize": PAGE_ROWS}).content
            yield body
            cursor = json.loads(next(_CURSOR.finditer(body))[1])
            if cursor is None:
                return


def times(
    loads: Sequence[Load], settings: Iterable[Setting] = SETTINGS, *, rows: int = ROWS, rounds: int = 7
) -> dict[str, dict[str, Ratio]]:
    """Measure loads in the time of reading their bytes, by setting and name."""
    found: dict[str, dict[str, Ratio]] = {}
    for setting in settings:
        found[setting.name] = {}
        for load in loads:
            size = (min(rows, SLOW_ROWS), min(rounds, _SLOW_ROUNDS)) if load.slow else (rows, rounds)
            found[setting.name] |= apart(_times, load.name, setting, *size)
    return found


def _times(name: str, setting: Setting, rows: int, rounds: int) -> dict[str, Ratio]:
    load = next(load for load in LOADS if load.name == name)
    with serving(rows, delay=setting.delay, compressed=setting.compressed) as address:
        runs = {name: partial(load.frame, address)}
        return ratios(lambda: deque(read(address), maxlen=0), runs, rounds=rounds, clock=wall_seconds)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="", help="parts of names, with commas")
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")  # of the others
    loads = [load for load in LOADS if any(part in load.name for part in chosen.only.split(","))]
    truth = batch(SLOW_ROWS).truth
    with serving(SLOW_ROWS) as address:
        wrong = {load.name: "; ".join(differences(load.frame(address), truth)) or "nothing" for load in loads}
    found = times(loads, rows=chosen.rows, rounds=chosen.rounds)
    head = ("from a server", *(f"{name}: load ÷ bytes, wall" for name in found), "wrong in the frame")
    rows = ((load.name, *(by_name[load.name] for by_name in found.values()), wrong[load.name]) for load in loads)
    print(table(head, rows))


def _ours(address: str) -> pd.DataFrame:
    import leadping_nb as lp

    with lp.connect(_KEY, base_url=address, rate_limit=None) as api:
        return api.frame("leads", page_size=PAGE_ROWS)


def _json_normalize(address: str) -> pd.DataFrame:
    import pandas as pd

    rows: list[dict[str, Any]] = []
    with httpx.Client(base_url=address, trust_env=False) as client:
        cursor: str | None = None
        while True:
            page = client.post(PATH, json={"continuationToken": cursor, "pageSize": PAGE_ROWS}).json()
            rows += page["items"]
            cursor = page["continuationToken"]
            if cursor is None:
                return finish(pd.json_normalize(rows))


def _sdk(address: str) -> pd.DataFrame:
    import pandas as pd
    from kiota_abstractions.authentication.anonymous_authentication_provider import AnonymousAuthenticationProvider
    from kiota_http.httpx_request_adapter import HttpxRequestAdapter
    from leadping.leadping_open_api_client import LeadpingOpenApiClient
    from leadping.models.request_data_options import RequestDataOptions

    async def load() -> list[Any]:
        adapter = HttpxRequestAdapter(AnonymousAuthenticationProvider())
        client = LeadpingOpenApiClient(adapter)
        adapter.base_url = address
        rows: list[Any] = []
        options = RequestDataOptions(page_size=PAGE_ROWS)
        while True:
            page = await client.leads.all.my.post(options)
            rows += page.items
            if not page.continuation_token:
                return rows
            options.continuation_token = page.continuation_token

    return finish(pd.json_normalize([dataclasses.asdict(row) for row in asyncio.run(load())]))


def _dlt(address: str) -> pd.DataFrame:
    with workplace() as folder:
        from dlt.sources.rest_api import rest_api_source

        pages = {"type": "cursor", "cursor_path": "continuationToken", "cursor_body_path": "continuationToken"}
        endpoint = {
            "path": PATH,
            "method": "POST",
            "json": {"continuationToken": None, "pageSize": PAGE_ROWS},
            "data_selector": "items",
            "paginator": pages,
        }
        leads: Any = {"name": "leads", "columns": {"tags": {"data_type": "json"}}, "endpoint": endpoint}
        return load_with_dlt(rest_api_source({"client": {"base_url": address}, "resources": [leads]}), folder)


def _of_bytes(name: str) -> Load:
    """Read all bytes first, then make the frame as it is made from page bytes."""
    return Load(name, partial(_read_first, name))


def _read_first(name: str, address: str) -> pd.DataFrame:
    return peer(name).frame(list(read(address)))


LOADS: tuple[Load, ...] = (
    Load(OURS, _ours),
    Load("json.loads + json_normalize", _json_normalize),
    Load("official SDK", _sdk, slow=True),
    _of_bytes("polars"),
    _of_bytes("duckdb"),
    Load("dlt", _dlt, slow=True),
    _of_bytes("pyarrow.json"),
)
"""Everybody, ours first, by the names of the peers."""


if __name__ == "__main__":
    main()
