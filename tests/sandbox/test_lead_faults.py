"""Sources that take in nothing, leads that are refused by field, and answers that are lost after a lead was kept."""

from __future__ import annotations

import httpx
import pytest

from leadping_nb.sandbox import Sandbox, SourceState

LEAD = {"firstName": "Ada", "phone": "+12125550100"}
NESTED = {"contact": {"firstName": "Ada"}, "metadata": {}}
CERTIFICATE = "https://cert.trustedform.com/" + "0" * 40


@pytest.fixture
def own():
    with Sandbox(leads=70, now="2026-07-05T12:00:00Z") as sandbox:
        yield sandbox


def send(sandbox: Sandbox, lead: object = LEAD, path: str = "/leads/intake", **how: float) -> httpx.Response:
    headers = {"Authorization": f"Bearer {sandbox.source_key}"}
    return httpx.post(sandbox.url + path, json=lead, headers=headers, trust_env=False, **how)


def source_of(sandbox: Sandbox) -> dict[str, object]:
    headers = {"Authorization": f"Bearer {sandbox.user_token}"}
    page = httpx.post(f"{sandbox.url}/sources/all/my", json={}, headers=headers, trust_env=False).json()
    return next(row for row in page["items"] if row["id"] == sandbox.source_ids[0])


@pytest.mark.parametrize(
    ("change", "says"),
    [({"enabled": False}, "The source is switched off."), ({"approved": False}, "The source is not approved.")],
)
def test_a_source_that_is_off_or_not_approved_takes_in_nothing(own, change, says):
    own.set_source(**change)
    answer = send(own, {"firstName": 7})
    assert (answer.status_code, answer.json()["detail"]) == (403, says)
    assert answer.headers["content-type"] == "application/problem+json"
    assert own.leads_received == ()
    own.set_source(**dict.fromkeys(change, True))
    assert send(own).status_code == 201


def test_a_source_that_demands_trusted_form_names_the_field_that_is_missing(own):
    assert own.set_source(requires_trusted_form=True) == SourceState(requires_trusted_form=True)
    for lead, path, field in ((LEAD, "/leads/intake", "trustedFormUrl"), (NESTED, "/leads", "metadata.trustedFormUrl")):
        answer = send(own, lead, path)
        assert (answer.status_code, answer.json()["detail"].partition(" ")[0]) == (400, field)
    assert own.leads_received == ()
    assert send(own, LEAD | {"trustedFormUrl": CERTIFICATE}).status_code == 201
    assert send(own, NESTED | {"metadata": {"trustedFormUrl": CERTIFICATE}}, "/leads").status_code == 201


def test_the_list_of_sources_shows_the_state_of_each_at_once(own):
    shown = ("enabled", "complianceApproved", "requiresTrustedForm")
    assert [source_of(own)[name] for name in shown] == [True, True, False]
    own.set_source(enabled=False, approved=False, requires_trusted_form=True)
    assert [source_of(own)[name] for name in shown] == [False, False, True]


def test_the_state_is_that_of_one_source(own):
    own.set_source(own.source_ids[1], enabled=False)
    assert send(own).status_code == 201
    with pytest.raises(Exception, match="no such source"):
        own.set_source("src_none", enabled=False)


def test_a_source_that_is_off_counts_for_its_address_and_not_for_the_business():
    with Sandbox(leads=1, rate_limit=1, monotonic=lambda: 0.0) as sandbox:
        sandbox.set_source(enabled=False)
        assert [send(sandbox).status_code for _ in range(2)] == [403, 429]
        sandbox.set_source(enabled=True)
        assert [send(sandbox).status_code for _ in range(2)] == [201, 429]


def test_october_says_what_is_wrong_by_field():
    with Sandbox(leads=1, revision="2026-10-26") as sandbox:
        problem = send(sandbox, {"firstName": 7, "email": "ada@mail.example", "birthDate": "1815"}).json()
    assert problem["errors"] == {
        "firstName": ["firstName must be a string."],
        "birthDate": ["birthDate must be a date, YYYY-MM-DD."],
    }


def test_a_lead_that_came_is_counted_by_the_metrics_of_its_source(own):
    headers = {"Authorization": f"Bearer {own.user_token}"}

    def total():
        period = {"startAt": "2026-07-05T00:00:00Z", "endAt": "2026-07-06T00:00:00Z"}
        url = f"{own.url}/sources/{own.source_ids[0]}/metrics"
        return httpx.get(url, params=period, headers=headers, trust_env=False).json()["totalLeads"]

    before = total()
    send(own)
    assert total() == before + 1


@pytest.mark.parametrize("now", ["2026-07-05T12:00:00Z", "2026-11-26T09:00:00Z"])
def test_leads_that_came_are_in_the_metrics_that_are_shown_by_default(now):
    with Sandbox(leads=50, now=now, rate_limit=None) as sandbox:

        def read(path):
            headers = {"Authorization": f"Bearer {sandbox.user_token}"}
            return httpx.get(sandbox.url + path, headers=headers, trust_env=False).json()

        metrics = f"/sources/{sandbox.source_ids[0]}/metrics"
        before = read(metrics)
        assert (before["generatedAt"], before["range"]["endAt"]) == ("2026-07-05T00:00:00Z",) * 2
        for _ in range(3):
            send(sandbox)
        after, overview = read(metrics), read("/analytics/my")
        assert after["points"][-1]["value"] == 3
        assert after["totalLeads"] == sum(point["value"] for point in after["points"])
        assert (len(after["points"]), overview["leadTrend"]["points"][-1]["value"]) == (30, 3)
        for counted in (after, overview):
            assert counted["generatedAt"].startswith(now[:16])
            assert counted["range"]["endAt"].startswith(now[:16])


def test_an_answer_that_is_lost_leaves_a_lead_behind(own):
    with own.faults.on("lead_answer_lost", times=1), pytest.raises(httpx.RemoteProtocolError):
        send(own)
    assert len(own.leads_received) == 1
    assert send(own).status_code == 201


def test_an_answer_that_is_late_leaves_a_lead_behind(own):
    with own.faults.on("lead_answer_late", times=1), pytest.raises(httpx.ReadTimeout):
        send(own, timeout=0.2)
    assert len(own.leads_received) == 1


@pytest.mark.parametrize("name", ["lead_answer_lost", "lead_answer_late"])
def test_what_is_refused_and_what_is_read_is_answered_as_ever(own, name):
    with own.faults.on(name):
        assert send(own, {"firstName": 7}).status_code == 400
        assert source_of(own)["enabled"]
