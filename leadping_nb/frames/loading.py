"""Loading a list into a frame: a page is read while the next one is on its way, and what came is never lost."""

from __future__ import annotations

import signal
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import chain
from typing import Any, Literal

import pandas as pd

from leadping_nb.contracts import Contract, Operation, row_columns
from leadping_nb.errors import IncompleteFrameWarning, LeadpingError, PagingError
from leadping_nb.frames.assembly import assemble
from leadping_nb.frames.blocks import Block, BlockReader
from leadping_nb.frames.collector import collector_eased
from leadping_nb.frames.columns import AS_OBJECT
from leadping_nb.frames.display import show_incomplete
from leadping_nb.frames.joining import distinct, taken_apart
from leadping_nb.frames.packing import TEXT, Backend
from leadping_nb.frames.passport import Passport, counted
from leadping_nb.frames.shapes import Shape
from leadping_nb.pages import Page
from leadping_nb.progress import Progress

__all__ = ["Load", "OnError", "Sift", "Walk", "load_frame", "uninterrupted"]

OnError = Literal["warn", "raise", "keep"]

Walk = Callable[[Callable[[], int], Callable[[], None]], Iterator[Page]]
"""Gives the pages of a list; is given a function that tells how many rows came so far, and one to be called when a
request has left."""

Sift = Callable[[pd.DataFrame], tuple[pd.DataFrame, list[str]]]
"""Leaves out of a frame what is known; gives the rest, with notes."""


@dataclass(frozen=True, slots=True)
class Load:
    """What is loaded, and how."""

    name: str
    """The resource's name."""
    operation: Operation
    """The list."""
    contract: Contract
    """Whose models give the dtypes."""
    backend: Backend = "numpy_nullable"
    """Whose dtypes the frame has."""
    limit: int | None = None
    """The most rows."""
    on_error: OnError = "warn"
    """``warn`` and give what came; ``raise`` with it in ``error.frame``; ``keep`` also where no page came."""
    progress: Progress = field(default_factory=Progress)
    """Where the progress is shown."""
    stop: threading.Event = field(default_factory=threading.Event)
    """Ends the load after the page that is on its way."""
    explain: Callable[[LeadpingError], str] = lambda error: error.message
    """Gives an error in words, such as when the token died."""
    warn: Callable[[str], None] = lambda sentence: warnings.warn(sentence, IncompleteFrameWarning, stacklevel=4)
    """Is told in a sentence that the frame is not whole."""

    @property
    def columns(self) -> Mapping[str, Any]:
        """The flat columns that the model promises."""
        return row_columns(self.operation, self.contract)


