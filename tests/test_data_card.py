"""The data card on the side of Python: what is asked, what comes, where it goes, and what is said of it."""

import html
import json
import warnings
from types import SimpleNamespace

import pandas as pd
import pytest
from cards import press, send

import leadping_nb as lp
from leadping_nb.credential import VARIABLES
from leadping_nb.list_options import ListOptions
from leadping_nb.resources import find_resource, resources
from leadping_nb.sandbox import Sandbox
from leadping_nb.session.http import Session
from leadping_nb.widgets import front_end
from leadping_nb.widgets.data import form as data_form
from leadping_nb.widgets.data.card import DataCard
from leadping_nb.widgets.data.preview import preview
from leadping_nb.widgets.data.progress import CardProgress
from leadping_nb.widgets.data.variable import Variables, check_name

HOSTILE = "<img src=x onerror=alert(1)>"


class Moments:
    """Waits that pass at once, and what is done during each of them."""

    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.during = lambda: None

    def sleep(self, seconds):
        self.during()
        self.sandbox.clock.advance(seconds)


def load(card, action="load", **form):
    press(card, action, form=form)


def content(card):
    return card.view["content"]


def condition(field, operator, value, until=None):
    return {"field": field, "operator": operator, "value": value, **({} if until is None else {"until": until})}


@pytest.fixture(scope="module")
def shared():
    with Sandbox(leads=250, rate_limit=None, now="2026-07-05T12:00:00Z", monotonic=lambda: 0.0) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared):
    yield shared
    shared.faults.off()
    shared.clock.set("2026-07-05T12:00:00Z")


@pytest.fixture
def moments(sandbox):
    return Moments(sandbox)


@pytest.fixture
def connected(sandbox, moments):
    """Connect a credential to the sandbox, with waits that pass at once."""
    opened = []

    def connect(text=None):
        credential = lp.Credential.from_text(text or sandbox.user_token, origin="sandbox")
        session = Session(
            credential,
            base_url=sandbox.url,
            contract=lp.contract(sandbox.revision),
            now=lambda: sandbox.clock.now().timestamp(),
            monotonic=sandbox.clock.monotonic,
            sleep=moments.sleep,
        )
        opened.append(lp.Api(session))
        return opened[-1]

    yield connect
    for api in opened:
        api.close()


@pytest.fixture
def api(connected):
    return connected()


@pytest.fixture
def names(monkeypatch):
    """The variables of a notebook."""
    shell = SimpleNamespace(user_ns={})
    monkeypatch.setattr("leadping_nb.widgets.data.variable.get_ipython", lambda: shell)
    return shell.user_ns


@pytest.fixture
def card(api, names):
    return DataCard(api)


# -- the form ---------------------------------------------------------------------------------------------------------


def read(form, name="leads"):
    contract = lp.contract()
    return data_form.read(form, find_resource(contract, name), contract)


def test_what_the_form_says_is_what_is_asked(card, api):
    form = {
        "filters": [
            condition("status", "equals", "Sold"),
            condition("createdAt", "after", "2026-01-01"),
            condition("createdAt", "before", "2026-07-01"),
            condition("price", "between", "1", "1000.5"),
        ],
        "order": "createdAt",
        "descending": True,
        "limit": "1,000",
        "page_size": "25",
    }
    load(card, **form)
    expected = api.frame(
        "leads",
        limit=1_000,
        page_size=25,
        filters={"status": "Sold"},
        ranges={"createdAt": ("2026-01-01T00:00:00Z", "2026-07-01T00:00:00Z"), "price": (1.0, 1000.5)},
        order_by="-createdAt",
        progress=False,
    )
    pd.testing.assert_frame_equal(card.frame, expected)
    assert 0 < len(card.frame) < 250
    assert card.frame.attrs["leadping"]["options"] == expected.attrs["leadping"]["options"]
    assert card.frame["createdAt"].is_monotonic_decreasing


