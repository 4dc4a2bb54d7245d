"""Loading a list into a frame: what came is put together with what was there, and the passport says what it is."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import chain

import pandas as pd

from leadping_nb.errors import LeadpingError, PagingError
from leadping_nb.frames.assembly import assemble
from leadping_nb.frames.collector import collector_eased
from leadping_nb.frames.columns import AS_OBJECT
from leadping_nb.frames.display import show_incomplete
from leadping_nb.frames.fetching import Fetched, Fetching, Load, Walk, rows_of
from leadping_nb.frames.joining import distinct, taken_apart
from leadping_nb.frames.packing import TEXT
from leadping_nb.frames.passport import Passport, counted

__all__ = ["Sift", "load_frame", "uninterrupted"]

Sift = Callable[[pd.DataFrame], tuple[pd.DataFrame, list[str]]]
"""Leaves out of a frame what is known; gives the rest, with notes."""


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
    fetching = Fetching(load, passport, walk)
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
    load: Load, passport: Passport, fetched: Fetched, before: pd.DataFrame | None, sift: Sift | None
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


def _stamp(passport: Passport, fetched: Fetched, limit: int | None) -> None:
    """Say where to go on: within a page, if that holds more rows than were wanted."""
    passport.pages += len(fetched.pages)
    passport.cursor, passport.skip = fetched.end, fetched.again or max(0, fetched.first - fetched.came)
    if limit is None or fetched.rows <= limit:
        return
    left = fetched.first + limit
    for start, page in zip(fetched.starts, fetched.pages, strict=False):
        if left < rows_of(page):
            passport.cursor, passport.skip = start, left
            return
        left -= rows_of(page)


def _noted(before: list[str], now: list[str]) -> list[str]:
    """Add notes to those of the frame that is gone on from; why a column is object is said once, of all its values."""
    kept = [note for note in before if not note.endswith(AS_OBJECT)]
    columns = {note.partition(": ")[0] for note in kept}
    fresh = [note for note in now if not note.endswith(AS_OBJECT) or note.partition(": ")[0] not in columns]
    return [*kept, *(note for note in fresh if note not in kept)]


def _conclude(passport: Passport, rows: int, fetched: Fetched, load: Load) -> None:
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
