"""Every original value is searched in the result: what may be left is what the report says, and nothing else."""

import json
from datetime import datetime, timedelta

import pytest
from leftovers import Comparison, leaves, walked
from test_recording import NOW, quiet, record_everything

import leadping_nb as lp
from leadping_nb.recording.folder import Recording
from leadping_nb.recording.zones import STATES, neighbours


@pytest.fixture(scope="module", params=[False, True], ids=["times stay", "times move"])
def compared(request, tmp_path_factory):
    """What a workshop asks for, recorded and pseudonymised."""
    raw = tmp_path_factory.mktemp("recordings") / "raw"
    with (
        lp.Sandbox(leads=120, seed=12, now=NOW, rate_limit=None) as sandbox,
        lp.connect(sandbox, rate_limit=None) as api,
    ):
        recording, frames = record_everything(api, raw)
        row = frames["leads"].iloc[7]
        with api.record(raw, say=quiet):
            filters = {"email": row["email"], "status": row["status"]}
            api.frame("leads", filters=filters, search=row["firstName"], page_size=10, progress=False)
    report = lp.pseudonymise(raw, seed="example", to=raw.with_name("demo"), shift_times=request.param)
    return Comparison(recording, Recording.read(raw.with_name("demo")), report)


def test_the_comparison_sees_every_value(compared):
    for recording in (compared.before, compared.after):
        answers = [json.loads(recording.body(entry)) for entry in recording.entries()]
        seen = [value for _, where, value in walked(recording)]
        assert len(seen) > sum(1 for answer in answers for _ in leaves(answer)) > 10_000
    assert len(compared.originals) > 2_500


def test_no_value_is_where_it_was_unless_the_report_names_its_field(compared):
    assert compared.stayed == []


def test_no_stand_in_is_what_another_of_its_kind_was(compared):
    assert compared.exchanged == []


def test_no_original_is_within_any_text_of_the_result(compared):
    assert compared.held == []


def test_equal_ones_have_equal_stand_ins_and_different_ones_different_ones(compared):
    assert compared.untied == []


@pytest.mark.parametrize("what", ["numbers", "births", "called"])
def test_no_original_is_a_number_a_date_or_a_name_within_what_was_left_alone(compared, what):
    assert getattr(compared, what) == []


def test_the_comparison_finds_what_is_left(compared):
    same = Comparison(compared.before, compared.before, compared.report)
    assert {where for where, _ in same.stayed} > {"LeadTableRow.firstName", "StreetAddress.state"}


def test_states_keep_their_clocks(compared):
    zones = {}
    for (_, where, old), (_, _, new) in zip(walked(compared.before), walked(compared.after), strict=True):
        if where == "StreetAddress.state":
            zones[old] = new
    assert len(zones) >= 2
    for old, new in zones.items():
        assert new in neighbours(old) or new not in STATES


def test_times_move_by_whole_weeks_where_that_is_asked_and_stay_otherwise(compared):
    is_moved = "LeadTableRow.createdAt" in compared.moved
    assert is_moved != ("LeadTableRow.createdAt" in compared.left)
    times = [(old, new) for where, old, new in compared.pairs if where == "LeadTableRow.createdAt"]
    times += [(a.at, b.at) for a, b in zip(compared.before.entries(), compared.after.entries(), strict=True)]
    times.append((compared.before.began, compared.after.began))
    (between,) = {datetime.fromisoformat(old[:19]) - datetime.fromisoformat(new[:19]) for old, new in times}
    assert all(old[19:] == new[19:] for old, new in times)
    weeks, rest = divmod(between, timedelta(weeks=1))
    assert not rest
    assert weeks in range(1, 105) if is_moved else weeks == 0