@pytest.mark.parametrize(
    ("name", "value", "asked"),
    [
        ("isArchived", "false", False),
        ("archiveReason", "2", 2),
        ("currentDisposition.category", "Lost", "Lost"),
        ("firstName", " Ada ", "Ada"),
        ("price", "12.5", 12.5),
    ],
)
def test_a_value_has_the_type_of_its_field(name, value, asked):
    assert read({"filters": [condition(name, "equals", value)]}).query == {"filters": {name: asked}}


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ([condition("price", "after", "dear")], "price is filtered by numbers."),
        ([condition("price", "equals", "nan")], "price is filtered by numbers."),
        ([condition("archiveReason", "equals", "99")], "archiveReason has no such value."),
        ([condition("createdAt", "after", "yesterday")], "createdAt is filtered by days."),
        ([condition("status", "equals", " ")], "The filter of status has no value."),
        ([condition("price", "between", "1")], "The filter of price has no value."),
        ([condition("price", "between", "2", "2")], "Nothing lies in the range of price."),
        (
            [condition("createdAt", "after", "2026-07-02"), condition("createdAt", "before", "2026-07-01")],
            "Nothing lies in the range of createdAt.",
        ),
        ([condition("price", "after", "1"), condition("price", "between", "2", "3")], "price is filtered twice"),
        ([condition("status", "equals", "Sold")] * 2, "status is filtered twice"),
        ([condition("tags", "equals", "x")], "The list has no such filter."),
        ([condition("status", "before", "x")], "The list has no such filter."),
        (["status"], "The page sent no form that this card knows."),
    ],
)
def test_a_filter_that_cannot_be_is_explained_and_nothing_is_asked(card, sandbox, filters, said):
    before = len(sandbox.requests)
    load(card, filters=filters)
    assert said in card.view["error"]["sentence"]
    assert card.view["error"]["hint"]
    assert len(sandbox.requests) == before
    assert card.frame is None


@pytest.mark.parametrize("text", ["0", "-1", "many", "1.5", "²", "9" * 30])
def test_a_number_of_rows_that_is_none_is_explained(text):
    with pytest.raises(lp.LeadpingError, match="The number of rows is a whole number of 1 or more"):
        read({"limit": text})


def test_no_number_of_rows_is_all_rows(card):
    load(card, limit="")
    assert len(card.frame) == 250
    assert content(card)["loaded"]["line"] == "leads: 250 rows in 2 pages, complete."


def test_every_field_that_the_form_offers_is_one_that_the_api_takes(api):
    contract = api.contract
    offered = 0
    for resource in resources(contract).values():
        path = dict.fromkeys(resource.operation.path_parameters, "x")
        for field in data_form.fields(resource, contract):
            value = (field.texts or ("2026-07-05" if field.kind in ("day", "time") else "7",))[0]
            for operator, _ in field.operators:
                asked = data_form.read(
                    {"path": path, "filters": [condition(field.name, operator, value, "2026-07-06")]}
                    if operator == "between" and field.kind != "number"
                    else {"path": path, "filters": [condition(field.name, operator, value, "8")]},
                    resource,
                    contract,
                )
                options = {entry: given for entry, given in asked.query.items() if entry != "path"}
                ListOptions(**options).check(resource.operation, contract)
                offered += 1
    assert offered > 500


def test_a_list_that_takes_no_filters_offers_none(card):
    send(card, "choose", list="tags")
    assert content(card)["chosen"]["fields"] == []
    load(card, limit="")
    assert card.frame.attrs["leadping"]["complete"]


def test_a_list_of_one_lead_needs_its_id(card):
    send(card, "choose", list="lead_events")
    assert content(card)["chosen"]["path"] == ["leadId"]
    load(card)
    assert card.view["error"]["sentence"] == "lead_events needs a leadId."
    load(card, path={"leadId": "lead_sandbox_0000007"}, limit="5")
    assert card.error is None or isinstance(card.error, lp.NotFoundError)


def test_a_list_that_is_not_there_is_refused(card):
    send(card, "choose", list="people")
    assert card.view["error"]["sentence"] == "There is no such list."
    assert content(card)["chosen"]["name"] == "leads"


