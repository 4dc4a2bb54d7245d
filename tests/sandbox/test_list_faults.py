from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from leadping_nb.sandbox import Sandbox
from leadping_nb.sandbox.list_faults import LIST_FAULTS

SIZE = 40
LEADS = 200
IDS = [f"lead_{number:07}" for number in range(LEADS, 0, -1)]
PAGES = [IDS[at : at + SIZE] for at in range(0, LEADS, SIZE)]

Ask = Callable[..., httpx.Response]


@dataclass
class Walk:
    """Pages as a client sees them that follows cursors and believes everything."""

    pages: list[Any]

    @property
    def ids(self) -> list[list[str] | None]:
        return [None if page["items"] is None else [row["id"] for row in page["items"]] for page in self.pages]

    @property
    def cursors(self) -> list[str | None]:
        return [page["continuationToken"] for page in self.pages]

    @property
    def flat(self) -> list[str]:
        return [id_ for ids in self.ids for id_ in ids or ()]


@pytest.fixture
def ask(sandbox: Sandbox, client: httpx.Client) -> Ask:
    def asked(**options: object) -> httpx.Response:
        headers = {"Authorization": f"Bearer {sandbox.business_key}"}
        return client.post(sandbox.url + "/leads/all/my", json={"pageSize": SIZE, **options}, headers=headers)

    return asked


@pytest.fixture
def walk(ask: Ask, sandbox: Sandbox) -> Iterator[Callable[..., Walk]]:
    """Walk over all leads; at the end walk once more, for the list must be clean again."""

    def walked(*, most: int = 20, **options: object) -> Walk:
        pages: list[Any] = []
        while len(pages) < most:
            cursor = pages[-1]["continuationToken"] if pages else None
            answer = ask(includeCount=True, continuationToken=cursor, **options)
            assert answer.status_code == 200
            pages.append(answer.json())
            if pages[-1]["continuationToken"] is None:
                break
        return Walk(pages)

    yield walked
    sandbox.faults.off()
    clean = walked()
    assert clean.ids == PAGES
    assert [page["totalCount"] for page in clean.pages] == [LEADS] * 5


Walker = Callable[..., Walk]


def test_the_cursor_repeats(sandbox: Sandbox, walk: Walker) -> None:
    with sandbox.faults.on("repeated_cursor"):
        seen = walk(most=4)
    assert seen.ids == [PAGES[0], PAGES[1], PAGES[1], PAGES[1]]
    assert len(set(seen.cursors)) == 1


def test_cursors_go_in_a_circle(sandbox: Sandbox, walk: Walker) -> None:
    with sandbox.faults.on("cursor_loop"):
        seen = walk(most=6)
    assert seen.ids == [PAGES[0], PAGES[1], PAGES[2], PAGES[1], PAGES[2], PAGES[1]]
    to_second, to_third = seen.cursors[:2]
    assert seen.cursors == [to_second, to_third] * 3
    assert to_second != to_third


def test_the_rows_of_a_page_come_again_and_the_cursors_move(sandbox: Sandbox, walk: Walker) -> None:
    with sandbox.faults.on("repeated_page"):
        seen = walk()
    assert seen.ids == [PAGES[0], PAGES[1], PAGES[1], PAGES[1], PAGES[1]]
    assert len(set(seen.cursors)) == 5


@pytest.mark.parametrize(("name", "items"), [("empty_page", []), ("null_items", None)])
def test_a_page_in_the_middle_has_nothing_and_no_row_is_lost(
    name: str, items: list[str] | None, sandbox: Sandbox, walk: Walker
) -> None:
    with sandbox.faults.on(name):
        seen = walk()
    assert seen.ids == [PAGES[0], items, *PAGES[1:]]
    assert len(set(seen.cursors)) == 6


def test_two_pages_with_nothing_do_not_wait_for_each_other(sandbox: Sandbox, walk: Walker) -> None:
    with sandbox.faults.on("empty_page"), sandbox.faults.on("null_items"), sandbox.faults.on("repeated_cursor"):
        assert walk(most=3).ids == [PAGES[0], None, None]
    with sandbox.faults.on("empty_page"), sandbox.faults.on("null_items"):
        assert walk().flat == IDS


def test_pages_have_no_items(sandbox: Sandbox, walk: Walker) -> None:
    with sandbox.faults.on("no_items"):
        seen = walk()
    assert [sorted(page) for page in seen.pages] == [["continuationToken", "pageSize", "totalCount"]] * 5


