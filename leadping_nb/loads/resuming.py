"""A load that ended early, gone on with from where it ended."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from leadping_nb.arguments import Wanted, demand
from leadping_nb.contracts import Operation, row_columns
from leadping_nb.errors import LeadpingError
from leadping_nb.frames import Backend, Passport
from leadping_nb.list_options import Query
from leadping_nb.loads.job import Manner, run
from leadping_nb.loads.newer import sift_on
from leadping_nb.resources import resources
from leadping_nb.session.http import Session

__all__ = ["resume"]

_FRAME = Wanted.of(pd.DataFrame, what="a DataFrame", hint="Give a frame as api.frame made it.")


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
    since = passport.options.get("since")
    sift = sift_on(passport, since) if since else None
    manner = replace(manner, backend=backend)
    return run(session, resource, query, manner, passport=passport, before=frame, sift=sift)


def _demand_columns(frame: pd.DataFrame, operation: Operation, session: Session) -> None:
    """Raise `LeadpingError` where values would be missing from the rows that came, because a column was taken away."""
    hint = "Resume the frame as it was loaded, then choose and rename its columns."
    if not frame.columns.is_unique:
        raise LeadpingError("The frame has two columns of one name.", hint=hint)
    for name in row_columns(operation, session.contract):
        if name not in frame.columns:
            raise LeadpingError(f"The frame had a column {name!r} when it was loaded and has none now.", hint=hint)