# -- who may read what ------------------------------------------------------------------------------------------------


def test_lists_that_a_key_may_not_read_are_there_and_say_so(connected, sandbox, names):
    card = DataCard(connected(sandbox.source_key))
    assert {can for _, can in content(card)["lists"]} == {False}
    assert content(card)["chosen"]["why"] == (
        "✗ Not readable with a source key: A source key sends leads and is rejected everywhere else. "
        "Use a user token or a business key."
    )
    load(card)
    assert isinstance(card.error, lp.NotAllowedError)
    assert card.view["error"]["hint"]
    assert card.frame is None


def test_a_list_of_which_no_source_tells_can_be_tried(card):
    send(card, "choose", list="feedback")
    assert content(card)["chosen"]["why"].startswith("? Undocumented with a user token: ")
    assert dict(content(card)["lists"])["feedback"] is True


def test_a_refusal_of_the_server_is_explained_in_the_card(connected, sandbox, names):
    card = DataCard(connected(sandbox.business_key))
    send(card, "choose", list="users")
    load(card)
    assert isinstance(card.error, lp.ForbiddenError)
    assert "403" in card.view["error"]["sentence"]
    assert card.view["error"]["hint"]
    assert content(card)["loaded"] is None


def test_without_a_credential_the_card_says_calmly_what_is_missing():
    card = DataCard()
    assert content(card)["missing"]["sentence"] == "A credential is needed first."
    load(card)
    assert card.view["error"]["sentence"] == "A credential is needed first."
    bundle, _ = card._repr_mimebundle_()
    assert "A credential is needed first." in bundle["text/plain"]
    assert "A credential is needed first." in bundle["text/html"]


# -- forecasts --------------------------------------------------------------------------------------------------------


def test_a_forecast_is_shown_in_the_card_and_not_printed(card, capsys):
    load(card, "forecast", limit="100")
    shown = content(card)["forecast"]
    assert dict(shown["facts"])["Rows"] == "250"
    assert dict(shown["facts"])["Pages"] == "2"
    assert set(dict(shown["facts"])) == {"Rows", "Pages", "Time", "Memory"}
    assert shown["less"] == "This is for the whole list; 100 rows of it take less."
    assert content(card)["said"] == "One request is made: POST /leads/all/my, 200 rows and the count of all."
    assert capsys.readouterr() == ("", "")
    send(card, "choose", list="sources")
    assert content(card)["forecast"] is None


def test_a_forecast_warns_of_a_token_that_dies_first(names):
    with Sandbox(leads=100_000, now="2026-07-05T12:00:00Z") as sandbox:
        token = lp.Credential.from_text(sandbox.issue_token(60), origin="sandbox")
        sandbox.clock.advance(30)
        with lp.connect(token, base_url=sandbox.url) as api:
            card = DataCard(api)
            load(card, "forecast")
    [warning] = content(card)["forecast"]["warnings"]
    assert warning.startswith("The token dies in 30 s, and this load needs ")


def test_a_forecast_that_waits_says_so_and_can_be_stopped(card, sandbox, moments):
    said = []

    def stop():
        said.append(content(card)["run"]["text"])
        send(card, "stop")

    moments.during = stop
    with sandbox.faults.on("rate_limited"):
        load(card, "forecast")
    assert said[0] == "Waiting 1.0 s, because the API answered 429 (retry 1 of 6)."
    assert content(card)["said"] == "The forecast was stopped before anything came."
    assert content(card)["forecast"] is None
    assert card.error is None


# -- loads ------------------------------------------------------------------------------------------------------------


def test_a_limited_load_says_that_it_is_a_part_and_loads_as_much_again(card):
    load(card, limit="100", page_size="50")
    loaded = content(card)["loaded"]
    assert loaded["state"] == "part"
    assert loaded["line"] == "leads: 100 rows in 2 pages, not complete."
    assert loaded["reason"] == "It was limited to 100 of 250 rows."
    assert loaded["goOn"] == "Load 100 more"
    load(card, "go on")
    assert len(card.frame) == 200
    assert "limit=200" in card.code
    load(card, "go on")
    assert content(card)["loaded"]["line"] == "leads: 250 rows in 5 pages, complete."
    assert content(card)["loaded"]["goOn"] is None


