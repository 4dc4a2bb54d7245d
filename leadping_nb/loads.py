"""Loads of lists into frames: whole, several side by side, resumed, and only what is newer."""

from __future__ import annotations

import json
import threading
import warnings
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, get_args

import pandas as pd

from leadping_nb.arguments import EVENT, PROGRESS, Wanted, demand, member, whole
from leadping_nb.contracts import Operation, row_columns
from leadping_nb.errors import IncompleteFrameWarning, LeadpingError, UnauthorizedError
from leadping_nb.frames import Backend, Load, OnError, Passport, load_frame
from leadping_nb.frames.loading import Sift, uninterrupted
from leadping_nb.frames.passport import counted
from leadping_nb.jose import expiry
from leadping_nb.pages import Page, Query, as_bounds, list_options, pages, wire
from leadping_nb.progress import Progress, progress
from leadping_nb.resources import Resource, find_resource, resources
from leadping_nb.session.addresses import fill
from leadping_nb.session.http import Session
from leadping_nb.session.retry import Patience

__all__ = ["Manner", "asked_for", "explained", "load", "load_newer", "load_side_by_side", "resume", "walk"]

_TIME_COLUMNS = ("updatedAt", "createdAt", "timestamp", "occurredAt")

_FRAME = Wanted.of(pd.DataFrame, what="a DataFrame", hint="Give a frame as api.frame made it.")
_SINCE = Wanted.of(
    pd.DataFrame,
    what="a DataFrame of the same list",
    hint='Give a frame as api.frame made it; for a time there is ranges={{"createdAt": (time, None)}}.',
)


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


def load(session: Session, name: str, query: Query, manner: Manner) -> pd.DataFrame:
    """Load one list; the errors are those of `frames.load_frame`."""
    resource = find_resource(session.contract, name)
    with progress(manner.progress) as shown:
        return _Job(session, resource, query, manner, shown).run()


def load_side_by_side(session: Session, names: Sequence[str], query: Query, manner: Manner) -> dict[str, pd.DataFrame]:
    """Load several lists at once under one rate limit; one that fails gives a frame that says so."""
    found = {name: find_resource(session.contract, name) for name in names}
    if not found:
        raise LeadpingError("No list was named.", hint='Name some: api.frames("leads", "events").')
    options = list_options(query)
    for resource in found.values():
        options.check(resource.operation, session.contract)
        fill(resource.operation, query.get("path") or {})
    stop = threading.Event()
    sentences: list[str] = []
    with progress(manner.progress) as shown, ThreadPoolExecutor(len(found), thread_name_prefix="leadping") as pool:
        keep = replace(manner, on_error="keep", stop=stop)
        jobs = {name: _Job(session, resource, query, keep, shown) for name, resource in found.items()}
        running = {}
        try:
            for name, job in jobs.items():
                running[name] = pool.submit(job.run, warn=sentences.append)
            while wait(running.values(), timeout=1.0).not_done:  # a wait without end hears no Ctrl-C on Windows
                pass
            frames = {name: future.result() for name, future in running.items()}
        except KeyboardInterrupt:
            stop.set()
            with uninterrupted():
                frames = {name: future.result() for name, future in running.items()}
        finally:
            stop.set()
    for sentence in sentences:
        warnings.warn(sentence, IncompleteFrameWarning, stacklevel=3)
    return frames


def resume(session: Session, frame: pd.DataFrame, manner: Manner) -> pd.DataFrame:
    """Go on with a load from where it ended; the limit counts further rows.

    Raises
    ------
    LeadpingError
        If the frame has no passport, was changed since, or there is no place to go on from.
    """
    demand(_FRAME, frame=frame)
    passport = Passport.of(frame)
    if passport.complete:
        return frame
    if passport.revision != session.contract.revision:
        raise LeadpingError(
            f"The frame is of the contract of {passport.revision}, and this is {session.contract.revision}.",
            hint="Connect with contract=lp.contract(…) of that revision.",
        )
    if passport.rows != len(frame):
        raise LeadpingError(
            f"The frame had {passport.rows:,} rows when it was loaded and has {len(frame):,} now.",
            hint="Resume the frame as it was loaded, then filter it.",
        )
    if not passport.can_go_on:
        raise LeadpingError(
            f"There is no place to go on from: {passport.reason}",
            hint="Load it again, or load what is newer by since=.",
        )
    known = (entry for entry in resources(session.contract).values() if entry.operation.id == passport.operation)
    resource = next(known, None)
    if resource is None:
        raise LeadpingError(f"The contract has no list {passport.operation}.", hint="api.resources lists them all.")
    _demand_columns(frame, resource.operation, session)
    backend: Backend = passport.options.get("dtype_backend", "numpy_nullable")
    query: Query = {name: value for name, value in passport.options.items() if name in Query.__annotations__}  # type: ignore[assignment]  # as they were asked
    with progress(manner.progress) as shown:
        job = _Job(session, resource, query, replace(manner, backend=backend), shown)
        since = passport.options.get("since")
        return job.run(passport=passport, before=frame, sift=_sift_on(passport, since) if since else None)


