"""One list to be loaded: how, from where, and what to say when it ends early."""

from __future__ import annotations

import json
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, get_args

import pandas as pd

from leadping_nb.arguments import EVENT, PROGRESS, demand, member, whole
from leadping_nb.contracts import Operation
from leadping_nb.errors import IncompleteFrameWarning, LeadpingError, UnauthorizedError
from leadping_nb.frames import Backend, Load, OnError, Passport, load_frame
from leadping_nb.frames.loading import Sift
from leadping_nb.jose import expiry
from leadping_nb.list_options import Query, list_options, wire
from leadping_nb.pages import Page, pages
from leadping_nb.progress import Progress, progress
from leadping_nb.resources import Resource
from leadping_nb.session.http import Session
from leadping_nb.session.retry import Patience

__all__ = ["Job", "Manner", "asked_for", "beginning", "explained", "run", "walk"]


@dataclass(frozen=True, slots=True)
class Manner:
    """How a list is loaded, whichever it is."""

    limit: int | None = None
    """The most rows."""
    on_error: OnError = "warn"
    """What to do when a later page fails."""
    backend: Backend = "numpy_nullable"
    """Whose dtypes the frame has."""
    progress: bool | Progress | None = None
    """Whether to show the progress; where somebody looks, unless told. Or who shows it."""
    stop: threading.Event | None = None
    """Ends the load when it is set."""

    def __post_init__(self) -> None:
        member("on_error", self.on_error, get_args(OnError))
        member("dtype_backend", self.backend, get_args(Backend))
        demand(PROGRESS, progress=self.progress)
        demand(EVENT.or_none, stop=self.stop)
        if self.limit is not None:
            hint = "It is the most rows you want, without quotes, or None for all."
            object.__setattr__(self, "limit", whole("limit", self.limit, least=1, hint=hint))


def run(
    session: Session,
    resource: Resource,
    query: Query,
    manner: Manner,
    *,
    passport: Passport | None = None,
    before: pd.DataFrame | None = None,
    sift: Sift | None = None,
) -> pd.DataFrame:
    """Load one list with its progress shown; the errors are those of `frames.load_frame`.

    Parameters
    ----------
    session, resource, query, manner
        What is loaded, and how.
    passport
        Where to begin, if not at the beginning.
    before
        The frame that is gone on from.
    sift
        Leaves out what is known.
    """
    with progress(manner.progress) as shown:
        return Job(session, resource, query, manner, shown).run(passport=passport, before=before, sift=sift)


@dataclass(frozen=True, slots=True)
class Job:
    """One list to be loaded."""

    session: Session
    resource: Resource
    query: Query
    manner: Manner
    shown: Progress

    def run(
        self,
        *,
        passport: Passport | None = None,
        before: pd.DataFrame | None = None,
        sift: Sift | None = None,
        warn: Callable[[str], None] | None = None,
    ) -> pd.DataFrame:
        """Load it, from where a passport says if there is one."""
        manner, session, operation = self.manner, self.session, self.resource.operation
        load_ = Load(
            self.resource.name,
            operation,
            session.contract,
            manner.backend,
            manner.limit,
            manner.on_error,
            self.shown,
            manner.stop or threading.Event(),
            lambda error: explained(error, session),
            warn or _warn,
        )
        start = passport or beginning(session, operation, self.query, manner)

        def pages_of(counted: Callable[[], int], when_sent: Callable[[], None]) -> Iterator[Page]:
            return walk(
                session,
                self.resource,
                self.query,
                self.shown,
                cursor=start.cursor,
                number=start.pages + 1,
                limit=manner.limit,
                counted=counted,
                stop=manner.stop,
                when_sent=when_sent,
            )

        return load_frame(load_, pages_of, start, before=before, sift=sift)


def walk(
    session: Session,
    resource: Resource,
    query: Query,
    shown: Progress,
    *,
    cursor: str | None = None,
    number: int = 1,
    limit: int | None = None,
    counted: Callable[[], int] | None = None,
    stop: threading.Event | None = None,
    when_sent: Callable[[], None] | None = None,
) -> Iterator[Page]:
    """Walk a list with its waits shown, and ended by an event; the other parameters are those of `pages.pages`."""

    def heed() -> None:
        if stop is not None and stop.is_set():
            raise KeyboardInterrupt

    patience = Patience(
        tell=lambda seconds, reason: shown.wait(resource.name, seconds, reason), heed=heed if stop is not None else None
    )
    return pages(
        session,
        resource.operation,
        options=list_options(query),
        path=query.get("path"),
        cursor=cursor,
        number=number,
        limit=limit,
        counted=counted,
        patience=patience,
        when_sent=when_sent,
    )


def asked_for(query: Query, **more: object) -> dict[str, Any]:
    """Give what was asked for as a passport holds it, ready for JSON."""
    asked = {**asdict(list_options(query)), "path": query.get("path"), **more}
    kept = {name: value for name, value in asked.items() if value not in (None, {}, ())}
    found: dict[str, Any] = json.loads(json.dumps(kept, default=wire))
    return found


def beginning(session: Session, operation: Operation, query: Query, manner: Manner, **more: object) -> Passport:
    """Give the passport of a load that begins at the beginning; more was asked for than the query says."""
    more["limit"] = manner.limit
    if manner.backend != "numpy_nullable":
        more["dtype_backend"] = manner.backend
    return Passport(
        operation.id,
        asked_for(query, **more),
        session.contract.revision,
        session.credential.key_type.value if session.credential else None,
        datetime.fromtimestamp(session.now(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )


def explained(error: LeadpingError, session: Session, again: str = "lp.connect(new).resume(df)") -> str:
    """Give an error in words; of a token that died, when that was and what to do."""
    if not isinstance(error, UnauthorizedError):
        return error.message
    further = f"a new one goes on from here: {again}."
    ended = expiry(session.credential.reveal()) if session.credential is not None else None
    if ended is None or ended > session.api_now():
        return f"{error.message} The credential is not accepted any more; {further}"
    when = datetime.fromtimestamp(ended, UTC).strftime("%Y-%m-%d %H:%M:%S")
    return f"{error.message} The token ended at {when} UTC; {further}"


def _warn(sentence: str) -> None:
    warnings.warn(sentence, IncompleteFrameWarning, stacklevel=7)  # whoever called the method of Api