def test_a_load_that_is_stopped_keeps_what_came_and_goes_on_to_its_limit(card, sandbox, moments, names, api):
    seen = []

    def stop():
        seen.append(content(card)["run"])
        send(card, "stop")

    moments.during = stop
    with sandbox.faults.on("rate_limited", after=2):
        load(card, limit="240", page_size="50")
    assert seen[0]["text"].endswith("waiting 1 s: the API answered 429 (retry 1 of 6)")
    loaded = content(card)["loaded"]
    assert loaded["state"] == "cut"
    assert loaded["reason"] == "You stopped it after 100 of 250 rows. The rows that came are kept."
    assert loaded["goOn"] == "Go on"
    assert card.error is None
    assert names["leads"] is card.frame
    assert len(card.frame) == 100
    load(card, "go on")
    assert names["leads"] is card.frame
    pd.testing.assert_frame_equal(card.frame, api.frame("leads", limit=240, page_size=50, progress=False))


def test_a_load_that_is_stopped_before_its_first_page_says_that_nothing_came(card, sandbox, moments):
    moments.during = lambda: send(card, "stop")
    with sandbox.faults.on("rate_limited"):
        load(card)
    assert content(card)["said"] == "The load was stopped before anything came."
    assert content(card)["loaded"] is None
    assert content(card)["run"] is None
    assert card.error is None


def test_a_load_that_fails_later_keeps_what_came_with_the_reason_and_a_hint(card, sandbox):
    with sandbox.faults.on("server_error", after=2):
        load(card, limit="", page_size="50")
    loaded = content(card)["loaded"]
    assert loaded["state"] == "cut"
    assert loaded["reason"].startswith("The load stopped after 100 rows in 2 pages: ")
    assert "500" in loaded["reason"]
    assert loaded["reason"].endswith("The rows that came are kept.")
    assert loaded["hint"] == lp.ServerError.hint
    assert card.error is None
    load(card, "go on")
    assert content(card)["loaded"]["state"] == "whole"
    assert len(card.frame) == 250


def test_going_on_that_fails_again_keeps_what_there_was(card, sandbox):
    with sandbox.faults.on("server_error", after=1):
        load(card, limit="", page_size="50")
        load(card, "go on")
    assert len(card.frame) == 50
    assert content(card)["loaded"]["goOn"] == "Go on"
    assert content(card)["loaded"]["hint"] == lp.ServerError.hint


def test_a_list_that_goes_in_circles_is_a_frame_that_says_so(card, sandbox):
    with sandbox.faults.on("lying_count"):
        load(card, limit="")
    loaded = content(card)["loaded"]
    assert (loaded["state"], loaded["goOn"]) == ("cut", None)
    assert loaded["reason"].startswith("The server counts 257 rows and gave 250.")
    load(card, "go on")
    assert card.view["error"]["sentence"] == "There is nothing to go on with."


def test_nothing_is_printed_or_warned_of_while_a_load_runs(card, sandbox, capsys):
    with sandbox.faults.on("server_error", after=1), warnings.catch_warnings():
        warnings.simplefilter("error")
        load(card, limit="", page_size="50")
    assert capsys.readouterr() == ("", "")


def test_one_thing_is_done_at_a_time(card, sandbox, moments):
    errors = []

    def again():
        send(card, "load", form={})
        errors.append(card.view["error"])
        send(card, "stop")

    moments.during = again
    with sandbox.faults.on("rate_limited", after=1):
        load(card, page_size="50", limit="")
    assert errors[0] == {
        "sentence": "This card is still at work.",
        "hint": "Stop it, or wait until it has ended.",
    }
    assert len(card.frame) == 50


