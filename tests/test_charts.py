"""Charts of frames: the numbers in their words, what they refuse, and what a notebook keeps of them."""

import base64
import io
import json
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import matplotlib
import nbclient
import nbformat
import pandas as pd
import pytest
from PIL import Image

import leadping_nb as lp
from leadping_nb import charts


@pytest.fixture(scope="module")
def frames(small_sandbox):
    with lp.connect(small_sandbox) as api:
        return {name: api.frame(name) for name in ("leads", "events", "calls", "sms", "transactions", "usage")}


@pytest.fixture
def leads(frames):
    return frames["leads"].copy()


@pytest.fixture
def drawn(frames):
    return {
        "over time": charts.leads_over_time(frames["leads"]),
        "by": charts.leads_by(frames["leads"]),
        "funnel": charts.funnel(frames["leads"]),
        "response time": charts.response_time(frames["leads"], frames["events"]),
        "transactions": charts.spend(frames["transactions"]),
        "usage": charts.spend(frames["usage"]),
    }


@pytest.fixture(scope="module")
def rows(small_sandbox):
    with lp.connect(small_sandbox) as api:
        return {name: list(api.rows(name)) for name in ("leads", "events", "transactions", "usage")}


def created(row):
    return datetime.fromisoformat(row["createdAt"].replace("Z", "+00:00"))


# What the words say, against the API's own JSON


def test_leads_over_time_names_total_range_and_peak(leads, rows):
    days = [created(row).astimezone(UTC).date() for row in rows["leads"]]
    weeks = Counter(day - timedelta(days=day.weekday()) for day in days)
    peak = max(sorted(weeks), key=weeks.__getitem__)
    alt = charts.leads_over_time(leads, every="week").alt
    assert f"250 leads from {min(days).day} {min(days):%B %Y} to {max(days).day} {max(days):%B %Y}, UTC." in alt
    assert f"The most in a week are {weeks[peak]}, in the week of {peak.day} {peak:%B %Y}." in alt


def test_leads_over_time_has_a_line_for_the_five_commonest_sources_and_one_for_the_rest(leads, rows):
    counts = Counter(row["sourceName"] for row in rows["leads"])
    own = sorted(counts, key=lambda name: (-counts[name], name))[:5]
    rest = sum(count for name, count in counts.items() if name not in own)
    chart = charts.leads_over_time(leads)
    said = ", ".join(f"{name} {counts[name]}" for name in own)
    assert f"In all: {said}, {len(counts) - 5} others {rest}." in chart.alt
    lines = {line.get_label(): sum(line.get_ydata()) for line in chart.figure.axes[0].get_lines()}
    assert lines == {**{name: counts[name] for name in own}, f"{len(counts) - 5} others": rest}


def test_days_without_leads_are_drawn_as_nothing():
    two = lp.to_frame([{"createdAt": "2026-07-01T23:59:59.9999999Z"}, {"createdAt": "2026-07-04T02:00:00+02:00"}])
    bars = charts.leads_over_time(two, by=None).figure.axes[0].containers[0]
    assert [bar.get_height() for bar in bars] == [1, 0, 0, 1]


def test_months_are_whole_months_also_across_a_year():
    days = ("2025-11-30", "2026-01-31", "2026-03-01")
    chart = charts.leads_over_time(
        lp.to_frame([{"createdAt": f"{day}T12:00:00Z"} for day in days]), every="month", by=None
    )
    assert [bar.get_height() for bar in chart.figure.axes[0].containers[0]] == [1, 0, 1, 0, 1]
    assert chart.alt.endswith("The most in a month are 1, in November 2025.")


@pytest.mark.parametrize(("days", "period"), [(62, "day"), (63, "week"), (800, "week"), (801, "month")])
def test_the_period_follows_the_range(days, period):
    first = datetime(2026, 1, 1, tzinfo=UTC)
    both = lp.to_frame([{"createdAt": instant.isoformat()} for instant in (first, first + timedelta(days=days))])
    assert f"Leads a {period}." in charts.leads_over_time(both, by=None).alt


def test_leads_by_status_counts_every_status(leads, rows):
    counts = Counter(row["status"] for row in rows["leads"])
    alt = charts.leads_by(leads).alt
    for status, count in counts.items():
        assert f"{status} {count} ({100 * count / 250:.0f} %)" in alt