def _demand_columns(frame: pd.DataFrame, operation: Operation, session: Session) -> None:
    """Raise `LeadpingError` where values would be missing from the rows that came, because a column was taken away."""
    hint = "Resume the frame as it was loaded, then choose and rename its columns."
    if not frame.columns.is_unique:
        raise LeadpingError("The frame has two columns of one name.", hint=hint)
    for name in row_columns(operation, session.contract):
        if name not in frame.columns:
            raise LeadpingError(f"The frame had a column {name!r} when it was loaded and has none now.", hint=hint)


def load_newer(session: Session, name: str, since: pd.DataFrame, query: Query, manner: Manner) -> pd.DataFrame:
    """Load what is newer than a frame by a column of times; the passport's notes say how much of it is new.

    Raises
    ------
    LeadpingError
        If the frame has no such column, or the list cannot be asked by it.
    """
    demand(_SINCE, since=since)
    resource = find_resource(session.contract, name)
    operation = resource.operation
    passport = since.attrs.get("leadping") or {}
    if passport.get("operation", operation.id) != operation.id:
        raise LeadpingError(
            f"The frame is of {passport['operation']}, and {name} is {operation.id}.",
            hint="Give since= a frame of the same list, as it was loaded.",
        )
    column = _time_column(since, operation, session)
    newest = since[column].max()
    asked, sift, more = query, None, {}
    if not pd.isna(newest):
        if operation.paging_in == "body":
            asked = {**query, "ranges": {**query.get("ranges", {}), column: _from(newest, column, query)}}
        ties = since.loc[since[column] == newest, "id"].tolist()
        more = {"since": {"by": column, "newest": wire(newest), "known": ties}}
        sift = _sift(column, newest, ties, set(since["id"]))
    with progress(manner.progress) as shown:
        start = _first(session, operation, asked, manner, **more)
        frame = _Job(session, resource, asked, manner, shown).run(passport=start, sift=sift)
    notes = frame.attrs["leadping"]["notes"]
    if sift is None:
        notes.append(f"{counted(len(frame), 'row')} {_are(len(frame))} new in all.")
    if passport.get("complete") is False:
        notes.append("The frame of since= is not complete itself; what it lacks is not in here. See api.resume.")
    return frame


def _from(newest: pd.Timestamp, column: str, query: Query) -> dict[str, object]:
    """Give the bounds of a column that was asked for, none of it older than what is known."""
    bounds = as_bounds(column, query.get("ranges", {}).get(column, {}))
    lower = [sign for sign in (">", ">=") if sign in bounds]
    if any(pd.to_datetime(str(bounds[sign]), utc=True) > newest for sign in lower):
        return bounds
    return {**{sign: value for sign, value in bounds.items() if sign not in lower}, ">=": newest}


def _sift(column: str, newest: pd.Timestamp, ties: Sequence[str], known: Container[str] | None) -> Sift:
    """Leave out the rows of before: those that are older than the newest, and those that were as new."""
    when = f"since {wire(newest)}, by {column}."

    def sift(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
        if frame[column].dtype.kind == "M":
            is_tie = (frame[column] == newest) & frame["id"].isin(ties)
            is_news = (frame[column] >= newest) & ~is_tie
            frame = frame[is_news.fillna(False).astype(bool)].reset_index(drop=True)
        if known is None:
            return frame, [f"{counted(len(frame), 'row')} {_are(len(frame))} new or changed {when}"]
        changed = sum(entry in known for entry in frame["id"])
        new = len(frame) - changed
        return frame, [f"{counted(new, 'row')} {_are(new)} new and {changed:,} changed {when}"]

    return sift


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _sift_on(passport: Passport, since: Mapping[str, Any]) -> Sift:
    """Go on leaving out what is known, and count anew."""
    sift = _sift(since["by"], pd.Timestamp(since["newest"]), since["known"], None)
    end = f"since {since['newest']}, by {since['by']}."
    passport.notes = [note for note in passport.notes if not note.endswith(end)]
    return sift


def _time_column(since: pd.DataFrame, operation: Operation, session: Session) -> str:
    """Give the column to go by: one that the list has and whose every value is a time."""
    known = row_columns(operation, session.contract)
    names = [name for name in _TIME_COLUMNS if name in known]
    if not names:
        raise LeadpingError(
            f"{operation.id} has no column that says when a row is from.", hint="Load it whole and compare the ids."
        )
    for name in names:
        if name in since and "id" in since and _are_instants(since[name]) and not since[name].isna().any():
            return name
    raise LeadpingError(
        f"The frame has no id, or no column of times without gaps: {' or '.join(names)}.",
        hint="Give since= a frame of the same list, as it was loaded.",
    )


def _are_instants(column: pd.Series) -> bool:
    """Whether a column holds times of a known offset."""
    return bool(column.dtype.kind == "M" and column.dt.tz is not None)


@dataclass(frozen=True, slots=True)
class _Job:
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
        start = passport or _first(session, operation, self.query, manner)

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


def _first(session: Session, operation: Operation, query: Query, manner: Manner, **more: object) -> Passport:
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


def _warn(sentence: str) -> None:
    warnings.warn(sentence, IncompleteFrameWarning, stacklevel=6)
