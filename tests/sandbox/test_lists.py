from __future__ import annotations

import base64

import pytest

from leadping_nb.models import Field
from leadping_nb.sandbox.lists import InvalidOptions, read
from leadping_nb.sandbox.rows import Row, Rows

COLUMNS = {
    "id": Field("id", "string"),
    "name": Field("name", "string"),
    "size": Field("size", "integer"),
    "price": Field("price", "number", "double"),
    "on": Field("on", "boolean"),
    "at": Field("at", "string", "date-time"),
    "status.kind": Field("kind", "string"),
    "tags": Field("tags", "array"),
    "free": Field("free", "any"),
}
NAMES = ("José", "anna", "Bob", None)


def row(index: int) -> dict[str, object]:
    return {
        "id": f"id{index}",
        "name": NAMES[index % 4],
        "size": index % 10 if index % 7 else None,
        "price": index / 4,
        "on": index % 2 == 0,
        "at": f"2026-01-{1 + index % 28:02}T00:00:00.1234567Z",
        "status": {"kind": "open" if index % 3 else "shut"} if index % 5 else None,
        "tags": [],
        "free": index,
    }


ROWS = Rows(400, row)


def page(rows: Rows, options: dict[str, object], *, signing: bytes = b"") -> Row:
    return read(rows, options, columns=COLUMNS, signing=signing).page()


def ids(options: dict[str, object], rows: Rows = ROWS) -> list[object]:
    """Page to the end."""
    found: list[object] = []
    token = None
    while True:
        answer = page(rows, options | ({"continuationToken": token} if token else {}))
        found += [item["id"] for item in answer["items"]]
        token = answer["continuationToken"]
        if token is None:
            return found


@pytest.mark.parametrize(("wanted", "given"), [(None, 50), (0, 50), (7, 7), (500, 500), (501, 500), (10**9, 500)])
def test_page_size_has_a_default_and_a_cap(wanted: int | None, given: int) -> None:
    answer = page(Rows(1_000, row), {"pageSize": wanted})
    assert (answer["pageSize"], len(answer["items"])) == (given, given)
    assert page(ROWS, {})["pageSize"] == 50


def test_count_comes_only_when_asked_for() -> None:
    assert page(ROWS, {})["totalCount"] is None
    assert page(ROWS, {"includeCount": True})["totalCount"] == 400
    assert page(ROWS, {"includeCount": True, "search": "jos"})["totalCount"] == 100


@pytest.mark.parametrize("size", [1, 50, 399, 400, 500])
def test_pages_give_every_row_once(size: int) -> None:
    assert ids({"pageSize": size}) == [f"id{index}" for index in range(400)]


def test_page_size_may_change_between_pages() -> None:
    first = page(ROWS, {"pageSize": 10})
    second = page(ROWS, {"pageSize": 20, "continuationToken": first["continuationToken"]})
    assert [item["id"] for item in second["items"]] == [f"id{index}" for index in range(10, 30)]


def test_rows_that_arrive_in_front_move_nothing() -> None:
    first = page(ROWS, {"pageSize": 10})
    longer = ROWS.after([{"id": "new"}])
    second = page(longer, {"pageSize": 10, "continuationToken": first["continuationToken"]})
    assert second["items"][0]["id"] == "id10"


def test_cursors_of_other_options_lists_or_nothing_are_refused() -> None:
    token = str(page(ROWS, {"pageSize": 10}, signing=b"leads")["continuationToken"])
    forged = base64.urlsafe_b64encode(b"5.0").decode()
    for wrong in (token[:-2], token + "A", forged, "?", "é", "not base64 at all", token[::-1]):
        with pytest.raises(InvalidOptions, match="continuationToken"):
            page(ROWS, {"continuationToken": wrong}, signing=b"leads")
    with pytest.raises(InvalidOptions, match="continuationToken"):
        page(ROWS, {"continuationToken": token}, signing=b"events")
    with pytest.raises(InvalidOptions, match="continuationToken"):
        page(ROWS, {"continuationToken": token, "search": "x"}, signing=b"leads")


