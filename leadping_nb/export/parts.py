"""The files of an export: rows that wait for the next one, and a schema that grows without changing a value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from leadping_nb.durable import partials, write_durably
from leadping_nb.errors import LeadpingError
from leadping_nb.export.manifest import Part, damaged
from leadping_nb.export.schema import canonical, converted, is_alike, is_json, json_field, widened, words
from leadping_nb.export.seen import Seen

__all__ = ["Parts"]

_NAME = "part-{:05}.parquet"
_GLOB = "part-[0-9][0-9][0-9][0-9][0-9]*.parquet"


class Parts:
    """The files of a folder, to which rows are added.

    Parameters
    ----------
    folder
        Where they are.
    schema
        The columns that are there whatever comes.
    parts
        The files that count, in order; the list grows as files are written.

    Raises
    ------
    LeadpingError
        If a file that counts is missing or is none of Parquet.
    """

    def __init__(self, folder: Path, schema: pa.Schema, parts: list[Part]) -> None:
        self._folder = folder
        self._parts = parts
        self._waiting: list[pa.Table] = []
        self._seen = Seen()
        self._schema = self._stored(parts[0]) if parts else schema  # the first has every column, see `align`
        for part in parts:
            if _has_ids(self._stored(part)):
                self._seen.news(self._read(part, ["id"])["id"])

    @property
    def waiting(self) -> int:
        """How many rows wait for the next file."""
        return sum(len(table) for table in self._waiting)

    @property
    def as_json(self) -> frozenset[str]:
        """The columns that are JSON text."""
        return frozenset(column.name for column in self._schema if is_json(column))

    def clean(self) -> None:
        """Remove what does not count: what was being written, and files that no manifest names."""
        named = {part.name for part in self._parts}
        for path in (*partials(self._folder), *self._folder.glob(_GLOB)):
            if path.name not in named:
                path.unlink()

    def add(self, table: pa.Table) -> int:
        """Let rows wait for the next file; give the number of those that were left out, because their ids came before.

        Raises
        ------
        LeadpingError
            If a column holds what those that were written cannot; nothing is added then.
        """
        schema = self._grown(table)
        is_new = self._seen.news(table["id"]) if _has_ids(table.schema) else None
        fresh = table if is_new is None or is_new.all() else table.filter(pa.array(is_new))
        if schema is not self._schema:
            self._waiting = [_conformed(waiting, schema) for waiting in self._waiting]
            self._schema = schema
        self._waiting.append(_conformed(fresh, schema))
        return len(table) - len(fresh)

    def write(self) -> int:
        """Write the rows that wait as one file, durably; give their number. A folder without files gets one always."""
        rows = self.waiting
        if not rows and self._parts:
            return 0
        part = Part(_NAME.format(len(self._parts)), rows)
        self._put(part, pa.concat_tables([self._schema.empty_table(), *self._waiting]))
        self._waiting = []
        self._parts.append(part)
        self.align(self._parts[:1])
        return rows

    def align(self, parts: Iterable[Part] | None = None) -> None:
        """Write files anew that lack columns which came later; all of them unless told.

        The first file gives many readers the schema of all.
        """
        for part in self._parts if parts is None else parts:
            if not is_alike(self._stored(part), self._schema):
                self._put(part, _conformed(self._read(part), self._schema))

    def _grown(self, table: pa.Table) -> pa.Schema:
        """Give the schema that holds a table as well."""
        columns: dict[str, pa.Field] = {column.name: column for column in self._schema}
        for column in table.schema:
            known = columns.get(column.name)
            if known is None:
                columns[column.name] = column
            elif table[column.name].null_count < len(table) and not is_json(known):
                columns[column.name] = self._settled(known, column, table)
        schema = pa.schema(list(columns.values()))
        return self._schema if is_alike(schema, self._schema) else schema

    def _settled(self, known: pa.Field, new: pa.Field, table: pa.Table) -> pa.Field:
        """Give the column that holds the values of both; those that were not written yet can become JSON text."""
        name = known.name
        type_ = None if is_json(new) else widened(known.type, new.type)
        if type_ == known.type and _fits([table], new, known):
            return known
        wider = [] if type_ is None else [pa.field(name, type_)]
        for wanted in (*wider, new, json_field(name)):
            if not _fits([table], new, wanted) or not _fits(self._waiting, known, wanted):
                continue
            if not all(_can_stay(written, wanted) for written in self._written(name)):
                raise LeadpingError(
                    f"{name}: the files so far hold {words(known)}, and what comes now is {words(new)}.",
                    hint="The files stay as they are. Tell support that the column changed; a new export whose first "
                    "file holds both (rows_per_file) writes it as JSON text.",
                )
            return wanted
        raise AssertionError("JSON text holds everything.")

    def _written(self, name: str) -> Iterator[pa.Table]:
        for part in self._parts:
            if name in self._stored(part).names:
                yield self._read(part, [name])

    def _stored(self, part: Part) -> pa.Schema:
        with self._open(part) as file:
            return canonical(file.schema_arrow)

    def _read(self, part: Part, columns: Sequence[str] | None = None) -> pa.Table:
        with self._open(part) as file:
            table = file.read(columns=columns)
        return table.cast(canonical(table.schema))

    @contextmanager
    def _open(self, part: Part) -> Iterator[pq.ParquetFile]:
        try:
            with pq.ParquetFile(self._folder / part.name) as file:
                yield file
        except (OSError, pa.ArrowInvalid) as error:  # a damaged page is an OSError too
            raise damaged(part) from error

    def _put(self, part: Part, table: pa.Table) -> None:
        write_durably(
            self._folder / part.name, lambda file: pq.write_table(table, file, compression="zstd", version="2.6")
        )


def _has_ids(schema: pa.Schema) -> bool:
    """Whether rows have something to know them by; a list is none, as in a frame."""
    return "id" in schema.names and not pa.types.is_nested(schema.field("id").type)


def _can_stay(written: pa.Table, wanted: pa.Field) -> bool:
    """Whether the values of a file can be those of another column; they do not become JSON text any more."""
    column = written.schema.field(wanted.name)
    if is_json(wanted) and not is_json(column):
        return bool(written[wanted.name].null_count == len(written))
    return _fits([written], column, wanted)


def _fits(tables: Iterable[pa.Table], column: pa.Field, wanted: pa.Field) -> bool:
    try:
        for table in tables:
            converted(table[wanted.name], column, wanted)
    except pa.ArrowInvalid:
        return False
    return True


def _conformed(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Give a table the columns of a schema that holds it."""
    columns = [
        converted(table[wanted.name], table.schema.field(wanted.name), wanted)
        if wanted.name in table.column_names
        else pa.nulls(len(table), wanted.type)
        for wanted in schema
    ]
    return pa.table(columns, schema)
