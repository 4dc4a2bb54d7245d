"""What a load would take, before it is begun: rows, pages, seconds and memory."""

from __future__ import annotations

import html
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadping_nb.arguments import EVENT, FUNCTION, demand
from leadping_nb.frames import to_frame
from leadping_nb.frames.passport import counted
from leadping_nb.jose import expiry
from leadping_nb.list_options import Query, list_options
from leadping_nb.pages import pages
from leadping_nb.resources import find_resource
from leadping_nb.session.firewall import admit
from leadping_nb.session.http import Session
from leadping_nb.session.retry import Patience
from leadping_nb.table import Table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Forecast", "forecast"]

_OF_A_FRAME = 1.2
"""How much more memory a load takes at its peak than the frame has in the end, measured."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a load would take."""

    name: str
    """The resource's name."""
    rows: int | None
    """How many rows there are; None where the server does not say."""
    pages: int | None
    """How many requests that is."""
    seconds: float | None
    """How long it takes, with the waits that the rate limit asks for."""
    memory: int | None
    """How many bytes of memory the load takes at its peak."""
    token_seconds: float | None
    """How long the token still lives by the API's clock, in seconds; None where the credential tells no end."""
    warnings: tuple[str, ...] = ()
    """What speaks against it, in sentences."""

    @property
    def table(self) -> Table:
        """The figures, one row each."""
        rows = (
            ("rows", "not told" if self.rows is None else f"{self.rows:,}"),
            ("pages", "not told" if self.pages is None else f"{self.pages:,}"),
            ("time", "not told" if self.seconds is None else f"about {_duration(self.seconds)}"),
            ("memory", "not told" if self.memory is None else f"about {self.memory / 1e6:,.1f} MB"),
            *(("beware", sentence) for sentence in self.warnings),
        )
        return Table(("what", "how much"), rows)

    @property
    def frame(self) -> pd.DataFrame:
        """The figures as a DataFrame."""
        return self.table.frame()

    def __str__(self) -> str:
        return f"{self.name}\n{self.table.text()}"

    def __repr__(self) -> str:
        return f"<Forecast of {self.name}: {'; '.join(f'{name} {text}' for name, text in self.table.rows)}>"

    def _repr_html_(self) -> str:
        return self.table.html(caption=f"Forecast of {html.escape(self.name)}")


def forecast(
    session: Session,
    name: str,
    query: Query,
    *,
    say: Callable[[str], None] | None = None,
    stop: threading.Event | None = None,
) -> Forecast:
    """Ask for the first page of a list, and say what the whole would take.

    Parameters
    ----------
    session, name, query
        What would be loaded.
    say
        Is told beforehand which request is made, and of each wait; the standard output unless given.
    stop
        Ends a wait with a KeyboardInterrupt when another thread sets it.
    """
    demand(FUNCTION.or_none, say=say)
    demand(EVENT.or_none, stop=stop)
    resource = find_resource(session.contract, name)
    options = list_options(query)
    admit(session.credential, resource.operation, session.origin, session.contract)  # what is refused is not announced
    say = say or _print
    say(f"One request is made: {resource.operation.id}, {counted(options.page_size, 'row')} and the count of all.")
    waits: list[float] = []

    def tell(seconds: float, reason: str) -> None:
        waits.append(seconds)
        say(f"Waiting {seconds:.1f} s, because {reason}.")

    def heed() -> None:
        if stop is not None and stop.is_set():
            raise KeyboardInterrupt

    began = session.monotonic()
    patience = Patience(tell=tell, heed=heed if stop is not None else None)
    walk = pages(session, resource.operation, options=options, path=query.get("path"), patience=patience)
    page = next(walk)
    latency = max(0.0, session.monotonic() - began - sum(waits))
    came = len(page.items)
    rows = page.total if page.total is not None else None if page.cursor else came
    if rows is None:
        return Forecast(name, None, None, None, None, _token_seconds(session), _warnings(None, session))
    model = resource.operation.row_model
    known = session.contract.models
    sample = to_frame(page, model if model in known else None, contract=session.contract)
    each = float(sample.memory_usage(deep=True).sum()) / max(1, came)
    count = max(1, -(-rows // (came or options.page_size)))
    seconds = count * latency if session.rate is None else session.rate.seconds_for(count, latency)
    memory = int(each * rows * _OF_A_FRAME) + len(page.body)
    return Forecast(name, rows, count, seconds, memory, _token_seconds(session), _warnings(seconds, session))


def _token_seconds(session: Session) -> float | None:
    ends = expiry(session.credential.reveal()) if session.credential is not None else None
    return None if ends is None else ends - session.api_now()


def _warnings(seconds: float | None, session: Session) -> tuple[str, ...]:
    left = _token_seconds(session)
    if left is None or seconds is None or seconds < left:
        return ()
    if left <= 0:
        return (f"The token died {_duration(-left)} ago.",)
    return (f"The token dies in {_duration(left)}, and this load needs {_duration(seconds)}.",)


def _duration(seconds: float) -> str:
    if seconds < 1:
        return "a second"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min"


def _print(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
