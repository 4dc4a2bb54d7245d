"""What surrounds the rows of a page is what Python's own reader of JSON finds there."""

import json

import pytest
from hypothesis import given, settings, strategies as st

from leadping_nb.bodies import Envelope, envelope_of

TOTALS = (7, None, True, "7", 1.5)
CURSORS = ("a", "", None, 5, "]}", '"}', '],"totalCount":1}', '"items":[{}]', "\\", "x" * 5_000, "é\u2028\x00")
OTHERS = (None, 1e5, "]", [], [1], [{"continuationToken": "no"}], {}, {"items": [], "totalCount": 9})
ROWS = (
    [],
    [{}],
    [{"a": "]}"}, {"],": {":": ":1"}}],
    [{"continuationToken": "no", "totalCount": 9, "tags": [{"a": [1]}]}],
    [{"a": '],"continuationToken":"no","totalCount":9}'}],
)
NOT_ROWS = ([1], ["a"], [[]], "[]", 1, {"a": []})
PAGES = st.fixed_dictionaries(
    {"items": st.sampled_from((*ROWS, *NOT_ROWS, None))},
    optional={
        "continuationToken": st.sampled_from(CURSORS),
        "totalCount": st.sampled_from(TOTALS),
        "pageSize": st.sampled_from(OTHERS),
        'odd "key": [': st.sampled_from(OTHERS),
    },
)


def plain(body):
    """Give whether there are rows, whether they have a mark, the cursor and the total, by Python's own reader."""
    page = json.loads(body)
    items, cursor, total = page["items"], page.get("continuationToken"), page.get("totalCount")
    has_items = items is None or (isinstance(items, list) and all(isinstance(item, dict) for item in items[:1]))
    return (
        has_items,
        has_items and bool(items),
        cursor if isinstance(cursor, str) and cursor else None,
        total if type(total) is int else None,
    )


def read(body):
    found = envelope_of(body)
    return found.has_items, bool(found.mark), found.cursor, found.total


@settings(max_examples=500, deadline=None)
@given(PAGES, st.randoms(use_true_random=False), st.booleans(), st.sampled_from([None, 1, "\t"]))
def test_a_page_is_read_as_python_reads_it_in_whatever_order_and_spacing_it_was_sent(page, random, escapes, indent):
    members = list(page.items())
    random.shuffle(members)
    body = json.dumps(dict(members), ensure_ascii=escapes, indent=indent).encode()
    assert read(body) == plain(body)


@pytest.mark.parametrize("before", ["", '"continuationToken":"a","totalCount":7,'])
@pytest.mark.parametrize("after", ["", ',"more":[]', ',"more":{}', ',"pageSize":2', ',"totalCount":8'])
def test_a_page_that_lacks_members_or_has_others_is_a_page(before, after):
    body = b"{%b%b%b}" % (before.encode(), b'"items":[{"id":"1"}]', after.encode())
    assert read(body) == plain(body)


@pytest.mark.parametrize("again", ['"[]"', "1", "null", "true", "{}"])
def test_the_last_of_members_of_one_name_counts(again):
    body = b'{"items":[{"id":"1"}],"continuationToken":"a","totalCount":7,"items":%b}' % again.encode()
    assert read(body) == plain(body)


def test_the_same_rows_have_the_same_mark_however_they_were_found():
    bodies = [b'{"items":[{"id":"1"}],"continuationToken":"a","totalCount":7}', b'{"items":[{"id":"1"}],"more":{}}']
    one, other = map(envelope_of, bodies)
    assert one.mark == other.mark != 0


def test_a_page_without_items_is_none():
    assert envelope_of(b'{"totalCount": 7}') == Envelope(has_items=False, mark=0, total=7)