def test_items_are_texts(sandbox: Sandbox, walk: Walker) -> None:
    with sandbox.faults.on("items_of_text"):
        seen = walk()
    assert [item for page in seen.pages for item in page["items"]] == [f"row {at}" for at in range(LEADS)]


@pytest.mark.parametrize(("name", "count"), [("lying_count", LEADS + 7), ("no_count", None)])
def test_the_count_lies_or_is_missing_and_no_row_is_lost(
    name: str, count: int | None, sandbox: Sandbox, walk: Walker, ask: Ask
) -> None:
    with sandbox.faults.on(name):
        seen = walk()
        assert ask().json()["totalCount"] is None
    assert seen.ids == PAGES
    assert [page["totalCount"] for page in seen.pages] == [count] * 5


@pytest.mark.parametrize(("name", "size"), [("larger_page", 80), ("smaller_page", 20)])
def test_pages_have_another_size_and_no_row_is_lost(name: str, size: int, sandbox: Sandbox, walk: Walker) -> None:
    with sandbox.faults.on(name):
        seen = walk()
    assert seen.ids == [IDS[at : at + size] for at in range(0, LEADS, size)]
    assert [page["pageSize"] for page in seen.pages] == [SIZE] * len(seen.pages)


def test_a_page_that_would_be_the_same_does_not_count(sandbox: Sandbox, ask: Ask) -> None:
    sandbox.faults.on("larger_page", times=1)
    assert len(ask(pageSize=LEADS).json()["items"]) == LEADS
    assert sandbox.faults.active == ("larger_page",)
    sandbox.faults.on("smaller_page", times=1)
    assert len(ask(pageSize=1, continuationToken=None).json()["items"]) == 2  # larger, but no smaller
    assert sandbox.faults.active == ("smaller_page",)


def test_pages_overlap_by_a_row_and_no_row_is_lost(sandbox: Sandbox, walk: Walker) -> None:
    with sandbox.faults.on("overlapping_page"):
        seen = walk()
    starts = [0, *range(SIZE - 1, LEADS - 1, SIZE - 1)]
    assert seen.ids == [IDS[start : start + SIZE] for start in starts]
    assert list(dict.fromkeys(seen.flat)) == IDS
    assert len(seen.flat) == LEADS + len(seen.pages) - 1
    for before, after in zip(seen.pages, seen.pages[1:], strict=False):
        assert before["items"][-1] == after["items"][0]


def test_pages_of_one_row_overlap_and_still_end(sandbox: Sandbox, walk: Walker) -> None:
    with sandbox.faults.on("overlapping_page"):
        seen = walk(most=LEADS + 1, pageSize=1)
    assert [len(ids or ()) for ids in seen.ids] == [1] + [2] * (LEADS - 1)
    assert list(dict.fromkeys(seen.flat)) == IDS


def test_a_row_that_comes_again_has_changed(sandbox: Sandbox, walk: Walker) -> None:
    with sandbox.faults.on("changed_row"):
        seen = walk()
    assert list(dict.fromkeys(seen.flat)) == IDS
    for before, after in zip(seen.pages, seen.pages[1:], strict=False):
        old, new = before["items"][-1], after["items"][0]
        assert {name for name in old if old[name] != new[name]} == {"status", "updatedAt"}
        assert new["updatedAt"] > old["updatedAt"]
        assert after["items"][1]["status"] != "Changed"


def test_a_row_is_missing_and_counted(sandbox: Sandbox, walk: Walker) -> None:
    with sandbox.faults.on("missing_row"):
        seen = walk()
    assert seen.flat == [id_ for id_ in IDS if id_ != IDS[SIZE]]
    assert [page["totalCount"] for page in seen.pages] == [LEADS] * 5
    assert [len(ids or ()) for ids in seen.ids] == [40, 40, 40, 40, 39]


def test_a_list_of_one_page_loses_no_row(sandbox: Sandbox, ask: Ask) -> None:
    with sandbox.faults.on("missing_row", times=1):
        assert ask(pageSize=LEADS).json()["continuationToken"] is None
        assert sandbox.faults.active == ("missing_row",)
        assert ask(pageSize=LEADS - 1).json()["continuationToken"] is None  # the last row is the one that is missing
        assert sandbox.faults.active == ()


