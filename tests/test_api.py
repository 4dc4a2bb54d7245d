import gc
import json
import traceback
import warnings
from datetime import UTC, datetime

import pandas as pd
import pytest

import leadping_nb as lp
from leadping_nb.contracts import REVISIONS
from leadping_nb.list_options import wire
from leadping_nb.sandbox import Sandbox


@pytest.fixture(scope="module")
def api(small_sandbox):
    with lp.connect(small_sandbox) as connected:
        yield connected


def connected(sandbox, key):
    return lp.connect(key, base_url=sandbox.url)


def invitation(api):
    """The sandbox takes an invitation's id for its token."""
    return api.frame("invitations")["id"].iloc[0]


def test_a_refused_address_leaves_the_text_of_a_key_in_no_frame():
    key = "lp_test_of_a_frame"
    with pytest.raises(lp.LeadpingError, match="address") as raised:
        lp.connect(key, base_url="ftp://api.example")
    ours = [frame for frame, _ in traceback.walk_tb(raised.value.__traceback__)][1:]
    assert [frame.f_code.co_name for frame in ours[:1]] == ["connect"]
    assert key not in [value for frame in ours for value in frame.f_locals.values()]


def test_limit_counts_rows_and_page_size_rows_a_request(api, small_sandbox):
    before = len(small_sandbox.requests)
    frame = api.frame("leads", limit=50, page_size=20)
    assert len(frame) == 50
    assert len(small_sandbox.requests) - before == 3
    passport = frame.attrs["leadping"]
    assert (passport["rows"], passport["pages"], passport["complete"]) == (50, 3, False)
    assert passport["reason"].startswith("It was limited to 50 of ")
    assert passport["cursor"]


def test_without_limit_a_frame_is_whole_and_says_so(api):
    frame = api.frame("leads", params={"archiveFilter": "all"})
    passport = frame.attrs["leadping"]
    assert len(frame) == 250 == passport["total"]
    assert passport["complete"] is True
    assert passport["reason"] is None
    assert passport["cursor"] is None
    assert frame["id"].is_unique


def test_the_passport_is_json_and_holds_no_key(api, small_sandbox):
    passport = api.frame("leads", limit=1).attrs["leadping"]
    assert set(passport) >= {
        "operation", "options", "revision", "pages", "rows", "total", "complete", "reason", "cursor", "key_type",
        "loaded_at", "notes",
    }  # fmt: skip
    assert passport["key_type"] == "user token"
    assert small_sandbox.user_token not in json.dumps(passport)


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_list_that_needs_no_path_loads_in_the_models_dtypes(revision):
    with Sandbox(leads=40, revision=revision, rate_limit=None) as sandbox, lp.connect(sandbox) as api:
        resources = api.resources
        assert set(resources.columns) >= {"name", "operation", "columns", "readers"}
        for row in resources.itertuples():
            if row.needs or row.readable != "allowed":
                continue
            frame = api.frame(row.name, page_size=500)
            assert list(frame.columns) == row.columns, row.name
            assert frame.attrs["leadping"]["complete"], row.name
            assert frame.attrs["leadping"]["notes"] == [], row.name


def test_lists_of_one_lead_take_its_id(api):
    lead = api.frame("leads", limit=1)["id"].iloc[0]
    events = api.frame("lead_events", path={"leadId": lead})
    assert set(events["leadId"].dropna()) == {lead}
    assert len(api.frame("lead_dispositions", path={"leadId": lead})) >= 0
    with pytest.raises(lp.LeadpingError, match="needs leadId"):
        api.frame("lead_events")


def test_events_join_to_their_leads_and_leads_to_their_sources(api):
    leads = api.frame("leads", params={"archiveFilter": "all"})
    events, sources = api.frame("events", page_size=500), api.frame("sources")
    assert events["leadId"].dropna().isin(leads["id"]).all()
    assert leads["sourceId"].isin(sources["id"]).all()


def test_a_read_that_repeats_its_own_credential_is_not_sent(small_sandbox):
    key = small_sandbox.business_key
    with lp.connect(small_sandbox) as api, lp.connect(key, base_url=small_sandbox.url) as other:
        before = len(small_sandbox.requests)
        for ask in (
            lambda: other.frame("leads", search=f"who has {key}?"),
            lambda: other.frame("leads", filters={"firstName": key}),
            lambda: other.get("/tags", params={"x": key}),
            lambda: api.forecast("leads", search=api.credential.reveal()),
        ):
            with pytest.raises(lp.LeadpingError) as refusal:
                ask()
            assert key not in str(refusal.value)
            assert refusal.value.hint
        assert len(small_sandbox.requests) == before


