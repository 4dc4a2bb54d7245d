"""Exporting a list: pages are read and written while the next one is on its way, and what was written is never lost."""

from __future__ import annotations

import errno
import os
import warnings
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from leadping_nb.arguments import PROGRESS, demand, path, whole
from leadping_nb.contracts import row_columns
from leadping_nb.durable import held, make_folder
from leadping_nb.errors import IncompleteFrameWarning, LeadpingError
from leadping_nb.export.manifest import Manifest, unreadable
from leadping_nb.export.parts import Parts
from leadping_nb.export.result import Export
from leadping_nb.export.tables import empty_table, table_of
from leadping_nb.frames import Passport
from leadping_nb.frames.blocks import Block, BlockReader
from leadping_nb.frames.passport import counted
from leadping_nb.list_options import Query
from leadping_nb.loads import asked_for, explained, walk
from leadping_nb.pages import Page
from leadping_nb.progress import Progress, progress as progress_of
from leadping_nb.resources import Resource, find_resource
from leadping_nb.session.http import Session

__all__ = ["export"]

_MOST_WAITING = 4
"""How many pages may wait to be read; a server that is faster than that waits for us."""
_BATCH_ROWS = 10_000
"""How many rows become a table together."""
_DOUBLE = "came twice, by id; the first one was kept."
_UNFINISHED = "It has not ended yet, or was ended from outside."

_AGAIN = "lp.connect(new).export(…)"


def export(
    session: Session,
    name: str,
    folder: str | Path,
    query: Query,
    *,
    rows_per_file: int = 100_000,
    progress: bool | Progress | None = None,
) -> Export:
    """Write a list as a Parquet dataset, or go on with one that did not end.

    Parameters
    ----------
    session
        What asks.
    name
        The short name of the list.
    folder
        Where the files go; made when the first rows came.
    query
        What to ask for.
    rows_per_file
        How many rows a file has, rounded up to whole pages; they are held in memory until it is written.
    progress
        Whether to show the progress; where somebody looks, unless told.

    Raises
    ------
    LeadpingError
        If the folder holds something else, the first page of a new export fails, a column does not fit what was
        written, or the disk does not take a file. What was written before counts, and the next call goes on from it.
    """
    rows_per_file = whole("rows_per_file", rows_per_file, least=1, hint="It is the number of rows a file.")
    demand(PROGRESS, progress=progress)
    place = path("folder", folder)
    resource = find_resource(session.contract, name)
    with progress_of(progress) as shown, ExitStack() as stack:
        return _Exporting(session, resource, place, query, rows_per_file, shown, stack).run()