def test_a_key_comes_late(sandbox: Sandbox, walk: Walker) -> None:
    with sandbox.faults.on("late_key"):
        seen = walk()
    assert seen.ids == PAGES
    late = [[row.get("lateKey") for row in page["items"]] for page in seen.pages]
    assert late == [[None] * SIZE] * 2 + [["late"] * SIZE] * 3


def test_types_change(sandbox: Sandbox, walk: Walker) -> None:
    with sandbox.faults.on("type_change"):
        seen = walk()
    assert seen.ids == PAGES
    names = [{type(row["firstName"]) for row in page["items"]} for page in seen.pages]
    statuses = [{type(row["status"]) for row in page["items"]} for page in seen.pages]
    assert names[0] <= {str, type(None)}
    assert names[2:] == [{int}] * 3
    assert statuses == [{str}] * 2 + [{dict}] * 3


def test_rows_of_text_have_no_late_key(sandbox: Sandbox, walk: Walker) -> None:
    with sandbox.faults.on("items_of_text"), sandbox.faults.on("late_key"):
        assert walk().pages[2]["items"][0] == f"row {2 * SIZE}"
    with sandbox.faults.on("no_items"), sandbox.faults.on("late_key"):
        assert len(walk().pages) == 5


def test_json_is_two_hundred_arrays_deep(sandbox: Sandbox, walk: Walker) -> None:
    with sandbox.faults.on("deep_json"):
        seen = walk()
    assert seen.ids == PAGES
    for page in seen.pages:
        assert [at for at, row in enumerate(page["items"]) if "deepKey" in row] == [0]
        value, depth = page["items"][0]["deepKey"], 1
        while value:
            (value,), depth = value, depth + 1
        assert depth == 200


def test_a_member_comes_twice_and_the_true_one_last(sandbox: Sandbox, walk: Walker, ask: Ask) -> None:
    with sandbox.faults.on("repeated_member"):
        assert walk().ids == PAGES
        pairs = json.loads(ask().text, object_pairs_hook=lambda members: members)
    first_row = dict(pairs)["items"][0]
    assert [value for name, value in first_row if name == "id"] == ["another_row", IDS[0]]


def test_a_text_has_half_of_a_pair(sandbox: Sandbox, walk: Walker, ask: Ask) -> None:
    with sandbox.faults.on("lone_surrogate"):
        seen = walk()
        assert rb'"oddText":"half \ud83d of it"' in ask().content
    assert seen.ids == PAGES
    with pytest.raises(UnicodeEncodeError):
        seen.pages[0]["items"][0]["oddText"].encode()


def test_a_number_is_wider_than_any_column(sandbox: Sandbox, walk: Walker) -> None:
    with sandbox.faults.on("wide_number"):
        seen = walk()
    assert seen.ids == PAGES
    assert [page["items"][0]["wideNumber"] for page in seen.pages] == [10**30] * 5
    assert all("wideNumber" not in row for page in seen.pages for row in page["items"][1:])


def test_rows_outside_of_pages_change_too_but_no_single_answer(sandbox: Sandbox, client: httpx.Client) -> None:
    headers = {"Authorization": f"Bearer {sandbox.user_token}"}
    with sandbox.faults.on("wide_number", times=2):
        assert "wideNumber" not in client.get(sandbox.url + "/users/me", headers=headers).text
        tags = client.get(sandbox.url + "/tags", headers=headers).json()
        with sandbox.faults.on("pretty_printed"), sandbox.faults.on("wide_number"):
            mixed = client.get(sandbox.url + "/tags", headers=headers).json()
    assert tags[0]["wideNumber"] == mixed[0]["wideNumber"] == 10**30


@pytest.mark.parametrize("name", [fault.name for fault in LIST_FAULTS])
def test_a_fault_of_lists_waits_for_its_turn_and_comes_once(
    name: str, sandbox: Sandbox, walk: Walker, ask: Ask
) -> None:
    """Ask for one and the same third page three times: only the second answer is changed."""
    options: dict[str, object] = {"includeCount": True}
    if name != "missing_row":
        wanted = 1 if name in ("empty_page", "null_items") else 2
        for _ in range(wanted):
            options["continuationToken"] = ask(**options).json()["continuationToken"]
    before = ask(**options).content
    sandbox.faults.on(name, after=1, times=1)
    answers = [ask(**options).content for _ in range(3)]
    assert [answer == before for answer in answers] == [True, False, True]
    assert sandbox.faults.active == ()
    assert walk().ids == PAGES
