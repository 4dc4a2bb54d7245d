"""One walk over the pages of a list: each is read while the next one is on its way, and what came is never lost."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from leadping_nb.contracts import Contract, Operation, row_columns
from leadping_nb.errors import IncompleteFrameWarning, LeadpingError
from leadping_nb.frames.blocks import Block, BlockReader
from leadping_nb.frames.packing import Backend
from leadping_nb.frames.passport import Passport
from leadping_nb.frames.shapes import Shape
from leadping_nb.pages import Page
from leadping_nb.progress import Progress

__all__ = ["Fetched", "Fetching", "Load", "OnError", "Walk", "rows_of"]

OnError = Literal["warn", "raise", "keep"]

Walk = Callable[[Callable[[], int], Callable[[], None]], Iterator[Page]]
"""Gives the pages of a list; is given a function that tells how many rows came so far, and one to be called when a
request has left."""


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


@dataclass(slots=True)
class Fetched:
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


class Fetching:
    """One walk: each page is read by the thread that fetches, while the next one is on its way.

    A thread of its own would hold Python's lock whenever the network needs it.
    """

    def __init__(self, load: Load, passport: Passport, walk: Walk) -> None:
        self._reader = BlockReader.of_frame(load.columns, load.backend)
        self._fetched = Fetched(self._reader.shape, passport.skip, end=passport.cursor)
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

    def finish(self) -> Fetched:
        """Read what was fetched last, and say where to go on."""
        fetched = self._fetched
        self._read()
        fetched.failure = self._unreadable or fetched.failure  # that page came before whatever else went wrong
        fetched.came = sum(map(rows_of, fetched.pages))  # Ctrl-C may have come between a page and its count
        if len(fetched.pages) < len(fetched.starts):
            fetched.end = fetched.starts[len(fetched.pages)]
        elif fetched.end is not None and fetched.end in fetched.starts:  # it leads back: the last page gives it anew
            fetched.end, fetched.again = fetched.starts[-1], rows_of(fetched.pages[-1])
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
            self._fetched.came += rows_of(pages[-1])

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


def rows_of(page: list[Block]) -> int:
    """Give how many rows a page has."""
    return sum(block.rows for block in page)
