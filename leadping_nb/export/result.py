"""What an export made, and the dataset as a table of Dask."""

from __future__ import annotations

import html
import json
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds

from leadping_nb.arguments import path, told
from leadping_nb.errors import IncompleteFrameWarning, LeadpingError
from leadping_nb.export.manifest import MANIFEST, Manifest
from leadping_nb.export.schema import is_json
from leadping_nb.frames.display import show_incomplete
from leadping_nb.frames.passport import counted

if TYPE_CHECKING:
    import dask.dataframe as dd

__all__ = ["Export", "to_dask"]

_DTYPES: dict[pa.DataType, Any] = {
    pa.string(): pd.StringDtype(na_value=np.nan),
    pa.int64(): pd.Int64Dtype(),
    pa.uint64(): pd.UInt64Dtype(),
    pa.float64(): pd.Float64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
}


@dataclass(frozen=True, slots=True)
class Export:
    """A dataset on the disk: what it holds and whether that is all. A path wherever one is taken.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import leadping_nb as lp
    >>> with TemporaryDirectory() as folder, lp.Sandbox(leads=500) as sandbox, lp.connect(sandbox) as api:
    ...     print(api.export("sources", f"{folder}/sources").complete)
    True
    """

    folder: Path
    """Where the files are."""
    _manifest: Manifest = field(repr=False)

    @property
    def passport(self) -> dict[str, Any]:
        """Where the rows came from, as the ``attrs["leadping"]`` of a frame."""
        return asdict(self._manifest.passport)

    @property
    def files(self) -> tuple[Path, ...]:
        """The files, in order."""
        return tuple(self.folder / part.name for part in self._manifest.parts)

    @property
    def rows(self) -> int:
        """How many rows they hold."""
        return self._manifest.passport.rows

    @property
    def complete(self) -> bool:
        """Whether that is all there was."""
        return self._manifest.passport.complete

    @property
    def reason(self) -> str | None:
        """Why it is not complete; None if it is."""
        return self._manifest.passport.reason

    def frame(self) -> pd.DataFrame:
        """Read it all into a DataFrame, with the dtypes and the passport of `Api.frame`; it must fit into memory.

        Raises
        ------
        LeadpingError
            If a file is missing or damaged.
        """
        files = self._manifest.files(self.folder)
        try:
            table = ds.dataset([str(path) for path in files]).to_table()
        except (OSError, pa.ArrowInvalid) as error:
            raise LeadpingError(
                f"A file in {self.folder} is damaged.", hint="Put it back from a copy, or export into another folder."
            ) from error
        series = {column.name: _series(table[column.name], column) for column in table.schema}
        frame = pd.DataFrame(series, index=pd.RangeIndex(len(table)))
        frame.attrs["leadping"] = self.passport
        show_incomplete()
        return frame

    def __fspath__(self) -> str:
        return fspath(self.folder)

    def __str__(self) -> str:
        return f"{self.folder}: {self._manifest.passport.line[:-1]}; {counted(len(self.files), 'file')}."

    def _repr_html_(self) -> str:
        passport = self._manifest.passport
        whole = "yes" if passport.complete else f"<strong>no</strong>: {html.escape(str(passport.reason))}"
        facts = {
            "folder": html.escape(str(self.folder)),
            "rows": f"{passport.rows:,}",
            "files": f"{len(self.files):,}",
            "complete": whole,
            "operation": html.escape(passport.operation),
            "options": html.escape(json.dumps(passport.options)),
            "notes": "<br>".join(map(html.escape, passport.notes)) or "none",
        }
        rows = "".join(
            f'<tr><th style="text-align:left">{name}</th><td>{text}</td></tr>' for name, text in facts.items()
        )
        return f"<table><caption>Export</caption><tbody>{rows}</tbody></table>"


def to_dask(folder: str | PathLike[str]) -> dd.DataFrame:
    """Open an export as a DataFrame of Dask, one partition a file or more.

    Parameters
    ----------
    folder
        The folder of an export, or the `Export` itself.

    Raises
    ------
    LeadpingError
        If Dask is not installed, the folder holds no export, or a file of it is missing.
    """
    place = path("folder", folder)
    manifest = Manifest.read(place)
    if manifest is None or not manifest.parts:
        raise LeadpingError(f"{told(fspath(folder))} has no {MANIFEST}.", hint="Give the folder that api.export wrote.")
    try:
        import dask.dataframe as dd
    except ImportError as error:
        raise LeadpingError("Dask is not installed.", hint='Run: pip install "leadping-nb[dask]"') from error
    if not manifest.passport.complete:
        warnings.warn(f"{manifest.passport.reason} The folder holds what came.", IncompleteFrameWarning, stacklevel=2)
    files = [fspath(file) for file in manifest.files(place)]  # not the folder: a file of it may not count
    opened: dd.DataFrame = dd.read_parquet(files, dtype_backend="pyarrow")
    return opened


def _series(values: pa.ChunkedArray, column: pa.Field) -> pd.Series:
    if is_json(column):
        return _objects(values, json.loads)
    if pa.types.is_decimal(values.type):
        return pd.Series(values, dtype=pd.ArrowDtype(values.type))
    if pa.types.is_temporal(values.type):
        instants = values.cast(pa.timestamp("s")) if pa.types.is_date(values.type) else values
        return pd.Series(instants.to_pandas(), copy=False)
    if values.type in _DTYPES:
        return pd.Series(_DTYPES[values.type].__from_arrow__(values), copy=False)
    return _objects(values, lambda value: value)


def _objects(values: pa.ChunkedArray, read: Callable[[Any], Any]) -> pd.Series:
    return pd.Series([None if value is None else read(value) for value in values.to_pylist()], dtype=object)
