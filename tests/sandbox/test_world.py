from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from fitting import misfits
from sandbox_ids import IDS, IDS_BY_GROUP

from leadping_nb.contracts import REVISIONS, Operation, contract
from leadping_nb.sandbox import lists
from leadping_nb.sandbox.moments import ticks_of
from leadping_nb.sandbox.world import World

JULY = contract()
READS = [
    pytest.param(revision, operation, id=f"{revision} {operation.id}")
    for revision in REVISIONS
    for operation in contract(revision).operations
    if operation.effect == "read"
]


@pytest.fixture(scope="module")
def worlds() -> dict[str, World]:
    return {revision: World(contract(revision), leads=700) for revision in REVISIONS}


@pytest.fixture(scope="module")
def world(worlds: dict[str, World]) -> World:
    return worlds[JULY.revision]


def listed(world: World, identifier: str, revision: str = JULY.revision, **asked: object) -> list[dict[str, object]]:
    path = {name: str(value) for name, value in asked.items() if f"{{{name}}}" in identifier}
    query = {name: value for name, value in asked.items() if name not in path}
    return list(world.rows(contract(revision).operation(identifier), path, query))


def read(world: World, identifier: str, **path: str) -> dict[str, object]:
    return world.one(JULY.operation(identifier), path, {})


def path_of(world: World, revision: str, operation: Operation) -> dict[str, str]:
    path = {}
    for name in operation.path_parameters:
        if name in ("callEventId", "callId"):
            path[name] = listed(world, "POST /events/calls/all/my", revision)[0]["id"]
        elif name == "smsEventId":
            path[name] = listed(world, "POST /events/sms/all/my", revision)[0]["id"]
        elif name == "eventId":
            path[name] = listed(world, "POST /events/all/my", revision)[0]["id"]
        elif operation.path in ("/dispositions/{id}", "/lead-status-changes/{id}"):
            events = listed(world, "POST /events/all/my", revision)
            path[name] = next(row["id"] for row in events if row["eventCategory"] == "disposition").replace(
                "evt", "change"
            )
        else:
            path[name] = IDS.get(name) or IDS_BY_GROUP[operation.group]
    return path


@pytest.mark.parametrize(("revision", "operation"), READS)
def test_every_read_answers_with_what_fits_its_model(
    worlds: dict[str, World], revision: str, operation: Operation
) -> None:
    models = contract(revision).models
    path = path_of(worlds[revision], revision, operation)
    if operation.is_list:
        rows = worlds[revision].rows(operation, path, {})
        assert len(rows) > 0
        found = [problem for row in rows for problem in misfits(row, operation.row_model, models)]
        answer: object = lists.read(rows, {"includeCount": True}, columns=models.columns(operation.row_model)).page()
        if operation.response_model in models and operation.paged:
            found += misfits(answer, operation.response_model, models)
    else:
        answer = worlds[revision].one(operation, path, {})
        if operation.response_kind == "object":
            found = list(misfits(answer, operation.response_model, models))
        else:
            kinds = {"primitive:int": int, "primitive:bool": bool, "primitive:bytes": bytes, "none": type(None)}
            found = [] if type(answer) is kinds[operation.response_kind] else [f"{answer!r}"]
    assert sorted(set(found))[:10] == []
    if not isinstance(answer, bytes):
        json.dumps(answer, allow_nan=False)


@pytest.mark.parametrize(("revision", "operation"), [read for read in READS if "{" in read.values[1].path])
def test_unknown_ids_are_key_errors(worlds: dict[str, World], revision: str, operation: Operation) -> None:
    if "{phoneNumber}" in operation.path and operation.is_list:
        return  # a number that nobody has is an empty list
    for wrong in ("nobody", "lead_9999999", "lead_1", "", "evt_0000001_9", "lead_٠٠٠٠٠٠١"):
        path = dict.fromkeys(operation.path_parameters, wrong)
        with pytest.raises(KeyError):
            _ = (worlds[revision].rows if operation.is_list else worlds[revision].one)(operation, path, {})


def test_same_seed_same_world_and_another_seed_another_one() -> None:
    first, again, other = (
        [listed(World(JULY, leads=64, seed=seed), f"POST /{name}/all/my") for name in ("leads", "events", "usage")]
        for seed in (7, 7, 8)
    )
    assert first == again
    assert all(one != another for one, another in zip(first, other, strict=True))


