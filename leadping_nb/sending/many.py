"""A table of leads, sent row by row: each is in the journal before it leaves, and none is sent twice."""

from __future__ import annotations

import threading
import warnings
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from leadping_nb.errors import (
    ApiError,
    InvalidRequestError,
    LeadMaybeSentError,
    LeadpingError,
    LeadsUnsentWarning,
    NotFoundError,
    RateLimitedError,
    ResponseError,
    TransportError,
)
from leadping_nb.progress import Progress, progress
from leadping_nb.sending.journal import Journal
from leadping_nb.sending.rows import OUTCOMES, Outcome, Row, rows_of
from leadping_nb.sending.single import lead_id
from leadping_nb.session.firewall import admit_lead
from leadping_nb.session.http import Session
from leadping_nb.session.retry import Patience
from leadping_nb.table import Table

if TYPE_CHECKING:
    import pandas as pd

    from leadping_nb.intake.leads import LeadsCheck

__all__ = ["send_leads"]

_NAME: Final = "leads"
_COLUMNS: Final = ("row", "outcome", "id", "status", "words")
_MOST: Final[dict[Outcome, tuple[int, str]]] = {
    "refused": (10, "The API refused ten in a row: something is wrong with all of them."),
    "maybe sent": (3, "Of three in a row nobody knows whether they arrived: look, and run again when the API answers."),
}
"""After how many rows in a row with the same outcome no more are sent, and why."""
_OF_ONE_LEAD: Final = (InvalidRequestError, NotFoundError, RateLimitedError)
"""Refusals that another lead need not meet: a tag may be missing, a field wrong, a minute over."""
_UNKNOWN: Final = "Nobody knows whether it arrived: look for it with another credential before it is sent again."


def send_leads(
    session: Session,
    check: LeadsCheck,
    *,
    journal: Path,
    resend_unknown: bool = False,
    resend_refused: bool = False,
    shown: bool | Progress | None = None,
    stop: threading.Event | None = None,
) -> pd.DataFrame:
    """Send the rows of a checked table that have no problems and were not sent before.

    Parameters
    ----------
    session
        What sends.
    check
        The checked table.
    journal
        Where it is written what was sent; one that is there is gone on with.
    resend_unknown
        Whether leads that may have arrived are sent again.
    resend_refused
        Whether leads that were refused with 400 are sent again unchanged.
    shown
        Whether to show the progress, or a display of one's own.
    stop
        Ends the run before the next lead when another thread sets it, as Ctrl-C does.

    Returns
    -------
    DataFrame
        What became of each row, under the labels of the table; ``attrs["leadping"]`` says whether all were sent.

    Raises
    ------
    NotAllowedError
        If the credential is none to send leads by.
    LeadpingError
        If the journal is none, is of another API, or cannot be written.
    """
    admit_lead(session.credential, check.operation, session.origin, session.contract)
    with Journal.opened(journal, session.base_url, now=session.now) as opened, progress(shown) as display:
        run = _Run(session, check, opened, display, stop or threading.Event())
        run.rows = rows_of(check, opened, resend_unknown=resend_unknown, resend_refused=resend_refused)
        run.all()
    frame = Table(_COLUMNS, tuple(row.cells for row in run.rows)).frame().astype({"status": "Int64"})
    frame.index = check.index
    frame.attrs["leadping"] = run.passport()
    if not run.complete:
        warnings.warn(f"{run.line} {run.reason}".strip(), LeadsUnsentWarning, stacklevel=3)
    return frame