def test_what_has_no_name_and_what_is_rare_is_counted_too():
    kinds = [{"status": f"status {number:02}"} for number in range(20)] + [{"status": None}] * 3
    chart = charts.leads_by(lp.to_frame(kinds))
    assert "23 leads: (none) 3 (13 %), status 00 1 (4 %)" in chart.alt
    assert chart.alt.endswith("7 others 7 (30 %).")
    assert len(chart.figure.axes[0].patches) == 15


def test_the_funnel_counts_leads_by_the_category_of_their_status(leads, rows):
    def reached(row):
        status = row["currentDisposition"]
        return 1 if status is None else {"Qualified": 3, "Converted": 4}.get(status["category"], 2)

    def counts(some):
        return [sum(reached(row) >= stage for row in some) for stage in (1, 2, 3, 4)]

    chart = charts.funnel(leads)
    whole = counts(rows["leads"])
    assert (
        f"In all {whole[0]} received, {whole[1]} given a status, {whole[2]} qualified, {whole[3]} converted"
        in chart.alt
    )
    for source in {row["sourceName"] for row in rows["leads"]}:
        own = counts([row for row in rows["leads"] if row["sourceName"] == source])
        assert f"{source} {' → '.join(map(str, own))} ({100 * own[3] / own[0]:.1f} %)" in chart.alt


def test_the_funnel_puts_rare_sources_together(leads):
    leads["sourceName"] = [f"source {number % 20:02}" for number in range(len(leads))]
    chart = charts.funnel(leads)
    rest = sum(number % 20 >= 14 for number in range(len(leads)))
    assert f"6 others {rest} → " in chart.alt


def test_the_october_revision_has_other_columns_for_the_same():
    with lp.Sandbox(leads=40, rate_limit=None, revision="2026-10-26") as sandbox, lp.connect(sandbox) as api:
        leads = api.frame("leads")
    assert "Funnel: How far leads get, by source. In all 40 received" in charts.funnel(leads).alt
    assert "Leads by source" in charts.leads_by(leads, "source").alt
    assert ", by source." in charts.leads_over_time(leads).alt


def test_response_time_is_measured_from_creation_to_the_first_outgoing_event(frames, rows):
    begun = {row["id"]: created(row) for row in rows["leads"]}
    waits = {}
    for row in rows["events"]:
        if row["direction"] == "outbound" and row["leadId"] in begun:
            wait = (created(row) - begun[row["leadId"]]).total_seconds()
            if wait >= 0:
                waits[row["leadId"]] = min(wait, waits.get(row["leadId"], wait))
    median = pd.Series(waits).median()
    within = sum(wait < 300 for wait in waits.values())
    alt = charts.response_time(frames["leads"], frames["events"]).alt
    assert 60 <= median < 3_600
    assert f"250 leads; median {median / 60:.1f}".removesuffix(".0") in alt
    assert f"{within} within 5 min ({100 * within / 250:.0f} %), {250 - len(waits)} never so far." in alt


def test_calls_and_sms_together_give_what_events_give(frames):
    leads, calls, sms, events = (frames[name] for name in ("leads", "calls", "sms", "events"))
    together = charts.response_time(leads, calls, sms).alt
    assert together == charts.response_time(leads, events).alt
    assert together != charts.response_time(leads, calls).alt