def test_another_credential_stops_the_load_and_drops_what_came(card, connected, sandbox, moments, names):
    moments.during = lambda: card.show(connected(sandbox.business_key))
    with sandbox.faults.on("rate_limited", after=1, times=1):
        load(card, limit="", page_size="50")
    assert card.frame is None
    assert card.name is None
    assert names == {}
    assert content(card)["holder"] == "a business key"
    assert content(card)["run"] is None
    assert card.view["busy"] is False
    load(card)
    assert len(names["leads"]) == 250
    card.show(None)
    assert content(card)["missing"]
    assert card.frame is None
    assert len(names["leads"]) == 250  # what was handed over is the person's


# -- variables --------------------------------------------------------------------------------------------------------


def test_a_frame_is_put_into_a_variable_of_the_lists_name_where_that_is_free(card, names):
    load(card)
    assert names == {"leads": card.frame}
    assert card.name == "leads"
    assert content(card)["variable"]["name"] == "leads"
    load(card, limit="10")
    assert names["leads"] is card.frame
    assert len(names["leads"]) == 10


def test_a_variable_that_is_something_else_is_never_overwritten(card, names):
    mine = names["leads"] = pd.DataFrame({"mine": [1]})
    load(card)
    variable = content(card)["variable"]
    assert (card.name, variable["suggested"]) == (None, "leads_2")
    assert "leads is something else in this notebook already." in variable["said"]
    send(card, "use", name="leads")
    assert card.view["error"]["sentence"] == "leads is something else in this notebook already."
    assert "leads_2" in card.view["error"]["hint"]
    assert names["leads"] is mine
    send(card, "use", name=" leads_2 ")
    assert names["leads_2"] is card.frame
    assert card.name == "leads_2"
    assert "leads_2 = api.frame" in card.code


def test_none_is_something_too(card, names):
    names["leads"] = None
    load(card)
    send(card, "use", name="leads")
    assert names["leads"] is None


def test_what_another_card_made_is_replaced_only_when_it_is_asked_for(card, api, names):
    load(card)
    other = DataCard(api)
    load(other, limit="10")
    assert names["leads"] is card.frame
    assert other.name is None
    send(other, "use", name="leads")
    assert names["leads"] is other.frame


def test_a_variable_that_the_person_gave_something_else_is_left_alone_when_a_load_goes_on(card, names):
    load(card, limit="10")
    names["leads"] = "mine"
    load(card, "go on")
    assert names["leads"] == "mine"
    assert card.name is None
    assert len(card.frame) == 20


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "'' is no name of a variable."),
        ("my leads", "'my leads' is no name of a variable."),
        ("class", "class is a word of Python itself."),
        ("list", "list is a built-in of Python."),
        ("_", "Names that begin with _ are Jupyter's own."),
        ("x" * 100 + "!", f"{'x' * 39 + '…'!r} is no name of a variable."),
    ],
)
def test_a_text_that_is_no_good_name_is_refused_with_a_hint(card, names, name, said):
    with pytest.raises(lp.LeadpingError) as raised:
        check_name(name)
    assert raised.value.message == said
    load(card)
    send(card, "use", name=name)
    assert card.view["error"]["sentence"] == said
    assert set(names) == {"leads"}


def test_without_a_notebook_the_card_says_where_the_frame_is(api):
    card = DataCard(api)
    load(card)
    assert not Variables().exist
    assert not content(card)["variable"]["exists"]
    assert content(card)["variable"]["said"].endswith("the frame is card.frame.")
    assert len(card.frame) == 250


def test_whoever_listens_is_told_of_each_variable_and_its_errors_are_shown(api, names):
    told = []
    card = DataCard(api, on_frame=lambda name, frame: told.append((name, len(frame))))
    load(card, limit="10")
    send(card, "use", name="few")
    assert told == [("leads", 10), ("few", 10)]
    names.clear()
    failing = DataCard(api, on_frame=lambda name, frame: {}[name])
    load(failing)
    assert isinstance(failing.error, KeyError)
    assert failing.frame is not None


# -- the preview ------------------------------------------------------------------------------------------------------