@dataclass(slots=True)
class _Run:
    """One way through a table."""

    session: Session
    check: LeadsCheck
    journal: Journal
    display: Progress
    stop: threading.Event
    rows: list[Row] = field(default_factory=list)
    reason: str = ""
    """Why no more are sent; empty as long as they are."""

    def all(self) -> None:
        """Send what is to be sent; what ends the run early is a reason, and what came before it is kept."""
        waiting = [row for row in self.rows if row.outcome == "to send"]
        self.display.begin(_NAME, doing="sending")
        try:
            for number, row in enumerate(waiting, 1):
                self._heed()
                self._send(row)
                self._look_back(waiting[:number])
                if self.reason:
                    break
                self.display.advance(_NAME, rows=number, pages=0, total=len(waiting))
        except KeyboardInterrupt:
            self.reason = "It was interrupted."
        except LeadpingError as error:  # of the journal: nothing is sent that is not in it
            self.reason = error.message
        for row in waiting:
            if row.outcome == "to send":
                entry = self.journal.entries.get(row.key)
                is_known = entry is None or entry.state not in ("sending", "unknown")
                row.outcome, row.words = ("not sent", self.reason) if is_known else ("maybe sent", _UNKNOWN)
        self.display.end(_NAME, self.line)

    @property
    def counts(self) -> Counter[Outcome]:
        """How many rows had each outcome."""
        return Counter(row.outcome for row in self.rows)

    @property
    def complete(self) -> bool:
        """Whether every row without problems is known to have arrived."""
        return not any(self.counts[left] for left in ("not sent", "maybe sent", "refused", "refused before"))

    @property
    def line(self) -> str:
        """What became of them, in one line."""
        said = ", ".join(f"{self.counts[name]:,} {words}" for name, words in OUTCOMES.items() if self.counts[name])
        return f"{_NAME}: {said or 'no rows'}."

    def passport(self) -> dict[str, Any]:
        """Say what was done, as plain JSON."""
        credential = self.session.credential
        return {
            "operation": self.check.operation.id,
            "revision": self.check.revision,
            "rows": len(self.rows),
            "outcomes": dict(self.counts),
            "complete": self.complete,
            "reason": None if self.complete else self.reason or self.line,
            "key_type": None if credential is None else credential.key_type.value,
        }

    def _send(self, row: Row) -> None:
        """Send one lead; only an answer that says that it was not taken in has it sent again, after the wait."""
        patience = Patience(tell=lambda seconds, why: self.display.wait(_NAME, seconds, why), heed=self._heed)
        lead, attempt = self.check.payload(row.position), 0
        while True:
            wait = self._once(row, lead, patience, attempt)
            if wait is None:
                return
            attempt += 1
            self.session.pause(wait, f"the API answered {row.status}", patience)

    def _once(self, row: Row, lead: dict[str, object], patience: Patience, attempt: int) -> float | None:
        """Try once, and write down what came of it; give the seconds to wait before it may be tried again."""
        try:
            answer = self.session.send_once(
                self.check.operation,
                lead,
                patience=patience,
                when_leaving=lambda: self.journal.begin(row.key, row.content, row.position),
            )
        except LeadMaybeSentError as error:
            row.outcome, row.words = "maybe sent", _UNKNOWN
            row.status = error.__cause__.status if isinstance(error.__cause__, ApiError) else None
            self.journal.end(row.key, "unknown", status=row.status)
            if isinstance(error.__cause__, KeyboardInterrupt):
                self.reason = "It was interrupted."
        except ResponseError as error:
            self._refused(row, error)
            if isinstance(error, RateLimitedError):
                return patience.next_wait(attempt, error.retry_after)
        except TransportError as error:  # it never left
            self.journal.end(row.key, "not sent")
            self.reason = error.message
        else:
            row.outcome, row.words, row.id, row.status = "sent", "", lead_id(answer), answer.status
            self.journal.end(row.key, "sent", status=row.status, id=row.id)
        return None

    def _refused(self, row: Row, error: ResponseError) -> None:
        row.outcome, row.words, row.status = "refused", error.message, error.status
        self.journal.end(row.key, "refused", status=error.status)
        if not isinstance(error, _OF_ONE_LEAD):
            self.reason = f"{error.message} {error.hint}"

    def _look_back(self, tried: list[Row]) -> None:
        """Give up where the last ones all came to the same bad end, or the API goes on to ask for patience."""
        if tried[-1].outcome == "refused" and tried[-1].status == 429:
            self.reason = self.reason or tried[-1].words
        for outcome, (most, why) in _MOST.items():
            if len(tried) >= most and all(row.outcome == outcome for row in tried[-most:]):
                self.reason = self.reason or why

    def _heed(self) -> None:
        if self.stop.is_set():
            raise KeyboardInterrupt
