"""One load of the data card: beginning it, going on with it, and what is to be said of what came."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

from leadping_nb.errors import LeadpingError
from leadping_nb.frames import Passport
from leadping_nb.frames.passport import counted
from leadping_nb.identifiers import shown
from leadping_nb.widgets.data.form import Asked
from leadping_nb.widgets.data.preview import Preview, preview
from leadping_nb.widgets.data.progress import CardProgress

if TYPE_CHECKING:
    import pandas as pd

    from leadping_nb.api import Api

__all__ = ["Loaded", "Run", "go_on", "load"]

_KEPT: Final = "The rows that came are kept."
_NOTES: Final = 5
_LONGEST: Final = 300
"""The most notes that are shown, and characters of each."""


@dataclass(slots=True)
class Run:
    """Something that is being done, and how it is ended."""

    what: str
    """In a word: ``forecast`` or ``load``."""
    name: str
    """The list's name."""
    progress: CardProgress | None = None
    """How far it is, where it is a load."""
    said: str = ""
    """The last sentence that was said on the way."""
    stop: threading.Event = field(default_factory=threading.Event)
    """Ends it when it is set."""


@dataclass(frozen=True)
class Loaded:
    """A frame that came, whole or not."""

    asked: Asked
    """What was asked for; its limit counts all rows of the frame."""
    frame: pd.DataFrame
    """What came."""
    hint: str = ""
    """What to do about what ended it early."""
    was_stopped: bool = False
    """Whether a person ended it."""

    @cached_property
    def passport(self) -> Passport:
        """Where the frame came from and whether it is whole."""
        return Passport.of(self.frame)

    @cached_property
    def preview(self) -> Preview:
        """The first rows."""
        return preview(self.frame)

    @cached_property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What else the passport says, in words and alike on every run."""
        passport = self.passport
        notes = [shown(note, _LONGEST) for note in passport.notes]
        left = len(notes) - _NOTES
        return (
            ("List", f"{passport.operation}, contract {passport.revision}"),
            ("Read with", passport.key_type or "no credential"),
            ("Columns", f"{len(self.frame.columns):,}"),
            *(("Note", note) for note in notes[:_NOTES]),
            *((("Note", f"{left} more in frame.attrs."),) if left > 0 else ()),
        )

    @property
    def state(self) -> str:
        """In a word: ``whole``; ``part``, as it was asked for; or ``cut``."""
        if self.passport.complete:
            return "whole"
        return "part" if not self.hint and not self.was_stopped and self._reached_limit else "cut"

    @property
    def line(self) -> str:
        """What the frame holds, in one line."""
        passport = self.passport
        end = "complete" if passport.complete else "not complete"
        return (
            f"{self.asked.resource.name}: {counted(passport.rows, 'row')} in {counted(passport.pages, 'page')}, {end}."
        )

    @property
    def reason(self) -> str:
        """Why the frame is not whole, and what that means; empty where it is."""
        passport = self.passport
        if passport.complete:
            return ""
        if self.was_stopped:
            of = f" of {passport.total:,}" if passport.total is not None else ""
            return f"You stopped it after {passport.rows:,}{of} rows. {_KEPT}"
        return passport.reason or "" if self.state == "part" else f"{passport.reason} {_KEPT}"

    @property
    def more(self) -> int | None:
        """How many further rows going on gives; None for all that are left."""
        limit = self.asked.limit
        if limit is None:
            return None
        return limit if self._reached_limit else limit - self.passport.rows

    @property
    def can_go_on(self) -> bool:
        """Whether there is a place to go on from."""
        return self.passport.can_go_on

    @property
    def _reached_limit(self) -> bool:
        return self.asked.limit is not None and self.passport.rows >= self.asked.limit


def load(api: Api, asked: Asked, run: Run) -> Loaded:
    """Load what was asked for, or as much of it as comes.

    Raises
    ------
    LeadpingError, KeyboardInterrupt
        If nothing came.
    """
    try:
        frame = api.frame(
            asked.resource.name,
            limit=asked.limit,
            on_error="raise",
            progress=run.progress,
            stop=run.stop,
            **asked.query,
        )
    except (LeadpingError, KeyboardInterrupt) as error:
        return _what_came(asked, error)
    return Loaded(asked, frame)


def go_on(api: Api, loaded: Loaded, run: Run) -> Loaded:
    """Go on with a load that is not whole: to its limit, or by as much again where that was reached.

    Raises
    ------
    LeadpingError
        If there is no place to go on from.
    """
    more = loaded.more
    limit = None if more is None else loaded.passport.rows + more
    asked = Asked(loaded.asked.resource, loaded.asked.query, limit)
    try:
        frame = api.resume(loaded.frame, limit=more, on_error="raise", progress=run.progress, stop=run.stop)
    except (LeadpingError, KeyboardInterrupt) as error:
        return _what_came(asked, error)
    return Loaded(asked, frame)


def _what_came(asked: Asked, error: LeadpingError | KeyboardInterrupt) -> Loaded:
    frame = getattr(error, "frame", None)
    if frame is None:
        raise error
    was_stopped = isinstance(error, KeyboardInterrupt)
    hint = "" if was_stopped else cast("LeadpingError", error).hint
    return Loaded(asked, cast("pd.DataFrame", frame), hint, was_stopped)