def test_a_preview_shows_few_rows_and_the_columns_that_tell_them_apart(card):
    load(card)
    shown = content(card)["loaded"]["preview"]
    assert shown["sentence"] == "10 of 250 rows, 8 of 32 columns"
    assert (len(shown["columns"]), len(shown["rows"])) == (8, 10)
    assert {"id", "createdAt", "firstName"} <= set(shown["columns"])
    assert any(text.endswith("Z") for text in shown["rows"][0])


def test_a_preview_is_left_out_of_all_that_is_saved_when_a_person_says_so(card):
    load(card)
    first = card.frame["id"].iloc[0]
    assert first in json.dumps(card.view)
    assert first in card._repr_mimebundle_()[0]["text/html"]
    send(card, "preview", shown=False)
    assert first not in json.dumps(card.view)
    bundle, _ = card._repr_mimebundle_()
    assert first not in bundle["text/html"] + bundle["text/plain"]


def test_texts_of_a_preview_are_short_and_harmless():
    frame = pd.DataFrame({"text": ["a" * 100, "b\x1b\n\u202ec", None], "list": [[1, 2], [], None]})
    columns, rows, sentence = preview(frame)
    assert columns == ("text", "list")
    assert rows == (("a" * 39 + "…", "[1, 2]"), ("b���c", "[]"), ("", ""))
    assert sentence == "3 rows, 2 columns"
    assert preview(frame.head(0)) == (("text", "list"), (), "0 rows, 2 columns")
    assert preview(frame.head(1)).sentence == "1 row, 2 columns"


# -- progress ---------------------------------------------------------------------------------------------------------


def test_progress_is_told_five_times_a_second_at_most_and_long_waits_at_once():
    clock, rings = [0.0], []
    progress = CardProgress(lambda: rings.append(progress.text), most=1_000, monotonic=lambda: clock[0])
    progress.begin("leads")
    for page in range(1, 11):
        clock[0] += 0.05
        progress.advance("leads", rows=page * 50, pages=page, total=5_000)
    assert len(rings) == 3
    assert rings[1] == "200 of 1,000 rows in 4 pages, 1,000 rows/s, about 1 s left"
    assert progress.share == 0.5
    progress.wait("leads", 11.2, "the API answered 429")
    assert rings[-1] == "500 of 1,000 rows in 10 pages, waiting 12 s: the API answered 429"


def test_progress_of_what_goes_on_counts_only_what_is_new_for_its_pace():
    clock = [0.0]
    progress = CardProgress(lambda: None, before=1_000, monotonic=lambda: clock[0])
    progress.begin("leads")
    assert (progress.share, progress.text) == (None, "waiting for the first page")
    clock[0] = 1.0
    progress.advance("leads", rows=1_100, pages=11, total=22_000)
    assert progress.text == "1,100 of 22,000 rows in 11 pages, 100 rows/s, about 4 min left"
    progress.advance("leads", rows=1_100, pages=1, total=None)
    assert (progress.share, progress.text) == (None, "1,100 rows in 1 page, 100 rows/s")
    progress.advance("leads", rows=0, pages=1, total=0)
    assert progress.text == "0 of 0 rows in 1 page"


# -- code and still forms ---------------------------------------------------------------------------------------------


@pytest.fixture
def environment(monkeypatch, shared):
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LEADPING_USER_TOKEN", shared.user_token)


@pytest.mark.usefixtures("environment")
def test_the_code_that_a_card_shows_loads_the_same(card):
    load(
        card,
        limit="20",
        page_size="10",
        order="createdAt",
        descending=True,
        filters=[condition("status", "equals", "Sold"), condition("createdAt", "before", "2026-07-01")],
    )
    found = {}
    exec(card.code, found)  # noqa: S102 - that it runs is what is tested
    found["api"].close()
    pd.testing.assert_frame_equal(found["leads"], card.frame)
    assert "\n# on a sandbox: api = lp.connect(sandbox)\napi = lp.connect(" in card.code
    assert "lp.Credential.from_env()" in card.code
    assert f"base_url={card._api.base_url!r}" in card.code