@pytest.mark.parametrize(
    ("names", "title", "automatic"),
    [
        (["calls"], "Time to the first call.", False),
        (["sms"], "Time to the first message.", True),
        (["calls", "sms"], "Time to the first call or message.", True),
        (["events"], "Time to the first call or message.", True),
        (["events", "calls"], "Time to the first call or message.", True),
    ],
    ids=["calls", "sms", "calls and sms", "events", "events and calls"],
)
def test_response_time_speaks_of_what_the_frames_can_hold(frames, names, title, automatic):
    chart = charts.response_time(frames["leads"], *(frames[name] for name in names))
    assert f"Bar chart: {title} 250 leads" in chart.alt
    assert ("automatic messages count" in chart.figure.get_suptitle()) == automatic


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (
            {"direction": "outbound", "createdAt": "2026-07-01T09:00:40Z"},
            "median 40 s; 1 within 5 min (100 %), 0 never",
        ),
        ({"direction": "outbound", "createdAt": "2026-07-01T11:30:00Z"}, "median 2.5 h; 0 within 5 min (0 %), 0 never"),
        ({"direction": "outbound", "createdAt": "2026-07-04T09:00:00Z"}, "median 3 days; 0 within"),
        ({"direction": "outbound", "createdAt": "2026-07-01T08:00:00Z"}, "nobody was called or written to; 0 within"),
        ({"direction": "inbound", "createdAt": "2026-07-01T09:00:40Z"}, "nobody was called or written to; 0 within"),
        ({"direction": None, "createdAt": "2026-07-01T09:00:40Z"}, "nobody was called or written to; 0 within"),
    ],
    ids=["seconds", "hours", "days", "before the lead came", "incoming", "neither"],
)
def test_only_outgoing_events_after_the_lead_came_are_responses(event, said):
    leads = lp.to_frame([{"id": "1", "createdAt": "2026-07-01T09:00:00Z"}])
    assert said in charts.response_time(leads, lp.to_frame([{"leadId": "1", **event}])).alt


def test_spend_adds_the_debits_exactly(frames, rows):
    debits = [row for row in rows["transactions"] if row["transactionType"] == "Debit"]
    total = sum(abs(Decimal(str(row["amount"]))) for row in debits)
    chart = charts.spend(frames["transactions"], every="month")
    months = Counter()
    for row in debits:
        months[created(row).date().replace(day=1)] += abs(Decimal(str(row["amount"])))
    peak = max(sorted(months), key=months.__getitem__)
    assert f"{total:,.2f} from " in chart.alt
    assert f"in {len(debits)} rows of transactions." in chart.alt
    assert f"The most in a month is {months[peak]:,.2f}, in {peak:%B %Y}." in chart.alt
    assert f"{len(rows['transactions']) - len(debits)} row" in chart.alt
    assert [bar.get_height() for bar in chart.figure.axes[0].containers[0]] == [
        float(months[key]) for key in sorted(months)
    ]


def test_usage_costs_what_its_transactions_cost(frames):
    def total(name):
        return charts.spend(frames[name]).alt.split(" so far. ")[1].split(" from ")[0]

    assert total("usage") == total("transactions")


def test_spend_is_exact_where_floats_are_not_and_leaves_out_what_failed():
    ledger = lp.to_frame(
        [{"createdAt": "2026-07-01T00:00:00Z", "customerChargeAmount": 0.1, "status": "charged"}] * 3
        + [{"createdAt": "2026-07-01T00:00:00Z", "customerChargeAmount": 9.0, "status": "failed"}]
        + [{"createdAt": None, "customerChargeAmount": 9.0, "status": "charged"}],
        model="UsageLedgerTableRow",
    )
    chart = charts.spend(ledger)
    assert [bar.get_height() for bar in chart.figure.axes[0].containers[0]] == [0.3]
    assert "0.30 from 1 July 2026 to 1 July 2026, UTC, in 3 rows of usage." in chart.alt
    assert chart.alt.endswith("2 rows that are no spending left out.")


# What is missing


def test_an_incomplete_frame_says_so_in_picture_and_words(small_sandbox):
    with lp.connect(small_sandbox) as api:
        leads, events = api.frame("leads", limit=20), api.frame("events", limit=30)
    for chart in (charts.leads_by(leads), charts.funnel(leads), charts.leads_over_time(leads)):
        assert chart.alt.endswith("Incomplete leads: It was limited to 20 of 250 rows.")
        assert "Incomplete leads: It was limited to 20 of 250 rows." in chart.figure.get_suptitle().replace("\n", " ")
    alt = charts.response_time(leads, events).alt
    assert "Incomplete leads: It was limited to 20 of 250 rows. Incomplete activity: It was limited to 30 of" in alt


def test_a_complete_frame_says_nothing_of_it(drawn):
    assert all("ncomplete" not in chart.alt for chart in drawn.values())


