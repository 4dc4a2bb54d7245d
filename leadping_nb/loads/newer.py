"""Only what is newer than a frame, and what of it is new."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any

import pandas as pd

from leadping_nb.arguments import Wanted, demand
from leadping_nb.contracts import Operation, row_columns
from leadping_nb.errors import LeadpingError
from leadping_nb.frames import Passport
from leadping_nb.frames.loading import Sift
from leadping_nb.frames.passport import counted
from leadping_nb.list_options import Query, as_bounds, wire
from leadping_nb.loads.job import Manner, beginning, run
from leadping_nb.resources import find_resource
from leadping_nb.session.http import Session

__all__ = ["load_newer", "sift_on"]

_TIME_COLUMNS = ("updatedAt", "createdAt", "timestamp", "occurredAt")
_SINCE = Wanted.of(
    pd.DataFrame,
    what="a DataFrame of the same list",
    hint='Give a frame as api.frame made it; for a time there is ranges={{"createdAt": (time, None)}}.',
)


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
    start = beginning(session, operation, asked, manner, **more)
    frame = run(session, resource, asked, manner, passport=start, sift=sift)
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


def sift_on(passport: Passport, since: Mapping[str, Any]) -> Sift:
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