def test_the_code_of_another_revision_names_it(names):
    with Sandbox(leads=5, revision="2026-10-26") as sandbox, lp.connect(sandbox) as api:
        card = DataCard(api)
        assert "contract=lp.contract('2026-10-26')" in card.code
        send(card, "choose", list="lead_status_history")
        assert "path={'id': '…'}" in card.code


def test_the_request_of_the_first_page_is_there_for_curl_httpx_and_the_official_sdk(card):
    load(card, limit="20", page_size="10", filters=[condition("status", "equals", "Sold")])
    requests = card.view["requests"]
    assert list(requests) == ["curl", "httpx", "the official SDK"]
    assert requests["curl"].startswith(
        f"curl --silent --show-error --globoff --request POST {card._api.base_url}/leads"
    )
    assert '"filters": [{"field": "status", "value": "Sold"}]' in requests["curl"]
    assert "'pageSize': 10" in requests["httpx"]
    assert ".leads.all.my.post(RequestDataOptions(page_size=10" in requests["the official SDK"]
    send(card, "choose", list="lead_events")
    assert "/leads/all/my" in card.view["requests"]["curl"]


def test_a_request_has_a_word_in_place_of_an_id_that_is_not_known_yet_and_no_card_without_a_credential_has_one(names):
    with Sandbox(leads=5, revision="2026-10-26") as sandbox, lp.connect(sandbox) as api:
        card = DataCard(api)
        send(card, "choose", list="lead_status_history")
        assert "# Put a value in place of ID." in card.view["requests"]["curl"]
        send(card, "choose", list="tags")
        assert "/tags" in card.view["requests"]["curl"]
    assert DataCard().view["requests"] == {}


def test_before_anything_is_asked_the_code_is_a_load_of_the_chosen_list():
    assert DataCard().code == (
        "import leadping_nb as lp\n\napi = lp.connect(lp.Credential.from_env())\nleads = api.frame('leads', limit=1000)"
    )


def test_the_code_stays_what_was_asked_last_while_another_list_is_looked_at(card):
    load(card, limit="10")
    send(card, "choose", list="sources")
    assert "api.frame('leads', limit=10)" in card.code


def test_the_still_forms_say_what_the_card_says_and_are_alike_on_every_run(api, names, sandbox):
    forms = []
    for _ in range(2):
        names.clear()
        card = DataCard(api)
        with sandbox.faults.on("server_error", after=1):
            load(card, limit="", page_size="50")
        forms.append([card._text(), card._html(), repr(card)])
    assert forms[0] == forms[1]
    loaded = content(card)["loaded"]
    for form in (card._text(), html.unescape(card._html())):
        assert loaded["line"] in form
        assert loaded["reason"] in form
        assert loaded["hint"] in form
        assert all(text in form for row in loaded["preview"]["rows"] for text in row)
        assert all(text in form for _, text in loaded["facts"])
    assert forms[0][2] == "<DataCard: leads: 50 rows in 1 page, not complete>"
    assert repr(DataCard(api)) == "<DataCard: leads>"


def test_texts_of_the_server_are_escaped_in_the_still_form(card):
    load(card)
    card.frame.loc[0, "firstName"] = HOSTILE
    card.frame.attrs["leadping"]["notes"].append(HOSTILE)
    card._loaded = type(card._loaded)(card._loaded.asked, card._loaded.frame)
    assert HOSTILE not in card._html()
    assert html.escape(HOSTILE) in card._html()


def test_a_card_holds_no_credential_and_sends_little_to_the_page(card, sandbox):
    load(card)
    state = card.get_state()
    bundle, _ = card._repr_mimebundle_()
    assert sandbox.user_token not in repr(state) + repr(bundle) + repr(card)
    assert len(json.dumps(state, default=str)) < 60_000
    assert len(json.dumps(card.view)) < 20_000
    assert front_end.module("data_card").count("export default") == 1


def test_forms_of_what_is_unreadable_are_still_too(connected, sandbox, names):
    card = DataCard(connected(sandbox.source_key))
    assert "Not readable with a source key" in card._text()
    assert "Not readable with a source key" in card._html()
