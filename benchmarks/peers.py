"""Page bytes to a DataFrame: ours, and the ways in which people do it today, each written as its users write it.

All are asked for the same frame: objects as flat columns, times with their zone, nullable dtypes, lists kept, and a
column for a key that comes late. Libraries are loaded when they are used, so that each measures itself alone.
"""

from __future__ import annotations

import dataclasses
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["MODEL", "OURS", "OURS_ARROW", "PEERS", "Peer", "decode", "finish", "load_with_dlt", "peer", "workplace"]

MODEL = "LeadTableRow"
OURS, OURS_ARROW = "leadping_nb", 'leadping_nb, dtype_backend="pyarrow"'

Pages = Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Peer:
    """One way from page bytes to a frame."""

    name: str
    """What it is called in the tables."""
    frame: Callable[[Pages], pd.DataFrame]
    """Does it."""
    packages: tuple[str, ...]
    """What it needs, for the versions."""
    slow: bool = False
    """Whether it is measured on fewer rows."""

    @property
    def versions(self) -> str:
        """Its packages with their versions."""
        return ", ".join(f"{package} {version(package)}" for package in self.packages)


def decode(pages: Pages) -> None:
    """Read every page into Python objects and keep nothing: what all are divided by."""
    import orjson

    for page in pages:
        orjson.loads(page)


def finish(frame: pd.DataFrame) -> pd.DataFrame:
    """Give a frame of JSON values the dtypes that were asked for."""
    import pandas as pd

    for name in frame.columns:
        if _is_time(name):
            frame[name] = pd.to_datetime(frame[name], utc=True, format="ISO8601")
    return frame.convert_dtypes()


def load_with_dlt(source: object, folder: Path) -> pd.DataFrame:
    """Load a dlt source that has ``leads`` into DuckDB and read it back."""
    import dlt
    import orjson
    import pandas as pd

    file = folder / "leads.duckdb"
    destination = dlt.destinations.duckdb(str(file))
    pipeline = dlt.pipeline("bench", pipelines_dir=str(folder), dataset_name="api", destination=destination)
    pipeline.run(source)
    frame = _from_duckdb(file, "select * exclude (_dlt_load_id, _dlt_id) from api.leads")
    if "tags" in frame:
        lists = [orjson.loads(text) if isinstance(text, str) else None for text in frame["tags"]]
        frame["tags"] = pd.Series(lists, dtype=object)
    return frame


@contextmanager
def workplace() -> Iterator[Path]:
    """Give a folder that is gone afterwards, and keep dlt quiet and at home."""
    os.environ |= {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "CRITICAL"}
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _ours(pages: Pages) -> pd.DataFrame:
    import leadping_nb as lp

    return lp.to_frame(pages, model=MODEL)


def _ours_arrow(pages: Pages) -> pd.DataFrame:
    import leadping_nb as lp

    return lp.to_frame(pages, model=MODEL, dtype_backend="pyarrow")


def _json_normalize(pages: Pages) -> pd.DataFrame:
    import pandas as pd

    return finish(pd.json_normalize([row for page in pages for row in json.loads(page)["items"]]))


def _sdk(pages: Pages) -> pd.DataFrame:
    import pandas as pd
    from kiota_serialization_json.json_parse_node_factory import JsonParseNodeFactory
    from leadping.models.paged_result_of_lead_table_row import PagedResultOfLeadTableRow

    factory, rows = JsonParseNodeFactory(), []
    for page in pages:
        result: Any = factory.get_root_parse_node("application/json", page).get_object_value(PagedResultOfLeadTableRow)
        rows += [dataclasses.asdict(row) for row in result.items]
    return finish(pd.json_normalize(rows))


def _polars(pages: Pages) -> pd.DataFrame:
    import polars as pl

    frame = pl.read_ndjson(b"\n".join(pages), infer_schema_length=None)
    table = frame.select("items").explode("items").unnest("items").to_arrow(compat_level=pl.CompatLevel.oldest())
    return _from_arrow(table)


