"""What surrounds the rows of a page: read from its ends where these tell all, and as JSON means it in any case."""

import json

import pytest
from hypothesis import given, settings, strategies as st

from leadping_nb.bodies import BOM, envelope_of

ROWS = b'[{"id":"1","note":"]}"},{"id":"2","tags":[1,[2]]}]'


def expected(body):
    page = json.loads(body)
    cursor, total = page.get("continuationToken"), page.get("totalCount")
    return (
        page["items"] is None or isinstance(page["items"], list),
        cursor if isinstance(cursor, str) and cursor else None,
        total if isinstance(total, int) and not isinstance(total, bool) else None,
    )


def read(body):
    envelope = envelope_of(body)
    return (envelope.has_items, envelope.cursor, envelope.total)


@pytest.mark.parametrize(
    "body",
    [
        b'{"continuationToken":"a","items":%b,"pageSize":2,"totalCount":7}' % ROWS,
        b'{"items":%b,"continuationToken":"a","totalCount":7}' % ROWS,
        b'{"totalCount":7,"continuationToken":null,"items":%b}' % ROWS,
        b'{"continuationToken":"a","totalCount":7,"items":[]}',
        b'{"continuationToken":"a","totalCount":7,"items":null}',
        b'{"continuationToken":"a","items":%b}' % ROWS,
        b'{"items":%b}' % ROWS,
        b' {\n "continuationToken" : "a" ,\n "items" : [ \n {"id": 1} ] ,\n "totalCount" : 7 } \n' % (),
        b'{"continuationToken":"a\\u0022\\\\","items":%b,"totalCount":7}' % ROWS,
        b'{"items":%b,"totalCount":7,"continuationToken":"[{\\"a\\":[1]}]"}' % ROWS,
        b'{"items":%b,"totalCount":7,"continuationToken":"],\\"totalCount\\":9}"}' % ROWS,
        b'{"items":%b,"totalCount":7,"continuationToken":"%b"}' % (ROWS, b"]" * 5000),
        b'{"items":%b,"facets":{"continuationToken":"x","totalCount":1},"continuationToken":"a"}' % ROWS,
        b'{"items":%b,"continuationToken":"a","totalCount":7,"facets":["b"]}' % ROWS,
        b'{"continuationToken":"a","items":%b,"totalCount":7,"facets":[{"totalCount":1}]}' % ROWS,
        b'{"facets":["b"],"continuationToken":"a","items":%b,"totalCount":7}' % ROWS,
        b'{"items":[{"continuationToken":"x","totalCount":1}],"pageSize":1}',
        b'{"items":[{"a":[{"continuationToken":"x","totalCount":1}]}]}',
        b'{"continuationToken":"a","continuationToken":"b","items":%b,"totalCount":7,"totalCount":8}' % ROWS,
        b'{"continuationToken":"a","items":%b,"totalCount":7,"continuationToken":"b"}' % ROWS,
        b'{"cont\\u0069nuationToken":"a","items":%b,"totalCount":7}' % ROWS,
        b'{"continuationToken":7,"items":%b,"totalCount":"7"}' % ROWS,
        b'{"continuationToken":"","items":%b,"totalCount":true}' % ROWS,
        b'{"continuationToken":"a","items":%b,"totalCount":1e2}' % ROWS,
        b'{"continuationToken":"a","items":%b,"totalCount":%b}' % (ROWS, b"9" * 400),
        b'{"continuationToken":"\xc3\xa9\\ud83d\\ude00","items":%b,"totalCount":7}' % ROWS,
        b'{"continuationToken":"\\ud83d","items":%b,"totalCount":7}' % ROWS,
    ],
)
def test_a_page_is_read_as_json_means_it(body):
    assert read(body) == expected(body)
    assert read(BOM + body) == expected(body)


@pytest.mark.parametrize("again", [b'"[]"', b"1", b"true", b"{}"])
def test_of_rows_that_come_twice_the_last_count(again):
    body = b'{"items":%b,"continuationToken":"a","totalCount":7,"items":%b}' % (ROWS, again)
    assert read(body) == expected(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"<html>]}</html>",
        b'{"items":[{"id":1}',
        b'{"items":[{"id":1}],"totalCount":7',
        b'{"continuationToken":"a","items":[{"id":1}],"totalCount":7}}',
        b'{"continuationToken":"a","items":[{"id":1}],"totalCount":07}',
        b'{"continuationToken":"a\x01","items":[{"id":1}],"totalCount":7}',
        b'{"continuationToken":"\xff","items":[{"id":1}],"totalCount":7}',
        b'{"continuationToken":"a","items":[{"id":1}],"totalCount":nul}',
        b'{"continuationToken":"a",,"items":[{"id":1}],"totalCount":7}',
    ],
)
def test_what_is_no_page_gives_none(body):
    assert envelope_of(body) is None


@pytest.mark.parametrize("items", [b"1", b'"a"', b"true", b"[1]", b'["a"]', b"[null]", b'{"a":[{}]}'])
def test_items_that_are_no_objects_are_said_to_be_none(items):
    envelope = envelope_of(b'{"continuationToken":"a","items":%b,"totalCount":7}' % items)
    assert envelope is None or not envelope.has_items


def test_the_same_rows_have_the_same_mark_wherever_the_cursor_stands():
    bodies = [
        b'{"continuationToken":"a","items":%b,"totalCount":7}' % ROWS,
        b'{"items":%b,"continuationToken":"b","totalCount":8}' % ROWS,
        b'{"items":%b,"continuationToken":"c","totalCount":9,"facets":[]}' % ROWS,
        BOM + b'{"items":%b}' % ROWS,
    ]
    marks = {envelope_of(body).mark for body in bodies}
    assert len(marks) == 1
    others = {envelope_of(body.replace(b'"2"', b'"3"')).mark for body in bodies}
    assert len(others) == 1
    assert marks.isdisjoint({*others, 0})
    assert envelope_of(b'{"continuationToken":"a","items":[],"totalCount":7}').mark == 0


texts = st.text(st.sampled_from('a]}[{",:\\ é\n😀'), max_size=6)
flat = st.none() | st.booleans() | st.integers(-9, 9**20) | st.floats(allow_nan=False, allow_infinity=False) | texts
names = st.sampled_from(["continuationToken", "totalCount", "pageSize", "facets", "items "]) | texts
values = st.recursive(flat, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3))
members = st.lists(st.tuples(names, values | flat), max_size=4)
items = st.none() | st.lists(st.dictionaries(names, values, max_size=3), max_size=3)
gaps = st.sampled_from(["", " ", "\n\t", "\r\n"])


@settings(max_examples=400, deadline=None)
@given(members, items, members, gaps, st.booleans())
def test_any_page_is_read_as_json_means_it(before, rows, after, gap, escaped):
    listed = [*before, ("items", rows), *after]
    written = [f"{json.dumps(name, ensure_ascii=escaped)}{gap}:{gap}" + json.dumps(value) for name, value in listed]
    body = f"{gap}{{{gap}{f'{gap},{gap}'.join(written)}{gap}}}{gap}".encode()
    assert read(body) == expected(body)
