"""How far a load has come: rows, pages, rate, waits and the time left, and one line that stays.

A notebook gets one display that is updated in place, a terminal rows that are drawn anew, and anything else
nothing. Whatever was drawn on the way goes away at the end: what is kept is the line that each load ended with.
"""

from __future__ import annotations

import contextvars
import html
import math
import sys
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["Progress", "progress"]

_INTERVAL = 0.2
"""The least seconds between two updates of a display."""
_GRID = (
    "display:grid;grid-template-columns:max-content 12em 1fr;gap:2px 12px;align-items:center;"
    "font-family:var(--jp-ui-font-family,sans-serif);color:var(--jp-ui-font-color1,inherit)"
)
_BAR = "width:100%;accent-color:var(--jp-brand-color1,#1976d2)"


class Progress:
    """The progress of loads that run side by side, shown to nobody; a context manager.

    Every method may be called from any thread. The other displays are made by `progress`.

    Examples
    --------
    >>> with Progress() as shown:
    ...     shown.begin("leads")
    ...     shown.advance("leads", rows=200, pages=1, total=5_000)
    ...     shown.end("leads", "leads: 5,000 rows in 25 pages, complete.")
    """

    def begin(self, name: str, *, doing: str = "loading") -> None:
        """Show a load from now on.

        Parameters
        ----------
        name
            What it is told by later.
        doing
            What is done, in a word.
        """

    def advance(self, name: str, *, rows: int, pages: int, total: int | None) -> None:
        """Show how far a load has come.

        Parameters
        ----------
        name
            The name it began with.
        rows, pages
            How many came in all so far; 0 pages where rows do not come in any.
        total
            How many rows there are to come in all, or None if nobody said.
        """

    def wait(self, name: str, seconds: float, reason: str) -> None:
        """Show that a load waits from now on.

        Parameters
        ----------
        name
            The name it began with.
        seconds
            How long it will wait.
        reason
            Why, as the end of a sentence: ``the API answered 429``.
        """

    def end(self, name: str, line: str) -> None:
        """End a load with the one line that stays; it should be the same on every run."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        pass


def progress(wanted: bool | Progress | None = None, *, monotonic: Callable[[], float] = time.monotonic) -> Progress:
    """Give the display that fits where this runs.

    Parameters
    ----------
    wanted
        None: one in a notebook, or else in a terminal if standard error is one, or else none. False: none.
        True: as None, and where there is neither, the lines that stay go to standard error. A display of your own is
        given back as it is.
    monotonic
        The seconds to count by.

    Examples
    --------
    >>> type(progress(False)) is Progress
    True
    """
    if isinstance(wanted, Progress):
        return wanted
    if wanted is False:
        return Progress()
    if _is_kernel():
        return _Notebook(monotonic)
    if sys.stderr is not None and sys.stderr.isatty():
        return _Terminal(monotonic)
    return _Lines(monotonic) if wanted else Progress()


@dataclass(slots=True)
class _Load:
    """What is known of one load."""

    name: str
    begun: float
    doing: str
    rows: int = 0
    pages: int = 0
    total: int | None = None
    waits_until: float = -math.inf
    reason: str = ""
    line: str | None = None

    @property
    def share(self) -> float | None:
        """How much of it is done, from 0 to 1; None if nobody said or what was said cannot be."""
        return self.rows / self.total if self.total and self.rows <= self.total else None

    def text(self, now: float) -> str:
        """Say how far it is, and what it waits for or how long it will take."""
        if not self.pages and not self.rows:
            done = self.doing
        else:
            of = f" of {self.total:,}" if self.share is not None else ""
            rows = "row" if self.rows == 1 and not of else "rows"
            done = f"{self.rows:,}{of} {rows}" + (f" in {_pages(self.pages)}" if self.pages else "")
        return ", ".join([done, *self._pace(now)])

    def _pace(self, now: float) -> list[str]:
        if now < self.waits_until:
            return [f"waiting {_span(self.waits_until - now)}: {self.reason}"]
        seconds = now - self.begun
        if not self.rows or seconds <= 0:
            return []
        pace = [f"{self.rows / seconds:,.0f} rows/s"]
        if self.share is not None and self.share < 1:
            pace.append(f"about {_span(seconds / self.share - seconds)} left")
        return pace


class _Lines(Progress):
    """Nothing on the way; the lines that stay go to standard error."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._loads: dict[str, _Load] = {}
        self._closed = False

    def begin(self, name: str, *, doing: str = "loading") -> None:
        with self._lock:
            now = self._monotonic()
            self._loads[name] = _Load(_plain(name), now, doing)
            self._show(now)

    def advance(self, name: str, *, rows: int, pages: int, total: int | None) -> None:
        with self._lock:
            load, now = self._loads[name], self._monotonic()
            load.rows, load.pages, load.total, load.waits_until = rows, pages, total, now
            self._show(now)

    def wait(self, name: str, seconds: float, reason: str) -> None:
        with self._lock:
            load, now = self._loads[name], self._monotonic()
            load.waits_until, load.reason = now + seconds, _plain(reason)
            self._show(now, at_once=seconds >= _INTERVAL)

    def end(self, name: str, line: str) -> None:
        with self._lock:
            self._loads[name].line = _plain(line)
            self._show(self._monotonic())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._lock:
            self._closed = True
            lines = [load.line or f"{load.name}: not finished." for load in self._loads.values()]
        if lines:
            self._keep("\n".join(lines))

    def _show(self, now: float, *, at_once: bool = False) -> None:
        """Show the loads as they are; the lock is held."""

    def _keep(self, text: str) -> None:
        """Leave only the lines of a text."""
        if sys.stderr is not None:
            sys.stderr.write(f"{text}\n")