def test_order_is_stable_with_nulls_last_in_both_directions() -> None:
    rows = [row(index) for index in range(400)]
    for direction in ("asc", "desc"):
        sign = 1 if direction == "asc" else -1
        expected = sorted(rows, key=lambda r: (r["size"] is None, sign * (r["size"] or 0)))
        assert ids({"orderBy": [{"field": "size", "direction": direction}]}) == [r["id"] for r in expected]
    expected = sorted(rows, key=lambda r: (r["name"] is None, r["name"] or "", -r["price"]))
    orders = [{"field": "name", "direction": "asc"}, {"field": "price", "direction": "desc"}]
    assert ids({"orderBy": orders, "pageSize": 37}) == [r["id"] for r in expected]


def test_search_ignores_case_and_looks_in_the_given_fields() -> None:
    assert ids({"search": "JOS"}) == [f"id{index}" for index in range(0, 400, 4)]
    assert ids({"search": "OPEN", "searchFields": ["name"]}) == []
    assert len(ids({"search": "OPEN"})) == len(ids({"search": "open", "searchFields": ["status.kind"]})) > 0
    assert ids({"search": ""}) == ids({})
    with pytest.raises(InvalidOptions, match="size is no text"):
        ids({"search": "x", "searchFields": ["size"]})


@pytest.mark.parametrize(
    ("field", "value"),
    [("size", 3), ("price", 2), ("price", 2.25), ("on", True), ("name", "anna"), ("name", None), ("free", 17)],
)
def test_filters_compare_with_the_field_type(field: str, value: object) -> None:
    wanted = [
        r["id"]
        for r in map(row, range(400))
        if r[field] == value and isinstance(r[field], bool) == isinstance(value, bool)
    ]
    assert ids({"filters": [{"field": field, "value": value}]}) == wanted != []


def test_filters_and_ranges_must_all_hold() -> None:
    both = [{"field": "on", "value": True}, {"field": "status.kind", "value": "shut"}]
    found = ids({"filters": both, "rangeFilters": [{"field": "price", "greaterThan": 10, "lessThanOrEqual": 50.0}]})
    expected = [i for i in range(400) if i % 2 == 0 and i % 5 and i % 3 == 0 and 10 < i / 4 <= 50]
    assert found == [f"id{index}" for index in expected]


def test_date_times_compare_as_instants() -> None:
    same = {"field": "at", "value": "2026-01-05T02:00:00.1234567+02:00"}
    assert ids({"filters": [same]}) == [f"id{i}" for i in range(400) if i % 28 == 4]
    bounds = {
        "field": "at",
        "greaterThanOrEqual": "2026-01-05T00:00:00.1234567Z",
        "lessThan": "2026-01-06T00:00:00.1234567Z",
    }
    assert ids({"rangeFilters": [bounds]}) == ids({"filters": [same]})
    assert ids({"rangeFilters": [bounds | {"greaterThanOrEqual": "2026-01-05T00:00:00.1234568Z"}]}) == []


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"pageSize": -1}, "pageSize must not be negative"),
        ({"pageSize": "10"}, "pageSize must be a whole number"),
        ({"pageSize": True}, "pageSize must be a whole number"),
        ({"pagesize": 10}, "'pagesize'; the nearest is 'pageSize'"),
        ({"includeCount": "yes"}, "includeCount must be a boolean"),
        ({"search": 3}, "search must be a text"),
        ({"searchFields": "name"}, "searchFields must be an array"),
        ({"searchFields": ["nmae"]}, "no field 'nmae'; the nearest is 'name'"),
        ({"orderBy": "size"}, "orderBy must be an array of objects"),
        ({"orderBy": ["size"]}, "orderBy must be an array of objects"),
        ({"orderBy": [{"field": "sise"}]}, "orderBy: there is no field 'sise'; the nearest is 'size'"),
        ({"orderBy": [{"field": "size", "direction": "up"}]}, "direction of size must be asc or desc"),
        ({"orderBy": [{"field": "size", "descending": True}]}, "orderBy has no 'descending'"),
        ({"orderBy": [{"direction": "asc"}]}, "needs a field"),
        ({"orderBy": [{"field": "tags"}]}, "tags is a array"),
        ({"filters": [{"field": "status.knd", "value": 1}]}, "nearest is 'status.kind'"),
        ({"filters": [{"field": "size", "value": "3"}]}, "filters: size wants a integer"),
        ({"filters": [{"field": "size", "value": True}]}, "filters: size wants a integer"),
        ({"filters": [{"field": "name", "value": 3}]}, "filters: name wants a string"),
        ({"filters": [{"field": "on", "value": 1}]}, "filters: on wants a boolean"),
        ({"filters": [{"field": "at", "value": "May"}]}, "filters: at wants a date-time"),
        ({"filters": [{"field": "size", "value": [3]}]}, "filters: size wants a integer"),
        ({"rangeFilters": [{"field": "size"}]}, "size has no bound"),
        ({"rangeFilters": [{"field": "on", "lessThan": True}]}, "on is a boolean and has no order"),
        ({"rangeFilters": [{"field": "size", "lesThan": 1}]}, "nearest is 'lessThan'"),
        ({"rangeFilters": [{"field": "size", "lessThan": "1"}]}, "rangeFilters: size wants a integer"),
        ({"continuationToken": 5}, "continuationToken must be a text"),
    ],
)
def test_options_that_cannot_be_honoured_are_named(options: dict[str, object], says: str) -> None:
    with pytest.raises(InvalidOptions, match=says.replace("'", ".")) as caught:
        page(ROWS, options)
    assert caught.value.detail == str(caught.value)