def test_filters_ranges_order_and_search_are_done_by_the_server(api):
    one = api.frame("leads", filters={"status": "Sold"})
    assert set(one["status"]) == {"Sold"}
    since = datetime(2026, 5, 1, tzinfo=UTC)
    late = api.frame("leads", ranges={"createdAt": (since, None)}, order_by=["sourceName", "-createdAt"])
    assert (late["createdAt"] >= since).all()
    assert late["sourceName"].is_monotonic_increasing
    open_ended = {"createdAt": (since, None), "price": (None, None), "updatedAt": {}}
    assert api.frame("leads", ranges=open_ended, order_by=["sourceName", "-createdAt"]).equals(late)
    assert len(api.frame("leads", ranges={"price": (None, None)})) == len(api.frame("leads"))
    dear = api.frame("leads", ranges={"price": {">": 30}}, order_by="-price")
    assert dear["price"].is_monotonic_decreasing
    assert dear["price"].min() > 30
    email = one["email"].iloc[0]
    assert email in api.frame("leads", search=email, search_fields=["email"])["email"].tolist()


def test_an_empty_result_has_all_columns(api):
    frame = api.frame("leads", filters={"status": "No such status"})
    assert len(frame) == 0
    assert frame.attrs["leadping"]["complete"]
    assert str(frame["createdAt"].dtype) == "datetime64[ns, UTC]"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"filters": {"stauts": "Sold"}}, "status"),
        ({"order_by": "-createdat"}, "createdAt"),
        ({"order_by": "--createdAt"}, "createdAt"),
        ({"ranges": {"price": 7}}, "no pair"),
        ({"ranges": {"price": {"=>": 7}}}, "no bound"),
        ({"params": {"archivefilter": "all"}}, "archiveFilter"),
        ({"page_size": 0}, "1 to 2147483647"),
        ({"limit": 0}, "1 or more"),
        ({"filters": {"createdAt": datetime(2026, 1, 1)}}, "no time zone"),
        ({"filters": {"status": {1}}}, "cannot be asked for"),
    ],
)
def test_an_option_that_cannot_be_is_an_error_that_names_what_can(api, options, said):
    with pytest.raises(lp.LeadpingError, match=said):
        api.frame("leads", **options)


def test_a_bare_list_takes_no_filters(api):
    assert "GET /tags" in api.frame("tags").attrs["leadping"]["operation"]
    with pytest.raises(lp.LeadpingError, match="filter the frame"):
        api.frame("tags", filters={"name": "x"})


def test_numpy_and_pandas_values_go_over_the_wire():
    assert wire(pd.Series([7], dtype="Int64").iloc[0]) == 7
    assert wire(pd.Timestamp("2026-01-01", tz="UTC")) == "2026-01-01T00:00:00Z"
    assert wire(pd.Series([1.5]).to_numpy()[0]) == 1.5


def test_pages_and_rows_are_lazy(api, small_sandbox):
    before = len(small_sandbox.requests)
    pages = api.pages("leads", page_size=10)
    assert len(small_sandbox.requests) == before
    assert len(next(pages).items) == 10
    assert len(small_sandbox.requests) == before + 1
    rows = api.rows("leads", page_size=10)
    assert "createdAt" in next(rows)
    assert len(small_sandbox.requests) == before + 2


def test_one_row_and_a_get_are_json(api):
    lead = api.frame("leads", limit=1)["id"].iloc[0]
    assert api.one("leads", lead)["id"] == lead
    assert api.get(f"/leads/{lead}")["id"] == lead
    assert api.get("/users/me")["id"]
    assert isinstance(api.get("/notifications/unread-count"), int)
    with pytest.raises(lp.NotFoundError):
        api.one("leads", "no-such-lead")
    with pytest.raises(lp.LeadpingError, match=r"api\.frame\('tags'\)"):
        api.one("tags", "1")


def test_get_does_not_write_whatever_the_verb(api):
    with pytest.raises(lp.NotAllowedError, match="changes data"):
        api.get("/leads/intake?FirstName=Ada")


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("name", ["intake", "Intake", "INTAKE", "int%61ke"])
def test_no_id_makes_a_read_a_write(revision, name):
    with Sandbox(leads=5, revision=revision) as sandbox, lp.connect(sandbox) as api:
        with pytest.raises((lp.NotAllowedError, lp.NotFoundError)) as caught:
            api.one("leads", name)
        sent = [request.path for request in sandbox.requests]
        assert sent == ([] if isinstance(caught.value, lp.NotAllowedError) else ["/leads/int%2561ke"])


def test_an_undocumented_get_warns_once_it_worked_or_errors_with_the_reason(small_sandbox):
    with (
        connected(small_sandbox, small_sandbox.business_key) as api,
        pytest.raises(lp.ForbiddenError, match="no source says"),
    ):
        api.get("/users/me")
    with connected(small_sandbox, small_sandbox.user_token) as api, pytest.warns(lp.UndocumentedCallWarning):
        api.get(f"/businesses/invitations/token/{invitation(api)}")