class _Notebook(_Lines):
    """One display that is updated in place, also by other threads, and stays with the cell that made it."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        from IPython.display import display

        super().__init__(monotonic)
        self._display = display
        self._id = uuid.uuid4().hex
        self._is_open = False
        self._shown_at = -math.inf
        # ipykernel 7 keeps the cell that outputs belong to in a context variable, which new threads do not have.
        self._context = contextvars.copy_context()

    def _show(self, now: float, *, at_once: bool = False) -> None:
        if self._closed or (now - self._shown_at < _INTERVAL and not at_once):
            return
        self._shown_at = now
        text = "\n".join(load.line or f"{load.name}: {load.doing}." for load in self._loads.values())
        if not self._is_open:  # plain text alone, so that what nbval sees first is the same on every run
            self._publish({"text/plain": text})
        rows = "".join(_row(load, now) for load in self._loads.values())
        self._publish({"text/plain": text, "text/html": f'<div style="{_GRID}">{rows}</div>'})

    def _keep(self, text: str) -> None:
        with self._lock:
            self._publish({"text/plain": text})

    def _publish(self, bundle: Mapping[str, str]) -> None:
        update, self._is_open = self._is_open, True
        self._context.run(self._display, bundle, raw=True, display_id=self._id, update=update)


class _Terminal(_Lines):
    """Rows that a terminal draws anew until they give way to the lines that stay."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        from rich.console import Console
        from rich.live import Live

        super().__init__(monotonic)
        piped = sys.stdout is None or not sys.stdout.isatty()  # then it is somebody's data and stays where it goes
        self._live = Live(
            console=Console(stderr=True),
            get_renderable=self._drawing,
            refresh_per_second=1 / _INTERVAL,
            transient=True,
            redirect_stdout=not piped,
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def _keep(self, text: str) -> None:
        self._live.stop()
        super()._keep(text)

    def _drawing(self) -> RenderableType:
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        with self._lock:
            now = self._monotonic()
            lines = [Text(load.line) for load in self._loads.values() if load.line is not None]
            grid = Table.grid(padding=(0, 1))
            for load in self._loads.values():
                if load.line is None:
                    share = load.share
                    bar = ProgressBar(total=1.0, completed=share or 0.0, width=30, pulse=share is None)
                    grid.add_row(Text(load.name), bar, Text(load.text(now)))
        return Group(*lines, grid)


def _is_kernel() -> bool:
    """Whether this runs in an IPython kernel; where IPython was not imported, it does not."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


def _row(load: _Load, now: float) -> str:
    if load.line is not None:
        return f'<span style="grid-column:1/-1">{html.escape(load.line)}</span>'
    name, share = html.escape(load.name), load.share
    value = "" if share is None else f' value="{share:.4f}"'
    bar = f'<progress aria-label="{name}" max="1"{value} style="{_BAR}"></progress>'
    return f"<span>{name}</span>{bar}<span>{html.escape(load.text(now))}</span>"


def _plain(text: str) -> str:
    """Make one line of a text, without what moves a cursor or changes a direction."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _pages(count: int) -> str:
    return f"{count:,} page{'' if count == 1 else 's'}"


def _span(seconds: float) -> str:
    """Say how long something takes, rounded up."""
    seconds = round(seconds, 3)
    if seconds <= 90:
        return f"{math.ceil(seconds)} s"
    if seconds <= 5_400:
        return f"{math.ceil(seconds / 60)} min"
    return f"{math.ceil(seconds / 360) / 10:.1f} h"