def load_frame(
    load: Load,
    walk: Walk,
    passport: Passport,
    *,
    before: pd.DataFrame | None = None,
    sift: Sift | None = None,
) -> pd.DataFrame:
    """Load pages into a frame with a passport; rows that came are never thrown away.

    Parameters
    ----------
    load
        What is loaded.
    walk
        Gives the pages.
    passport
        Where the load begins; it is brought up to date and goes with the frame.
    before
        The frame that is gone on from.
    sift
        Leaves out what is known.

    Raises
    ------
    LeadpingError
        If the first page fails; or a later one, or the count disagrees, with ``on_error="raise"``.
    KeyboardInterrupt
        If it was interrupted before the first page came, or with ``on_error="raise"``.
    """
    load.progress.begin(load.name)
    fetching = _Fetching(load, passport, walk)
    with collector_eased():
        fetching.fetch()
        with uninterrupted():
            fetched = fetching.finish()
            failure = fetched.failure
            if failure is not None and not fetched.pages and before is None and load.on_error != "keep":
                load.progress.end(load.name, f"{load.name}: nothing was loaded.")
                raise failure
            whole = _whole(load, passport, fetched, before, sift)
    if failure is None and not (passport.complete or passport.can_go_on):
        failure = PagingError(
            str(passport.reason), hint="Load it again; if it stays so, tell support which list it is."
        )
    if failure is not None:
        if load.on_error == "raise":
            failure.frame = whole  # type: ignore[union-attr]  # a KeyboardInterrupt carries it as well
            raise failure
        load.warn(f"{load.name}: {passport.reason} The frame holds what came.")
    return whole


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let no Ctrl-C through while what came is put together; it strikes in the main thread alone."""
    handler = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or handler is None:
        yield
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)


def _whole(
    load: Load, passport: Passport, fetched: _Fetched, before: pd.DataFrame | None, sift: Sift | None
) -> pd.DataFrame:
    """Put together what came, with what was there before, and end the load."""
    _stamp(passport, fetched, load.limit)
    blocks, shape, start = [*chain.from_iterable(fetched.pages)], fetched.shape, 0
    if before is not None:
        earlier, shape = taken_apart(before, shape, load.columns, TEXT[load.backend])
        blocks, start = [*earlier, *blocks], len(before)
    frame, notes = assemble(blocks, shape, load.columns, load.backend, models=load.contract.models)
    passport.notes = _noted(passport.notes, [*fetched.notes, *notes])
    if load.limit is not None:
        frame = frame.iloc[: start + fetched.first + load.limit]
    if fetched.first:
        frame = frame.drop(index=frame.index[start : start + fetched.first])
    whole, dropped, changed = distinct(frame)
    if dropped:
        differed = f", {changed:,} of them changed" if changed else ""
        passport.notes.append(f"{counted(dropped, 'row')} came twice, by id{differed}; the later one was kept.")
    passport.dropped += dropped
    came = len(whole)
    if sift is not None:
        whole, more = sift(whole)
        passport.notes += more
    passport.known += came - len(whole)
    _conclude(passport, len(whole), fetched, load)
    whole.attrs = {"leadping": asdict(passport)}
    show_incomplete()
    load.progress.end(load.name, f"{load.name}: {passport.line}")
    return whole


@dataclass(slots=True)
class _Fetched:
    """What came of one walk."""

    shape: Shape
    first: int
    """How many rows of the first page are known already."""
    pages: list[list[Block]] = field(default_factory=list)
    """What was read, by page."""
    starts: list[str | None] = field(default_factory=list)
    """The cursor that each page was asked for with."""
    end: str | None = None
    """The cursor of what would come next."""
    again: int = 0
    """How many rows of the page at that cursor came already."""
    totals: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failure: LeadpingError | KeyboardInterrupt | None = None

    came: int = 0
    """How many rows the pages have."""

    @property
    def rows(self) -> int:
        """How many rows are new."""
        return max(0, self.came - self.first)


class _Fetching:
    """One walk: each page is read by the thread that fetches, while the next one is on its way.

    A thread of its own would hold Python's lock whenever the network needs it.
    """

    def __init__(self, load: Load, passport: Passport, walk: Walk) -> None:
        self._reader = BlockReader.of_frame(load.columns, load.backend)
        self._fetched = _Fetched(self._reader.shape, passport.skip, end=passport.cursor)
        self._bodies: list[bytes] = []
        self._unreadable: LeadpingError | None = None
        self._load = load
        self._passport = passport
        self._walk = walk

    def fetch(self) -> None:
        """Fetch to the end, or to what goes wrong."""
        try:
            for page in self._walk(self._counted, self._read):
                self._read()
                if self._unreadable is not None:
                    break
                self._note(page)  # first, so that Ctrl-C at any place between leaves a page to be asked for again
                self._bodies.append(page.body)
                self._show()
                if self._load.stop.is_set():
                    raise KeyboardInterrupt
        except (LeadpingError, KeyboardInterrupt) as error:
            self._fetched.failure = error

    def finish(self) -> _Fetched:
        """Read what was fetched last, and say where to go on."""
        fetched = self._fetched
        self._read()
        fetched.failure = self._unreadable or fetched.failure  # that page came before whatever else went wrong
        fetched.came = sum(map(_rows, fetched.pages))  # Ctrl-C may have come between a page and its count
        if len(fetched.pages) < len(fetched.starts):
            fetched.end = fetched.starts[len(fetched.pages)]
        elif fetched.end is not None and fetched.end in fetched.starts:  # it leads back: the last page gives it anew
            fetched.end, fetched.again = fetched.starts[-1], _rows(fetched.pages[-1])
        self._show()
        return fetched

    def _note(self, page: Page) -> None:
        fetched = self._fetched
        fetched.starts.append(fetched.end)
        fetched.end = page.cursor
        if page.total is not None:
            fetched.totals.append(page.total)
        if page.note and page.note not in fetched.notes:
            fetched.notes.append(page.note)

    def _read(self) -> None:
        """Read the pages that came; each stays until its blocks are there, whenever Ctrl-C strikes."""
        pages, bodies = self._fetched.pages, self._bodies
        while self._unreadable is None and len(pages) < len(bodies):
            try:
                pages.append(self._reader.read_page(bodies[len(pages)]))
            except LeadpingError as error:
                self._unreadable = error
                return
            bodies[len(pages) - 1] = b""
            self._fetched.came += _rows(pages[-1])

    def _counted(self) -> int:
        self._read()
        return self._fetched.rows

    def _show(self) -> None:
        self._load.progress.advance(
            self._load.name,
            rows=self._passport.rows + self._fetched.rows,
            pages=self._passport.pages + len(self._fetched.pages),
            total=self._fetched.totals[-1] if self._fetched.totals else self._passport.total,
        )


def _stamp(passport: Passport, fetched: _Fetched, limit: int | None) -> None:
    """Say where to go on: within a page, if that holds more rows than were wanted."""
    passport.pages += len(fetched.pages)
    passport.cursor, passport.skip = fetched.end, fetched.again or max(0, fetched.first - fetched.came)
    if limit is None or fetched.rows <= limit:
        return
    left = fetched.first + limit
    for start, page in zip(fetched.starts, fetched.pages, strict=False):
        if left < _rows(page):
            passport.cursor, passport.skip = start, left
            return
        left -= _rows(page)


def _rows(page: list[Block]) -> int:
    return sum(block.rows for block in page)


def _noted(before: list[str], now: list[str]) -> list[str]:
    """Add notes to those of the frame that is gone on from; why a column is object is said once, of all its values."""
    kept = [note for note in before if not note.endswith(AS_OBJECT)]
    columns = {note.partition(": ")[0] for note in kept}
    fresh = [note for note in now if not note.endswith(AS_OBJECT) or note.partition(": ")[0] not in columns]
    return [*kept, *(note for note in fresh if note not in kept)]


def _conclude(passport: Passport, rows: int, fetched: _Fetched, load: Load) -> None:
    passport.rows = rows
    totals = [total for total in (passport.total, *fetched.totals) if total is not None]
    passport.total = totals[-1] if totals else None
    passport.complete = False
    if fetched.failure is not None:
        passport.reason = _reason(passport, fetched.failure, load)
    elif load.limit is not None and fetched.rows >= load.limit and (passport.cursor or passport.skip):
        of = f" of {passport.total:,}" if passport.total is not None else ""
        passport.reason = f"It was limited to {rows:,}{of} rows."
    elif totals and not min(totals) <= rows + passport.known <= max(totals):
        passport.reason = f"The server counts {passport.total:,} rows and gave {rows + passport.known:,}."
    else:
        passport.complete, passport.reason = True, None
    if len(set(totals)) > 1:
        passport.notes.append(f"The list changed while it was loaded: from {totals[0]:,} to {totals[-1]:,} rows.")


def _reason(passport: Passport, failure: LeadpingError | KeyboardInterrupt, load: Load) -> str:
    so_far = f"after {counted(passport.rows, 'row')} in {counted(passport.pages, 'page')}"
    if isinstance(failure, KeyboardInterrupt):
        return f"It was interrupted {so_far}."
    return f"The load stopped {so_far}: {load.explain(failure)}"