def test_a_source_key_reads_nothing_and_nothing_is_sent(small_sandbox):
    before = len(small_sandbox.requests)
    with connected(small_sandbox, small_sandbox.source_key) as api:
        assert set(api.resources["readable"]) == {"denied"}
        for name in api.resources["name"]:
            with pytest.raises(lp.NotAllowedError):
                api.frame(name, path=dict.fromkeys(api.resources.set_index("name").loc[name, "needs"], "1"))
    assert len(small_sandbox.requests) == before


def test_an_unknown_resource_is_an_error_with_the_nearest(api):
    with pytest.raises(lp.LeadpingError, match="Did you mean leads"):
        api.frame("lead")


def test_a_first_page_that_fails_says_so_in_one_line(api, small_sandbox, capsys):
    with small_sandbox.faults.on("server_error"), pytest.raises(lp.ServerError):
        api.frame("leads", progress=True)
    assert capsys.readouterr().err == "leads: nothing was loaded.\n"


def test_a_first_page_that_fails_raises(api, small_sandbox):
    with small_sandbox.faults.on("server_error"), pytest.raises(lp.ServerError):
        api.frame("leads")
    with small_sandbox.faults.on("html_with_200"), pytest.raises(lp.ResponseError, match="web page"):
        api.frame("leads")


@pytest.mark.parametrize("on_error", ["warn", "raise"])
def test_a_later_page_that_fails_loses_nothing(api, small_sandbox, on_error):
    with small_sandbox.faults.on("server_error", after=2):
        if on_error == "warn":
            with pytest.warns(lp.IncompleteFrameWarning, match="after 40 rows in 2 pages"):
                frame = api.frame("leads", page_size=20)
        else:
            with pytest.raises(lp.ServerError) as caught:
                api.frame("leads", page_size=20, on_error="raise")
            frame = caught.value.frame
    assert len(frame) == 40
    assert frame.attrs["leadping"]["complete"] is False
    assert "500 Internal Server Error" in frame.attrs["leadping"]["reason"]
    assert frame.attrs["leadping"]["cursor"]


def test_a_cursor_that_comes_twice_ends_the_load_and_says_so(api, small_sandbox):
    with (
        small_sandbox.faults.on("repeated_cursor"),
        pytest.warns(lp.IncompleteFrameWarning, match="gave a cursor twice"),
    ):
        frame = api.frame("leads", page_size=20)
    assert len(frame) >= 20


def test_a_lead_that_a_source_sends_is_in_the_next_frame():
    import httpx

    with Sandbox(leads=30) as sandbox, lp.connect(sandbox) as api:
        before = api.frame("leads", params={"archiveFilter": "all"})
        sent = httpx.post(
            f"{sandbox.url}/leads/intake",
            json={"firstName": "Ada", "lastName": "Example", "email": "ada@example.com", "phone": "+15555550123"},
            headers={"Authorization": f"Bearer {sandbox.source_key}"},
            trust_env=False,
        )
        assert sent.status_code == 201
        after = api.frame("leads", params={"archiveFilter": "all"})
        assert set(after["id"]) - set(before["id"]) == {sent.json()["id"]}
        assert after["email"].iloc[0] == "ada@example.com"


def test_connect_takes_text_credential_sandbox_and_none(small_sandbox):
    credential = lp.Credential.from_text(small_sandbox.business_key)
    for given in (small_sandbox.business_key, credential):
        with lp.connect(given, base_url=small_sandbox.url) as api:
            assert api.credential == credential
            assert api.permissions.key_type is lp.KeyType.BUSINESS_API_KEY
    with lp.connect(small_sandbox) as api, lp.connect(None, base_url=small_sandbox.url) as anonymous:
        assert anonymous.get(f"/businesses/invitations/token/{invitation(api)}")
    with lp.connect("lp_example") as api:
        assert "https://api.leadping.ai" in repr(api)
    with pytest.raises(lp.CredentialError):
        lp.connect("no credential")


def test_a_sandbox_that_nobody_else_holds_lives_as_long_as_its_connection():
    api = lp.connect(Sandbox(leads=5))
    gc.collect()
    assert len(api.frame("leads")) == 5
    api.close()


def test_connecting_to_a_sandbox_takes_its_revision():
    with Sandbox(leads=5, revision=REVISIONS[1]) as sandbox, lp.connect(sandbox) as api:
        assert api.contract.revision == REVISIONS[1]
        assert len(api.frame("statuses")) > 0


def test_nothing_warns_on_the_way(api):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        api.frame("leads", limit=5)


def test_connections_can_share_a_limit_of_their_own(small_sandbox):
    shared = lp.RateLimit(50, 10.0)
    with lp.connect(small_sandbox, rate_limit=shared) as one, lp.connect(small_sandbox, rate_limit=shared) as other:
        one.get("/tags")
        other.get("/tags")
    assert shared.used == 2
