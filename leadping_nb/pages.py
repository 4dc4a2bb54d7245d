"""Walks over lists: lazy, bounded, safe against cursors that go in circles."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from leadping_nb.bodies import envelope_of, rows_of_page
from leadping_nb.contracts import Operation
from leadping_nb.errors import PagingError, ResponseError
from leadping_nb.list_options import ListOptions
from leadping_nb.session.addresses import fill
from leadping_nb.session.answers import Answer, json_of
from leadping_nb.session.http import Session
from leadping_nb.session.retry import Patience

__all__ = ["Page", "pages", "read_page"]


@dataclass(frozen=True)
class Page:
    """One page of a list."""

    number: int
    """Its place, from 1."""
    body: bytes = field(repr=False)
    """As it came."""
    cursor: str | None
    """Where the next page begins; None on the last one."""
    total: int | None
    """How many rows there are in all, if that was asked and told."""
    note: str | None = None
    """What whoever asked should know."""

    @cached_property
    def items(self) -> tuple[Mapping[str, object], ...]:
        """The rows as JSON objects."""
        return tuple(rows_of_page(self.body))


def pages(
    session: Session,
    operation: Operation,
    *,
    options: ListOptions | None = None,
    path: Mapping[str, str] | None = None,
    cursor: str | None = None,
    number: int = 1,
    limit: int | None = None,
    counted: Callable[[], int] | None = None,
    patience: Patience | None = None,
    when_sent: Callable[[], None] | None = None,
) -> Iterator[Page]:
    """Walk a list page by page; each page is asked for when it is needed.

    Parameters
    ----------
    session
        What asks.
    operation
        A list of the contract.
    options
        What to ask for.
    path
        A value for each name in the operation's path.
    cursor, number
        Where to begin, and the number of that page: at the first one unless given.
    limit
        The most rows that are wanted; the last page may hold more.
    counted
        Gives how many rows came so far; called where a limit may have been reached.
    patience
        The waits that all requests may spend together.
    when_sent
        Is called when a request has left and its page is yet to come, as `Session.read` does.

    Raises
    ------
    PagingError
        If a cursor or the rows of a page come twice.
    ResponseError
        If an answer is no page.
    """
    asked = options or ListOptions()
    asked.check(operation, session.contract)
    fill(operation, path or {})
    return _walked(
        session, operation, asked, path or {}, cursor, number, limit, counted, patience or Patience(), when_sent
    )


def _walked(
    session: Session,
    operation: Operation,
    asked: ListOptions,
    path: Mapping[str, str],
    cursor: str | None,
    number: int,
    limit: int | None,
    counted: Callable[[], int] | None,
    patience: Patience,
    when_sent: Callable[[], None] | None,
) -> Iterator[Page]:
    cursors = set() if cursor is None else {cursor}
    marks: dict[int, int] = {}
    wanted = 0
    while True:
        size = asked.page_size if limit is None else max(1, min(asked.page_size, limit - wanted))
        answer = _ask(session, operation, asked, path, cursor, size, patience, when_sent)
        page, mark = read_page(answer, paged=operation.paged, number=number)
        if mark and marks.setdefault(mark, number) != number:
            raise PagingError(f"{operation.id} gave the rows of page {marks[mark]} again as page {number}.")
        yield page
        wanted += size
        if limit is not None and wanted >= limit:
            wanted = counted() if counted else wanted
        if page.cursor is None or (limit is not None and wanted >= limit):
            return
        if page.cursor in cursors:
            raise PagingError(f"{operation.id} gave a cursor twice, on page {number}, so the list would not end.")
        cursors.add(page.cursor)
        cursor = page.cursor
        number += 1


def _ask(
    session: Session,
    operation: Operation,
    options: ListOptions,
    path: Mapping[str, str],
    cursor: str | None,
    size: int,
    patience: Patience,
    when_sent: Callable[[], None] | None,
) -> Answer:
    query = dict(options.params)
    body: object = None
    if operation.paging_in == "body":
        body = options.body(cursor, size)
    elif operation.paging_in == "query":
        query |= {"PageSize": size, "ContinuationToken": cursor}
    return session.read(operation, path=path, query=query, body=body, patience=patience, when_sent=when_sent)


def read_page(answer: Answer, *, paged: bool, number: int) -> tuple[Page, int]:
    """Read one page from an answer, and the mark to know its rows by; raise `ResponseError` if it is none."""
    if not paged:
        value = json_of(answer)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise _no_page(answer, "a list of objects")
        return Page(number, answer.body, None, None, answer.note), 0
    envelope = envelope_of(answer.body)
    if envelope is None or not envelope.has_items:
        json_of(answer)
        raise _no_page(answer, 'an object with a list of objects under "items"')
    return Page(number, answer.body, envelope.cursor, envelope.total, answer.note), envelope.mark


def _no_page(answer: Answer, expected: str) -> ResponseError:
    return ResponseError(
        f"{answer.method} {answer.url} answered with JSON that is not {expected}.",
        status=answer.status,
        url=answer.url,
        headers=answer.headers,
    )
