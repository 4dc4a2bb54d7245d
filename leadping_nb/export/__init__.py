"""Lists of any size as Parquet datasets: written file by file, durable at every moment, resumable."""

from leadping_nb.export.exporting import export
from leadping_nb.export.result import Export, to_dask

__all__ = ["Export", "export", "to_dask"]