class _Exporting:
    """One call: this thread fetches pages, another one reads and writes them."""

    def __init__(
        self,
        session: Session,
        resource: Resource,
        folder: Path,
        query: Query,
        rows_per_file: int,
        shown: Progress,
        stack: ExitStack,
    ) -> None:
        self._session = session
        self._resource = resource
        self._folder = folder
        self._query = query
        self._rows_per_file = rows_per_file
        self._shown = shown
        self._stack = stack
        self._is_held = False
        self._fields = row_columns(resource.operation, session.contract)
        self._reader = BlockReader(self._fields)
        self._read: list[tuple[Block, Page]] = []
        """Pages that are no table yet."""
        self._fitted: list[Page] = []
        """Pages whose rows wait for the next file."""
        self._totals: list[int] = []
        self._pages = 0
        """How many pages came in this call."""
        self._failure: LeadpingError | KeyboardInterrupt | None = None
        self._is_broken = False
        """Whether a write failed, so that what is in memory and what is on the disk may differ."""
        self._is_unfit = False
        """Whether the failure is of rows that the files cannot hold."""

    def run(self) -> Export:
        """Export to the end, or to what goes wrong."""
        name = self._resource.name
        try:
            self._manifest = self._opened()
        except OSError as error:
            raise unreadable(self._folder, error) from error
        passport = self._passport = self._manifest.passport
        self._shown.begin(name)
        if not passport.complete:
            self._parts = Parts(
                self._folder, empty_table(self._fields, self._session.contract.models).schema, self._manifest.parts
            )
            with self._disk():
                if self._is_held:
                    self._parts.clean()
                if passport.can_go_on:
                    self._fetch()
                if self._failure is not None and not self._pages and not self._manifest.parts:
                    raise self._failure
                self._finish()
        self._shown.end(name, f"{name}: {passport.line}")
        result = Export(self._folder, self._manifest)
        if not passport.complete:
            on = "; the same call goes on." if passport.can_go_on else "."
            warnings.warn(
                f"{name}: {passport.reason} The folder holds what came{on}",
                IncompleteFrameWarning,
                stacklevel=4,
            )
        return result

    def _opened(self) -> Manifest:
        """Give the manifest of the folder, or a new one that is not written yet."""
        session, operation = self._session, self._resource.operation
        options = asked_for(self._query)
        if self._folder.is_dir():
            self._hold()
            manifest = Manifest.read(self._folder)
            if manifest is not None:
                manifest.demand(operation.id, options, session.contract.revision)
                return manifest
        if self._folder.exists() and (not self._folder.is_dir() or self._has_others()):
            raise LeadpingError(
                f"{self._folder} is there already and holds no export.", hint="Name a new folder or an empty one."
            )
        nearest = next(place for place in (self._folder, *self._folder.parents) if place.exists())
        if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
            raise LeadpingError(
                f"{self._folder} cannot be written: {nearest} takes no files, and nothing was asked for.",
                hint="See to who may write there, or name another folder.",
            )
        key_type = session.credential.key_type.value if session.credential else None
        now = datetime.fromtimestamp(session.now(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return Manifest(Passport(operation.id, options, session.contract.revision, key_type, now, reason=_UNFINISHED))

    def _has_others(self) -> bool:
        """Whether files are there that readers of Parquet would take along; they pass over hidden ones."""
        return any(not entry.name.startswith(".") for entry in self._folder.iterdir())

    def _hold(self) -> None:
        if not self._is_held:
            self._stack.enter_context(held(self._folder, "export"))
            self._is_held = True

    def _fetch(self) -> None:
        waiting: list[Future[None]] = []
        passport = self._passport
        failure: LeadpingError | KeyboardInterrupt | None = None
        with ThreadPoolExecutor(1, thread_name_prefix="leadping-writer") as worker:
            try:
                for page in walk(
                    self._session,
                    self._resource,
                    self._query,
                    self._shown,
                    cursor=passport.cursor,
                    number=passport.pages + 1,
                ):
                    waiting.append(worker.submit(self._take, page))
                    while waiting and (len(waiting) > _MOST_WAITING or waiting[0].done()):
                        waiting[0].result()
                        del waiting[0]
                    if self._failure is not None:
                        break
                    self._show(page.total)
            except (LeadpingError, KeyboardInterrupt) as error:
                failure = error
            for future in waiting:
                future.result()
        self._failure = self._failure or failure
        self._show(passport.total)

    def _take(self, page: Page) -> None:
        """Read a page, and write a file if it is full; after a failure pages are left for the next call."""
        if self._failure is not None or self._is_broken:
            return
        try:
            self._read.append((self._reader.read(page.body), page))
            self._pages += 1
            rows = sum(block.rows for block, _ in self._read)
            if rows >= min(_BATCH_ROWS, self._rows_per_file - self._parts.waiting):
                self._fit()
            if self._parts.waiting >= self._rows_per_file:
                self._write()
        except LeadpingError as error:
            self._failure = error
        except BaseException:
            self._is_broken = True
            raise

    def _fit(self) -> None:
        """Make a table of the pages that were read, and let it wait for the next file."""
        read, self._read = self._read, []
        table, notes = table_of([block for block, _ in read], self._reader.shape, self._fields, self._parts.as_json)
        try:
            self._passport.dropped += self._parts.add(table)
        except LeadpingError:
            self._is_unfit = True
            raise
        self._fitted += [page for _, page in read]
        for note in (*notes, *(page.note for _, page in read if page.note)):
            if _topic(note) not in map(_topic, self._passport.notes):
                self._passport.notes.append(note)

    def _write(self) -> None:
        """Write the rows that wait, then the manifest that counts them."""
        passport = self._passport
        if not self._is_held:
            make_folder(self._folder)
            self._hold()
            self._parts.clean()
            self._manifest.write(self._folder)  # so that whatever is found here is known to be ours
        passport.rows += self._parts.write()
        totals = [page.total for page in self._fitted if page.total is not None]
        self._totals += totals
        passport.total = totals[-1] if totals else passport.total
        passport.pages += len(self._fitted)
        if self._fitted:
            passport.cursor = self._fitted[-1].cursor
        self._fitted = []
        self._manifest.write(self._folder)

    def _finish(self) -> None:
        """Write what came, make all files alike, and say whether that is all."""
        passport = self._passport
        try:
            if self._read:
                self._fit()
        except LeadpingError as error:
            self._failure = error
        known = [passport.total] if passport.total is not None else []
        self._write()
        self._parts.align()
        self._conclude([*known, *self._totals])
        self._manifest.write(self._folder)
        if self._failure is not None and self._is_unfit:
            raise self._failure

    def _conclude(self, totals: list[int]) -> None:
        passport, session = self._passport, self._session
        so_far = f"after {counted(passport.rows, 'row')} in {counted(passport.pages, 'page')}"
        if session.credential is not None:
            passport.key_type = session.credential.key_type.value
        if isinstance(self._failure, KeyboardInterrupt):
            passport.reason = f"It was interrupted {so_far}."
        elif self._failure is not None:
            passport.reason = f"The export stopped {so_far}: {explained(self._failure, session, _AGAIN)}"
        elif totals and not min(totals) <= passport.rows <= max(totals):
            passport.reason = f"The server counts {passport.total:,} rows and gave {passport.rows:,}."
        else:
            passport.complete, passport.reason = True, None
        passport.notes = [note for note in passport.notes if not note.endswith(_DOUBLE)]
        if passport.dropped:
            passport.notes.append(f"{counted(passport.dropped, 'row')} {_DOUBLE}")

    def _show(self, total: int | None) -> None:
        passport = self._passport
        self._shown.advance(
            self._resource.name,
            rows=passport.rows + self._parts.waiting + sum(block.rows for block, _ in list(self._read)),
            pages=passport.pages + len(self._fitted) + len(self._read),
            total=passport.total if total is None else total,
        )

    @contextmanager
    def _disk(self) -> Iterator[None]:
        """Say of a disk that fails how much is safe."""
        try:
            yield
        except OSError as error:
            is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            what = "The disk is full" if is_full else f"A file could not be written ({error.strerror or error})"
            found = Manifest.read(self._folder)
            rows = counted(found.passport.rows if found else 0, "row")
            files = counted(len(found.parts) if found else 0, "file")
            do = "Make room there" if is_full else "See to the disk"
            raise LeadpingError(
                f"{what}: {rows} in {files} of {self._folder} are safe.",
                hint=f"{do}, then call export again; it goes on from there.",
            ) from error


def _topic(note: str) -> str:
    """Give what a note is about, so that each column has one of each kind, and not one a page."""
    return note.partition(":")[0]