@pytest.mark.parametrize("model", ["LeadTableRow"])
def test_no_rows_give_a_chart_that_says_so(model):
    none = lp.to_frame([], model=model)
    events = lp.to_frame([], model="EventTableRow")
    for chart in (
        charts.leads_over_time(none),
        charts.leads_by(none),
        charts.funnel(none),
        charts.response_time(none, events),
        charts.spend(lp.to_frame([], model="TransactionTableRow")),
        charts.spend(lp.to_frame([], model="UsageLedgerTableRow")),
    ):
        assert chart.alt.endswith(": no rows.")
        assert [text.get_text() for text in chart.figure.axes[0].texts] == ["No rows."]
        assert chart.png()


def test_rows_without_a_time_are_left_out_and_counted(leads):
    leads.loc[leads.index[:5], "createdAt"] = None
    assert "245 leads from" in charts.leads_over_time(leads).alt
    assert " 5 without a time are left out." in charts.leads_over_time(leads).alt
    leads["createdAt"] = pd.Series([None] * len(leads), dtype="datetime64[ns, UTC]")
    assert charts.leads_over_time(leads).alt == "Leads a day: no rows with a time."


@pytest.mark.parametrize(
    ("draw", "column", "hint"),
    [
        (lambda frames: charts.leads_over_time(frames["leads"].drop(columns="createdAt")), "'createdAt'", "'leads'"),
        (
            lambda frames: charts.leads_over_time(frames["leads"].drop(columns="sourceName")),
            "'sourceName' or 'source.name'",
            "'leads'",
        ),
        (lambda frames: charts.leads_by(frames["calls"], "source"), "'sourceName' or 'source.name'", "'leads'"),
        (lambda frames: charts.funnel(frames["events"]), "'currentDisposition.category' or ", "'leads'"),
        (lambda frames: charts.response_time(frames["leads"], frames["usage"]), "'direction'", "'events'"),
        (lambda frames: charts.spend(frames["leads"]), "'amount' or 'customerChargeAmount'", "'transactions'"),
        (lambda frames: charts.spend(frames["usage"].drop(columns="status")), "'status'", "'usage'"),
    ],
)
def test_a_missing_column_is_named_with_the_resource_that_has_it(frames, draw, column, hint):
    with pytest.raises(lp.LeadpingError) as caught:
        draw(frames)
    assert f"has no column {column}" in caught.value.message
    assert caught.value.hint == f"api.frame({hint}) gives it."


@pytest.mark.parametrize("draw", [charts.leads_by, charts.funnel, charts.leads_over_time])
def test_a_column_that_nobody_has_is_answered_with_the_nearest(leads, draw):
    with pytest.raises(lp.LeadpingError, match="has no column 'sorce'") as caught:
        draw(leads, by="sorce")
    assert caught.value.hint.startswith("Any column of api.frame('leads') can be taken. Nearest here: 'source")
    assert "gives it" not in caught.value.hint
    with pytest.raises(lp.LeadpingError) as caught:
        draw(leads, by="zzzz")
    assert caught.value.hint == "Any column of api.frame('leads') can be taken."


@pytest.mark.parametrize("backend", ["numpy_nullable", "pyarrow"])
@pytest.mark.parametrize("draw", [charts.leads_by, charts.leads_over_time, charts.funnel])
def test_leads_are_not_told_apart_by_lists(draw, backend):
    rows = [{"createdAt": "2026-07-01T00:00:00Z", "tags": [{"name": "Hot"}]}, {"tags": None}, {"tags": []}]
    leads = lp.to_frame(rows, model="LeadTableRow", dtype_backend=backend)
    with pytest.raises(lp.LeadpingError, match=r"'tags' holds lists or objects, .* frame\.explode\('tags'\)"):
        draw(leads, by="tags")
    assert "Hot 1" in draw(leads.assign(tags=["Hot", None, None]), by="tags").alt


def test_only_frames_are_drawn():
    with pytest.raises(lp.LeadpingError, match=r"DataFrame, not from a list\. Load one with api\.frame\('leads'\)"):
        charts.leads_by([{"status": "New"}])


@pytest.mark.parametrize(
    "values",
    [["soon"], [datetime(2026, 7, 1)], pd.array([datetime(2026, 7, 1)], dtype="timestamp[ns][pyarrow]")],
    ids=["words", "no offset", "no offset in Arrow"],
)
def test_a_column_without_times_is_refused(values):
    with pytest.raises(lp.LeadpingError, match="'createdAt' holds no times in UTC"):
        charts.leads_over_time(pd.DataFrame({"createdAt": values}), by=None)