def test_options_of_null_count_as_missing() -> None:
    nothing = dict.fromkeys(
        ("continuationToken", "includeCount", "orderBy", "search", "searchFields", "filters", "rangeFilters")
    )
    assert page(ROWS, nothing) == page(ROWS, {})


def test_without_a_query_only_the_page_is_made() -> None:
    made: list[int] = []
    rows = Rows(10**9, lambda index: made.append(index) or {"id": index})
    answer = page(rows, {"pageSize": 5, "includeCount": True})
    assert (made, answer["totalCount"]) == ([0, 1, 2, 3, 4], 10**9)


def test_a_query_is_searched_once_for_all_its_pages() -> None:
    made: list[int] = []
    rows = Rows(300, lambda index: made.append(index) or row(index))
    options: dict[str, object] = {"filters": [{"field": "on", "value": True}], "pageSize": 10}
    assert len(ids(options, rows)) == 150
    assert len(made) == 300 + 150


def test_an_empty_list_is_one_page() -> None:
    answer = page(Rows(0, row), {"orderBy": [{"field": "size"}], "includeCount": True})
    assert answer == {"items": [], "pageSize": 50, "continuationToken": None, "totalCount": 0}


def test_rows_behave_as_a_sequence() -> None:
    assert ROWS[-1] == row(399)
    assert ROWS[5:8] == [row(5), row(6), row(7)]
    assert [r["id"] for r in ROWS.picked([3, 1])] == ["id3", "id1"]
    with pytest.raises(IndexError):
        ROWS[400]
    order = [7, 399, 0, 7, 42]
    assert [ROWS[at] for at in order] == [row(at) for at in order]


def test_a_reading_knows_every_other_page_of_its_list() -> None:
    options: dict[str, object] = {"filters": [{"field": "on", "value": True}], "pageSize": 10}
    first = read(ROWS, options, columns=COLUMNS)
    assert (first.start, first.number, first.size, first.total, first.note) == (0, 1, 10, 200, "")
    second = read(ROWS, options | {"continuationToken": first.page()["continuationToken"]}, columns=COLUMNS)
    assert (second.start, second.number) == (10, 2)
    assert second.rows(0, 10) == first.page()["items"]
    assert [row["id"] for row in second.rows(198, 300)] == ["id396", "id398"]
    assert first.cursor(10) == first.page()["continuationToken"]
    assert first.cursor(200) is None


def test_a_note_on_a_cursor_changes_nothing_but_itself() -> None:
    first = read(ROWS, {"pageSize": 10}, columns=COLUMNS)
    noted = read(ROWS, {"pageSize": 10, "continuationToken": first.cursor(10, note="again")}, columns=COLUMNS)
    plain = read(ROWS, {"pageSize": 10, "continuationToken": first.cursor(10)}, columns=COLUMNS)
    assert first.cursor(10, note="again") != first.cursor(10)
    assert (noted.note, plain.note) == ("again", "")
    assert noted.page() == plain.page()