def test_leads_come_newest_first_and_change_after_they_came(world: World) -> None:
    leads = listed(world, "POST /leads/all/my")
    created = [ticks_of(str(lead["createdAt"])) for lead in leads]
    assert all(newer > older for newer, older in pairwise(created))
    assert str(leads[-1]["createdAt"]).startswith("2026-01-05")
    assert str(leads[0]["createdAt"]).startswith("2026-07-04")
    assert all(ticks_of(str(lead["updatedAt"])) > at for lead, at in zip(leads, created, strict=True))


def test_leads_are_invented_people_with_fictional_numbers(world: World) -> None:
    leads = listed(world, "POST /leads/all/my")
    assert len({lead["id"] for lead in leads}) == len({lead["phone"] for lead in leads}) == 700
    assert len({lead["email"] for lead in leads}) == 700
    assert all(re.fullmatch(r"\+1\d{3}55501\d\d", str(lead["phone"])) for lead in leads)
    assert any(not str(lead["lastName"]).isascii() for lead in leads)
    assert any(lead["firstName"] is None for lead in leads)
    assert any(lead["price"] is None for lead in leads)


def test_sources_differ_in_volume_price_conversion_and_speed() -> None:
    world = World(JULY, leads=5_000)
    leads = listed(world, "POST /leads/all/my")
    by_source = {id_: [lead for lead in leads if lead["sourceId"] == id_] for id_ in world.source_ids}
    sold = {
        rows[0]["sourceName"]: sum(
            bool(lead["currentDisposition"]) and lead["currentDisposition"]["category"] == "Converted" for lead in rows
        )
        / len(rows)
        for rows in by_source.values()
    }
    assert sold["referral"] > 2 * sold["facebook"] > 0
    assert len(by_source["src_sandbox_01"]) > 5 * len(by_source["src_sandbox_08"]) > 100
    statuses = {lead["currentDisposition"]["category"] for lead in leads if lead["currentDisposition"]}
    assert statuses == {"Open", "Qualified", "Converted", "Lost", "Invalid", "Duplicate"}
    assert 0.02 < sum(bool(lead["isArchived"]) for lead in leads) / 5_000 < 0.05
    first = {}
    for event in reversed(listed(world, "POST /events/all/my")):
        first.setdefault(event["leadId"], []).append(ticks_of(str(event["createdAt"])))
    source = {lead["id"]: lead["sourceName"] for lead in leads}
    delays = {name: sorted((t[1] - t[0]) / 6e8 for id_, t in first.items() if source[id_] == name) for name in sold}
    middle = {name: values[len(values) // 2] for name, values in delays.items()}
    assert 1 < middle["marketplace"] < middle["google"] < middle["facebook"] < middle["direct mail"] < 300


def test_events_are_the_time_line_of_known_leads(world: World) -> None:
    leads = {lead["id"]: lead for lead in listed(world, "POST /leads/all/my")}
    events = listed(world, "POST /events/all/my")
    assert len({event["id"] for event in events}) == len(events)
    per_lead: dict[object, list[dict[str, object]]] = {}
    for event in events:
        per_lead.setdefault(event["leadId"], []).append(event)
    assert per_lead.keys() == leads.keys()
    assert {len(rows) for rows in per_lead.values()} == {2, 3, 4, 5, 6, 7, 8, 9}
    for id_, rows in per_lead.items():
        moments = [ticks_of(str(row["createdAt"])) for row in rows]
        assert moments == sorted(moments, reverse=True)
        assert rows[-1]["eventType"] == "lead.created"
        assert {row["sourceId"] for row in rows} == {leads[id_]["sourceId"]}


@pytest.mark.parametrize(("kind", "types"), [("calls", {"Call", "Voicemail"}), ("sms", {"Sms"})])
def test_calls_and_sms_are_events_of_the_same_id(world: World, kind: str, types: set[str]) -> None:
    rows = listed(world, f"POST /events/{kind}/all/my")
    events = {event["id"]: event for event in listed(world, "POST /events/all/my")}
    assert [row["id"] for row in rows] == [id_ for id_, event in events.items() if event["timelineType"] in types]
    for row in rows:
        event = events[row["id"]]
        shared = (
            "createdAt",
            "leadId",
            "conversationId",
            "fromPhoneNumber",
            "toPhoneNumber",
            "direction",
            "billableAmount",
        )
        assert [row[name] for name in shared] == [event[name] for name in shared]


def test_reads_by_id_agree_with_their_lists(world: World) -> None:
    event = listed(world, "POST /events/all/my")[7]
    assert read(world, "GET /events/{eventId}", eventId=str(event["id"])) == event
    detail = read(world, "GET /events/{eventId}/detail", eventId=str(event["id"]))
    assert detail["createdAt"] == event["createdAt"]
    call = listed(world, "POST /events/calls/all/my")[3]
    assert read(world, "GET /events/calls/{callEventId}", callEventId=str(call["id"])) == call
    sms = listed(world, "POST /events/sms/all/my")[3]
    assert read(world, "GET /events/sms/{smsEventId}", smsEventId=str(sms["id"])) == sms
    lead = listed(world, "POST /leads/all/my")[5]
    whole = read(world, "GET /leads/{id}", id=str(lead["id"]))
    for name in ("id", "createdAt", "tags", "currentDisposition", "isArchived"):
        assert whole[name] == lead[name]
    assert whole["contact"]["phone"]["number"] == lead["phone"]
    assert whole["metadata"]["price"] == lead["price"]
    for list_, one in (
        ("POST /automations/all/my", "GET /automations/{id}"),
        ("POST /sources/all/my", "GET /sources/{id}"),
        ("POST /transactions/all/my", "GET /transactions/{id}"),
    ):
        row = listed(world, list_)[-1]
        found = read(world, one, id=str(row["id"]))
        assert found["id"] == row["id"]
        assert found.get("createdAt", row.get("createdAt")) == row.get("createdAt", found.get("createdAt"))


def test_lists_of_one_lead_are_exactly_that_leads(world: World) -> None:
    lead = listed(world, "POST /leads/all/my")[33]
    for kind, name in (("", "events"), ("calls/", "events/calls"), ("sms/", "events/sms")):
        everything = listed(world, f"POST /{name}/all/my")
        wanted = [row for row in everything if row["leadId"] == lead["id"]]
        mine = f"POST /events/{kind}lead/{{leadId}}" if kind else "POST /events/leads/{leadId}"
        assert listed(world, mine, leadId=lead["id"]) == wanted
        if kind:
            assert listed(world, f"POST /events/{kind}phone/{{phoneNumber}}", phoneNumber=lead["phone"]) == wanted
            ours = [row for row in everything if "+12125550103" in (row["fromPhoneNumber"], row["toPhoneNumber"])]
            assert listed(world, f"POST /events/{kind}phone/{{phoneNumber}}", phoneNumber="+12125550103") == ours
    (conversation,) = listed(world, "POST /conversations/lead/{leadId}", leadId=lead["id"])
    events = listed(world, "POST /events/conversations/{conversationId}", conversationId=conversation["id"])
    assert {event["leadId"] for event in events} == {lead["id"]}
    assert listed(world, "POST /events/calls/phone/{phoneNumber}", phoneNumber="+19995550100") == []


def test_status_changes_end_in_the_current_status(worlds: dict[str, World]) -> None:
    for lead in listed(worlds["2026-07-05"], "POST /leads/all/my")[:200]:
        changes = listed(worlds["2026-07-05"], "GET /dispositions/lead/{leadId}", leadId=lead["id"])
        current = lead["currentDisposition"]
        assert (current is None) == (changes == [])
        if current:
            assert changes[0]["id"] == current["id"]
            assert changes[0]["category"] == current["category"]
    everything = listed(worlds["2026-10-26"], "POST /lead-status-changes/all/my", "2026-10-26")
    assert len(everything) == len({row["id"] for row in everything})


def test_money_adds_up(world: World) -> None:
    usage = listed(world, "POST /usage/all/my")
    traffic = {
        row["id"]: row["billableAmount"]
        for kind in ("calls", "sms")
        for row in listed(world, f"POST /events/{kind}/all/my")
        if row["billableAmount"]
    }
    assert {row["sourceEventId"]: row["customerChargeAmount"] for row in usage} == traffic
    spent = sum(round(float(str(row["customerChargeAmount"])) * 10_000) for row in usage)
    transactions = listed(world, "POST /transactions/all/my")
    amounts = [round(float(str(row["amount"])) * 10_000) for row in transactions]
    assert -sum(amount for amount in amounts if amount < 0) == spent
    wallet = read(world, "GET /wallets/me")
    assert round(float(str(wallet["balance"])) * 10_000) == sum(amounts) >= 0
    summary = world.one(
        JULY.operation("GET /usage/summary/my"),
        {},
        {"periodStart": ["2026-01-01T00:00:00Z"], "periodEnd": ["2026-08-01T00:00:00Z"]},
    )
    assert round(summary["customerChargeTotal"] * 10_000) == spent
    assert summary["usageRecordCount"] == len(usage)
    assert {row["internalCostAmount"] for row in usage} == {None}


def test_metrics_of_sources_count_their_leads(world: World) -> None:
    leads = listed(world, "POST /leads/all/my")
    query = {"startAt": ["2026-03-01T00:00:00Z"], "endAt": ["2026-04-01T00:00:00Z"]}
    for id_ in world.source_ids:
        metrics = world.one(JULY.operation("GET /sources/{id}/metrics"), {"id": id_}, query)
        march = [row for row in leads if row["sourceId"] == id_ and str(row["createdAt"]).startswith("2026-03")]
        assert metrics["totalLeads"] == len(march) == sum(point["value"] for point in metrics["points"])
        assert len(metrics["points"]) == 31
    for source in listed(world, "POST /sources/all/my"):
        own = [lead["createdAt"] for lead in leads if lead["sourceId"] == source["id"]]
        assert source["apiKeyTotalUses"] == len(own)
        assert (source["lastLeadReceivedAt"], source["firstLeadReceivedAt"]) == (own[0], own[-1])
    week = world.one(JULY.operation("GET /sources/{id}/metrics"), {"id": world.source_ids[0]}, {"days": ["7"]})
    assert [str(point["label"]) for point in week["points"]] == [f"2026-{day}" for day in WEEK]
    with pytest.raises(lists.InvalidOptions, match="days must be a whole number"):
        world.one(JULY.operation("GET /analytics/my"), {}, {"days": ["many"]})
    overview = world.one(JULY.operation("GET /analytics/my"), {}, query)
    assert overview["summary"]["leads"] == sum(str(row["createdAt"]).startswith("2026-03") for row in leads)


def test_archive_filter_parts_the_leads(world: World) -> None:
    parts = {word: listed(world, "POST /leads/all/my", archiveFilter=[word]) for word in ("all", "active", "Archived")}
    assert listed(world, "POST /leads/all/my") == parts["all"]
    assert parts["active"] == [lead for lead in parts["all"] if not lead["isArchived"]]
    assert parts["Archived"] == [lead for lead in parts["all"] if lead["isArchived"]]
    conversations = [listed(world, "POST /conversations/my", archiveFilter=[word]) for word in ("active", "archived")]
    assert [len(rows) for rows in conversations] == [len(parts["active"]), len(parts["Archived"])]
    with pytest.raises(lists.InvalidOptions, match="archiveFilter must be one of"):
        listed(world, "POST /leads/all/my", archiveFilter=["some"])


def test_tag_filters_part_the_leads(world: World) -> None:
    everything = listed(world, "POST /leads/all/my")

    def tags(lead: dict[str, object]) -> set[object]:
        return {tag["id"] for tag in lead["tags"]}

    two = ["tag_sandbox_03", "tag_sandbox_04"]
    assert listed(world, "POST /leads/all/my", tagIds=two) == [lead for lead in everything if tags(lead) & set(two)]
    both = listed(world, "POST /leads/all/my", tagIds=two, tagMatchAll=["true"])
    assert both == [lead for lead in everything if tags(lead) >= set(two)] != []
    assert listed(world, "POST /leads/all/my", untagged=["true"]) == [lead for lead in everything if not tags(lead)]
    assert len(listed(world, "GET /tags")) == 6
    assert len(listed(world, "GET /tags", includeArchived=["true"])) == 7


def test_periods_include_their_start_and_leave_out_their_end(world: World) -> None:
    events = listed(world, "POST /events/all/my")
    start, end = str(events[900]["createdAt"]), str(events[300]["createdAt"])
    wanted = [event for event in events if ticks_of(start) <= ticks_of(str(event["createdAt"])) < ticks_of(end)]
    assert listed(world, "POST /events/all/my", startAt=[start], endAt=[end]) == wanted != []
    assert start in {event["createdAt"] for event in wanted}
    calls = listed(world, "POST /events/all/my", category=["call"])
    assert [row["id"] for row in calls] == [row["id"] for row in listed(world, "POST /events/calls/all/my")]
    assert listed(world, "POST /events/all/my", category=["nonsense"]) == []
    since_june = listed(world, "POST /transactions/all/my", startAt=["2026-06-01T00:00:00Z"])
    assert 0 < len(since_june) < len(listed(world, "POST /transactions/all/my"))
    with pytest.raises(lists.InvalidOptions, match="startAt must be a date-time"):
        listed(world, "POST /events/all/my", startAt=["yesterday"])


WEEK = ("06-28", "06-29", "06-30", "07-01", "07-02", "07-03", "07-04")
FLAT = {
    "firstName": "Zoë",
    "lastName": "Example",
    "email": "zoe@example.com",
    "phone": "+12015550142",
    "zip": "78701",
    "gender": "female",
    "price": 12.5,
    "utmSource": "test",
    "tagNames": ["Hot", "Brand new"],
    "trustedFormUrl": "https://cert.trustedform.example/abc",
}
STRUCTURED = {
    "contact": {
        "firstName": "Zoë",
        "lastName": "Example",
        "email": "zoe@example.com",
        "phone": {"number": "+12015550142"},
    },
    "customer": {"gender": "F"},
    "metadata": {"price": 12.5, "trustedFormUrl": "https://cert.trustedform.example/abc"},
    "tagIds": ["tag_sandbox_01"],
    "tagNames": ["Brand new"],
}


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize(("payload", "structured"), [(FLAT, False), (STRUCTURED, True), ({}, False), ({}, True)])
def test_a_lead_that_was_sent_in_is_the_first_everywhere(
    revision: str, payload: dict[str, object], structured: bool
) -> None:
    known = contract(revision)
    world = World(known, leads=100)
    at, source = datetime(2026, 7, 5, 9, 30, tzinfo=UTC), world.source_ids[2]
    before = world.one(
        known.operation("GET /sources/{id}/metrics"), {"id": source}, {"endAt": ["2026-07-06T00:00:00Z"]}
    )
    answer = world.add_lead(payload, structured=structured, at=at, source_id=source)
    assert list(misfits(answer, "LeadResponse", known.models)) == []
    leads = listed(world, "POST /leads/all/my", revision)
    assert len(leads) == 101
    if payload:
        assert list(misfits(leads[0], "LeadTableRow", known.models)) == []
        assert [tag["name"] for tag in leads[0]["tags"]] == ["Hot", "Brand new"]
        assert (leads[0]["firstName"], leads[0]["phone"], leads[0]["price"]) == ("Zoë", "+12015550142", 12.5)
        profile = answer["customer" if revision == REVISIONS[0] else "profile"]
        assert profile["gender"] == "F"
    assert leads[0]["id"] == answer["id"]
    assert world.one(known.operation("GET /leads/{id}"), {"id": str(answer["id"])}, {}) == answer
    event = listed(world, "POST /events/all/my", revision)[0]
    assert (event["leadId"], event["timelineType"]) == (answer["id"], "LeadCreated")
    assert list(misfits(event, "EventTableRow", known.models)) == []
    assert listed(world, "POST /events/leads/{leadId}", revision, leadId=answer["id"]) == [event]
    detail = world.one(
        known.operation(next(o.id for o in known.operations if o.response_model == "EventDetailResponse")),
        {"eventId": str(event["id"])},
        {},
    )
    assert list(misfits(detail, "EventDetailResponse", known.models)) == []
    after = world.one(known.operation("GET /sources/{id}/metrics"), {"id": source}, {"endAt": ["2026-07-06T00:00:00Z"]})
    assert after["totalLeads"] == before["totalLeads"] + 1
    assert listed(world, "POST /sources/all/my", revision)[2]["lastLeadReceivedAt"] == "2026-07-05T09:30:00Z"


def test_an_empty_world_has_empty_lists_and_takes_leads() -> None:
    world = World(JULY, leads=0)
    for name in ("leads", "events", "usage", "transactions"):
        assert listed(world, f"POST /{name}/all/my") == []
    assert listed(world, "POST /sources/all/my")[0]["lastLeadReceivedAt"] is None
    world.add_lead(FLAT, structured=False, at=datetime(2026, 7, 5, tzinfo=UTC), source_id=world.source_ids[0])
    assert len(listed(world, "POST /leads/all/my")) == 1


def test_a_million_leads_cost_nothing_until_they_are_read() -> None:
    start = time.perf_counter()
    world = World(JULY, leads=1_000_000)
    for name, model in (("leads", "LeadTableRow"), ("events", "EventTableRow"), ("events/calls", "CallEventTableRow")):
        rows = world.rows(JULY.operation(f"POST /{name}/all/my"), {}, {})
        assert len(rows) >= 900_000
        answer = lists.read(rows, {"pageSize": 50, "includeCount": True}, columns=JULY.models.columns(model)).page()
        assert answer["totalCount"] == len(rows)
        assert rows[len(rows) // 2]["id"] != rows[-1]["id"]
    assert time.perf_counter() - start < 0.5


def test_nothing_looks_like_a_secret(worlds: dict[str, World]) -> None:
    for revision, world in worlds.items():
        for operation in contract(revision).operations:
            if operation.effect == "read" and operation.is_list and "{" not in operation.path:
                for row in list(world.rows(operation, {}, {}))[:30]:
                    written = json.dumps(row, ensure_ascii=False)
                    assert not re.search(r"(lp_(src_)?|sk_)[A-Za-z0-9]{12,}|eyJ", written)
                    assert set(re.findall(r"@([\w.-]+)", written)) <= {"example.com", "example.org", "example.net"}
