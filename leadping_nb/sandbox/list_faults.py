"""Faults of lists: cursors, counts, pages and rows that are not what a client counts on; one row each."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from leadping_nb.sandbox.answers import Answer, Call
from leadping_nb.sandbox.faults import Fault
from leadping_nb.sandbox.readings import Reading

__all__ = ["LIST_FAULTS"]

Json = dict[str, Any]
Change = Callable[[Reading, Json], Json]

_AGAIN = "again"  # on the cursor of a page that gave nothing
_ROW = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\[|\{\s*"items":\s*\[)\s*\{')
_WORDS = ("firstName", "status", "direction", "name", "type", "role")  # texts of which every list has one or two


def _from(number: int, change: Change) -> Change:
    """Change the pages from a number on; the first is 1."""
    return lambda reading, page: change(reading, page) if reading.number >= number else page


def _in_each_row(change: Callable[[Json], Json]) -> Change:
    """Change each row of a page."""

    def changed(reading: Reading, page: Json) -> Json:
        items = page.get("items")
        if not items:
            return page
        return {**page, "items": [change(item) if isinstance(item, dict) else item for item in items]}

    return changed


def _in_the_first_row(members: bytes) -> Callable[[Call, Answer], Answer]:
    """Write members, which JSON libraries cannot, at the beginning of the first row of a list."""

    def answer(call: Call, given: Answer) -> Answer:
        begun = _ROW.match(given.body)
        if begun is None or given.status != 200:
            return given
        return replace(given, body=begun[0] + members + b"," + given.body[begun.end() :])

    return answer


def _between(reading: Reading, page: Json, start: int, stop: int) -> Json:
    """Give a page these rows, and a cursor that goes on after them."""
    end = min(stop, reading.total)
    if (start, end) == (reading.start, min(reading.start + reading.size, reading.total)):
        return page
    return {**page, "items": reading.rows(start, end), "continuationToken": reading.cursor(end)}


def _repeated_cursor(reading: Reading, page: Json) -> Json:
    return {**page, "continuationToken": reading.cursor(reading.start, note=reading.note)} if reading.start else page


def _looped(reading: Reading, page: Json) -> Json:
    return {**page, "continuationToken": reading.cursor(reading.start - reading.size)}


def _repeated_page(reading: Reading, page: Json) -> Json:
    return {**page, "items": reading.rows(reading.size, 2 * reading.size)}


def _once_without(items: list[Json] | None) -> Change:
    """Give the second page in vain once: its rows come under the cursor that it carries."""

    def changed(reading: Reading, page: Json) -> Json:
        if reading.number != 2 or reading.note == _AGAIN:
            return page
        return {**page, "items": items, "continuationToken": reading.cursor(reading.start, note=_AGAIN)}

    return changed


def _counted(change: Callable[[int], int | None]) -> Change:
    """Change the count where one was asked for."""

    def changed(reading: Reading, page: Json) -> Json:
        count = page["totalCount"]
        return page if count is None else {**page, "totalCount": change(count)}

    return changed


def _larger(reading: Reading, page: Json) -> Json:
    return _between(reading, page, reading.start, reading.start + 2 * reading.size)


def _smaller(reading: Reading, page: Json) -> Json:
    return _between(reading, page, reading.start, reading.start + max(1, reading.size // 2))


def _overlapping(reading: Reading, page: Json) -> Json:
    if not reading.start:
        return page
    first = reading.start - 1
    return _between(reading, page, first, first + max(2, reading.size))  # with one row a page it would never move


def _changed_row(reading: Reading, page: Json) -> Json:
    overlapping = _overlapping(reading, page)
    if overlapping is page:
        return page
    first, *others = overlapping["items"]
    news = {"status": "Changed", "updatedAt": "2026-07-05T11:59:59.9999999Z"}
    return {**overlapping, "items": [{**first, **{name: news[name] for name in news if name in first}}, *others]}


def _missing_row(reading: Reading, page: Json) -> Json:
    if reading.start or reading.size >= reading.total:
        return page
    return {**page, "continuationToken": reading.cursor(reading.size + 1)}


def _without_items(reading: Reading, page: Json) -> Json:
    return {name: value for name, value in page.items() if name != "items"}


def _as_texts(reading: Reading, page: Json) -> Json:
    return {**page, "items": [f"row {reading.start + at}" for at in range(len(page.get("items") or ()))]}


def _of_other_types(row: Json) -> Json:
    words = [name for name in _WORDS if name in row]
    changed = [7, {"value": "text", "count": 7}]
    return {**row, **dict(zip(words, changed, strict=False))}


LIST_FAULTS: tuple[Fault, ...] = (
    Fault(
        "repeated_cursor",
        "Every page after the first carries the cursor it was asked for with.",
        "A list that never ends must be noticed.",
        "a PagingError, or a frame that says it is not whole",
        page=_repeated_cursor,
    ),
    Fault(
        "cursor_loop",
        "The third page leads back to the second: good cursors that go in a circle.",
        "No cursor comes twice in a row, and still there is no end.",
        "stops at the first cursor that it has seen before, and says that the list is not whole",
        page=_from(3, _looped),
    ),
    Fault(
        "repeated_page",
        "From the third page on, the rows of the second come again; the cursors move on.",
        "A cursor that moves is no proof that the rows do.",
        "notices rows that it has, and says that the list is not whole",
        page=_from(3, _repeated_page),
    ),
    Fault(
        "empty_page",
        "The second page has no rows but a good cursor, under which its rows come.",
        "A list ends where there is no cursor, not where there are no rows.",
        "goes on; every row",
        page=_once_without([]),
    ),
    Fault(
        "null_items",
        "The second page has null for items and a good cursor, under which its rows come.",
        "Null is one way of writing nothing.",
        "goes on with every row, or an error that names the page and keeps the rows that came",
        page=_once_without(None),
    ),
    Fault(
        "no_items",
        "Pages have no member items.",
        "A 200 with JSON in it is not yet a page.",
        "a ResponseError that says what is missing; never an empty table",
        page=_without_items,
    ),
    Fault(
        "items_of_text",
        "The items of a page are texts and not objects.",
        "A row is an object; anything else has no columns.",
        "a ResponseError that says so; never a table of another shape",
        page=_as_texts,
    ),
    Fault(
        "lying_count",
        "totalCount is seven too high.",
        "A count is a claim; the end of the list is what counts.",
        "every row, and a word about the count that does not match",
        page=_counted(lambda count: count + 7),
    ),
    Fault(
        "no_count",
        "totalCount is null although it was asked for.",
        "A count can be denied; a progress bar must do without.",
        "every row, and no claim about how many there should be",
        page=_counted(lambda count: None),
    ),
    Fault(
        "larger_page",
        "Pages have up to twice as many rows as were asked for, and cursors go on after them.",
        "A page size is a wish.",
        "every row once",
        page=_larger,
    ),
    Fault(
        "smaller_page",
        "Pages have half as many rows as were asked for, and cursors go on after them.",
        "A page that is not full is not the last.",
        "every row once",
        page=_smaller,
    ),
    Fault(
        "overlapping_page",
        "Every page after the first begins with the last row of the page before.",
        "Rows that arrive while a list is read can push others onto the next page.",
        "every row once, and the number of doubles",
        page=_overlapping,
    ),
    Fault(
        "changed_row",
        "As overlapping_page, but the row that comes again has another status and a later updatedAt.",
        "Two readings of one row need not agree; the later one is news.",
        "every row once, and the number of rows that changed",
        page=_changed_row,
    ),
    Fault(
        "missing_row",
        "The first row of the second page is left out, and totalCount counts it.",
        "Rows that leave while a list is read can pull others past the reader.",
        "says that a row fewer came than were counted",
        page=_missing_row,
    ),
    Fault(
        "late_key",
        "From the third page on, every row has a further key.",
        "Columns are not known before the last row.",
        "every row, with the late column empty in the earlier ones",
        page=_from(3, _in_each_row(lambda row: {**row, "lateKey": "late"})),
    ),
    Fault(
        "type_change",
        "From the third page on, one text of each row is a number and one an object: firstName and status of a lead.",
        "A schema says what should come and not what comes.",
        "every row, each value as it came",
        page=_from(3, _in_each_row(_of_other_types)),
    ),
    Fault(
        "deep_json",
        "The first row of a page has two hundred arrays, one in the other.",
        "Depth is a cost that a server chooses for its clients.",
        "every row, or a ResponseError; never a crash",
        answer=_in_the_first_row(b'"deepKey":' + b"[" * 200 + b"]" * 200),
    ),
    Fault(
        "repeated_member",
        "The first row of a page has its id twice, the true one last.",
        "JSON leaves open what a name means that comes twice; nearly all readers take the last (RFC 8259, section 4).",
        "every row under its true id",
        answer=_in_the_first_row(b'"id":"another_row"'),
    ),
    Fault(
        "lone_surrogate",
        "The first row of a page has a text with half of a surrogate pair.",
        "JSON can write texts that UTF-8 cannot (RFC 8259, section 8.2).",
        "every row, and the text in a form that can be stored",
        answer=_in_the_first_row(rb'"oddText":"half \ud83d of it"'),
    ),
    Fault(
        "wide_number",
        "The first row of a page has the whole number 10 to the power of 30.",
        "JSON sets no bound to numbers; columns have one.",
        "every row, with every digit",
        answer=_in_the_first_row(b'"wideNumber":1' + b"0" * 30),
    ),
)
"""The faults of lists."""