def test_an_unknown_period_is_refused(frames):
    for draw in (charts.leads_over_time, charts.spend):
        with pytest.raises(lp.LeadpingError, match="every is 'year'"):
            draw(frames["leads"], every="year")


def test_arrow_backed_frames_are_drawn_alike(frames):
    arrow = frames["leads"].convert_dtypes(dtype_backend="pyarrow")
    assert charts.leads_over_time(arrow).alt == charts.leads_over_time(frames["leads"]).alt
    assert charts.funnel(arrow).alt == charts.funnel(frames["leads"]).alt
    events = frames["events"].convert_dtypes(dtype_backend="pyarrow")
    assert charts.response_time(arrow, events).alt == charts.response_time(frames["leads"], frames["events"]).alt


# The picture


def test_every_picture_is_small_sharp_white_and_the_same_each_time(frames, drawn):
    again = charts.response_time(frames["leads"], frames["events"])
    assert again.png() == drawn["response time"].png()
    for name, chart in drawn.items():
        picture = chart.png()
        assert picture == chart.png(), name
        assert len(picture) < 60_000, name
        with Image.open(io.BytesIO(picture)) as image:
            assert image.info.keys() <= {"transparency"}, name  # neither software nor date
            assert image.width == 1_440, name
            assert image.convert("RGB").getpixel((2, image.height - 2)) == (255, 255, 255), name


def test_the_users_own_settings_and_plots_are_neither_used_nor_changed(leads):
    usual = charts.leads_by(leads).png()
    with matplotlib.rc_context({"axes.facecolor": "black", "font.size": 30.0, "text.usetex": False}):
        before = dict(matplotlib.rcParams)
        assert charts.leads_by(leads).png() == usual
        assert dict(matplotlib.rcParams) == before


def test_drawing_leaves_pyplot_alone():
    code = (
        "import sys; from leadping_nb import charts, to_frame\n"
        "charts.leads_by(to_frame([{'status': 'New'}])).png(); print('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_names_are_text_and_no_formulas(leads):
    leads["status"] = "a $x^2$ <b> of a rather long name that would leave no room for bars"
    chart = charts.leads_by(leads)
    assert chart.png()
    [label] = chart.figure.axes[0].get_yticklabels()
    assert label.get_text().startswith("a $x^2$ <b>")
    assert len(label.get_text()) == 30
    assert not label.get_parse_math()


def test_names_at_the_ends_of_lines_do_not_cover_each_other(leads):
    axes = charts.leads_over_time(leads).figure.axes[0]
    heights = sorted(text.xy[1] for text in axes.texts)
    gap = axes.get_ylim()[1] / 25
    assert len(heights) == 6
    assert all(higher - lower > gap for lower, higher in pairwise(heights))


def test_a_picture_can_be_saved(leads, tmp_path):
    chart = charts.leads_by(leads)
    assert chart.save(tmp_path / "leads.png").read_bytes() == chart.png()


def test_a_chart_shows_its_words_where_pictures_do_not_show(leads):
    chart = charts.leads_by(leads)
    assert repr(chart) == f"<Chart: {chart.alt}>"


def test_a_notebook_keeps_the_picture_with_its_alternative_text():
    cells = [
        "from leadping_nb import charts, to_frame",
        "charts.leads_by(to_frame([{'status': 'New'}, {'status': 'Sold'}]))",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    nbclient.NotebookClient(notebook, kernel_name="python3", timeout=60).execute()
    [output] = notebook.cells[1].outputs
    alt = "Bar chart: Leads by status. 2 leads: New 1 (50 %), Sold 1 (50 %)."
    assert set(output.data) == {"image/png", "text/plain"}
    assert output.data["text/plain"] == alt
    with Image.open(io.BytesIO(base64.b64decode(output.data["image/png"]))) as image:
        shown = {"width": image.width // 2, "height": image.height // 2, "alt": alt}
    assert json.loads(json.dumps(output.metadata)) == {"image/png": shown}


def test_periods_begin_where_they_should():
    from leadping_nb.charts.reading import period_starts

    weeks = period_starts([date(2026, 7, 5), date(2026, 7, 6)], "week")
    assert weeks == [date(2026, 6, 29), date(2026, 7, 6)]