def _duckdb(pages: Pages) -> pd.DataFrame:
    import orjson

    with workplace() as folder:
        rows = folder / "rows.ndjson"
        with rows.open("wb") as file:  # a row a line is what its reader is made for
            file.writelines(orjson.dumps(row) + b"\n" for page in pages for row in orjson.loads(page)["items"])
        query = f"select * from read_json('{rows}', format='newline_delimited', sample_size=-1)"  # noqa: S608  # our own file
        return _from_duckdb(folder / "rows.duckdb", query)


def _dlt(pages: Pages) -> pd.DataFrame:
    with workplace() as folder:
        import dlt
        import orjson

        leads = dlt.resource(
            (orjson.loads(page)["items"] for page in pages), name="leads", columns={"tags": {"data_type": "json"}}
        )
        return load_with_dlt(leads, folder)


def _from_duckdb(path: Path, query: str) -> pd.DataFrame:
    import duckdb

    with duckdb.connect(str(path)) as database:
        return _from_arrow(database.sql(query).to_arrow_table())


def _pyarrow(pages: Pages) -> pd.DataFrame:
    return _from_arrow(_read_arrow(pages))


def _pyarrow_dtypes(pages: Pages) -> pd.DataFrame:
    import pandas as pd

    frame: pd.DataFrame = _with_times(_flat(_read_arrow(pages))).to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def _read_arrow(pages: Pages) -> pa.Table:
    """Read each page as a line of newline-delimited JSON."""
    import pyarrow as pa
    import pyarrow.json

    options = pyarrow.json.ReadOptions(block_size=2 * max(map(len, pages)))
    table = pyarrow.json.read_json(pa.BufferReader(b"\n".join(pages)), read_options=options)
    rows = [pa.RecordBatch.from_struct_array(chunk.flatten()) for chunk in table["items"].chunks]
    return pa.Table.from_batches(rows)


def _from_arrow(table: pa.Table) -> pd.DataFrame:
    import pandas as pd
    import pyarrow as pa

    dtypes = {
        pa.int64(): pd.Int64Dtype(),
        pa.bool_(): pd.BooleanDtype(),
        pa.float64(): pd.Float64Dtype(),
        pa.null(): pd.StringDtype(),
    }
    frame: pd.DataFrame = _with_times(_flat(table)).to_pandas(types_mapper=dtypes.get)
    return frame


def _flat(table: pa.Table) -> pa.Table:
    import pyarrow as pa

    while any(pa.types.is_struct(field.type) for field in table.schema):
        table = table.flatten()
    return table


def _with_times(table: pa.Table) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    for place, field in enumerate(table.schema):
        if _is_time(field.name) and (pa.types.is_string(field.type) or pa.types.is_large_string(field.type)):
            times = pc.cast(table[field.name], pa.timestamp("ns", "UTC"))
            table = table.set_column(place, field.name, times)
    return table


def _is_time(name: str) -> bool:
    return name.endswith(("At", "_at"))


PEERS: tuple[Peer, ...] = (
    Peer(OURS, _ours, ("leadping_nb",)),
    Peer(OURS_ARROW, _ours_arrow, ("leadping_nb",)),
    Peer("json.loads + json_normalize", _json_normalize, ("pandas",)),
    Peer("official SDK", _sdk, ("leadping", "microsoft-kiota-http"), slow=True),
    Peer("polars", _polars, ("polars",)),
    Peer("duckdb", _duckdb, ("duckdb",)),
    Peer("dlt", _dlt, ("dlt",), slow=True),
    Peer("pyarrow.json", _pyarrow, ("pyarrow",)),
    Peer("pyarrow.json, Arrow dtypes", _pyarrow_dtypes, ("pyarrow",)),
)
"""Everybody, ours first."""


def peer(name: str) -> Peer:
    """Give the peer of a name."""
    return next(known for known in PEERS if known.name == name)
