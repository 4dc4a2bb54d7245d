"""Arguments: what is said of one that cannot be, and that no text is repeated that may be a credential."""

import math
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies

from leadping_nb.arguments import (
    EVENT,
    FLAG,
    FUNCTION,
    MAPPING,
    NAME,
    PROGRESS,
    TEXT,
    demand,
    described,
    member,
    moment,
    number,
    path,
    quoted,
    told,
    whole,
)
from leadping_nb.errors import LeadpingError

KEY = "lp_src_test0123example456789XYZ"
TOKEN = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ0ZXN0In0."


@pytest.mark.parametrize("wanted", [TEXT, NAME, FLAG, FUNCTION, MAPPING, EVENT, PROGRESS], ids=lambda kind: kind.what)
def test_a_refusal_names_the_argument_and_the_hint_repeats_the_name(wanted):
    with pytest.raises(LeadpingError) as caught:
        demand(wanted, some_name=b"bytes")
    assert caught.value.message == f"some_name is a bytes, and {wanted.what} is expected."
    assert "{" not in caught.value.hint.replace("{…}", "")


def test_none_is_taken_where_it_may_be():
    demand(TEXT.or_none, one=None, other="text")
    with pytest.raises(LeadpingError, match="a text or None is expected"):
        demand(TEXT.or_none, one=None, other=3)


@pytest.mark.parametrize("value", [7, np.int8(7), np.uint64(7), np.array(7), pd.Series([7]).iloc[0]])
def test_whole_numbers_of_any_library_become_pythons(value):
    assert type(whole("limit", value)) is int
    assert whole("limit", value, least=7, most=7) == 7


@pytest.mark.parametrize("value", [True, np.bool_(True), 7.0, Decimal(7), "7", None, pd.NA, pd.Series([7, 8])])
def test_what_is_no_whole_number_is_refused(value):
    with pytest.raises(LeadpingError, match="a whole number is expected"):
        whole("limit", value)


@pytest.mark.parametrize("value", [1, 1.5, np.float32(1.5), Fraction(3, 2)])
def test_finite_numbers_become_floats(value):
    assert number("ttl", value, least=1, above=0) == float(value)


@pytest.mark.parametrize("value", [math.nan, math.inf, True, "1", 10**400, 1j, None], ids=type)
def test_what_is_no_finite_number_is_refused(value):
    with pytest.raises(LeadpingError, match="a number is expected"):
        number("ttl", value)


def test_times_are_aware_or_epoch_seconds():
    east = timezone(timedelta(hours=2))
    assert moment("now", datetime(2026, 7, 5, 14, tzinfo=east)) == datetime(2026, 7, 5, 12, tzinfo=UTC)
    assert moment("now", pd.Timestamp("2026-07-05T12:00Z")) == datetime(2026, 7, 5, 12, tzinfo=UTC)
    assert moment("now", np.float64(0.5)) == datetime(1970, 1, 1, 0, 0, 0, 500_000, tzinfo=UTC)
    for wrong in (pd.NaT, "now", 10**30, None, datetime(2026, 7, 5).date()):
        with pytest.raises(LeadpingError, match=r"now is .* an aware datetime or epoch seconds is expected"):
            moment("now", wrong)
    with pytest.raises(LeadpingError, match="now has no time zone"):
        moment("now", datetime(2026, 7, 5))


@pytest.mark.parametrize("value", [KEY, f"folder/../{KEY}"[10:], TOKEN])
def test_a_credential_is_no_path(value):
    with pytest.raises(LeadpingError, match="folder looks like a credential") as caught:
        path("folder", value)
    assert value not in str(caught.value)


@pytest.mark.parametrize("value", ["lp_leads", Path("sk_exports") / "2026", "eyJ", "a b/ü", "lp_leads_2026_07"])
def test_names_that_begin_as_credentials_do_are_paths_all_the_same(value):
    assert path("folder", value) == Path(value)


def test_a_path_from_home_is_where_pandas_and_arrow_look_for_it(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert path("folder", "~/leads") == path("folder", Path("~", "leads")) == tmp_path / "leads"
    assert path("folder", "~nobody-of-that-name/leads") == Path("~nobody-of-that-name/leads")
    assert path("folder", "a~b/~") == Path("a~b/~")


def test_a_word_that_is_not_known_is_answered_with_those_that_are():
    member("every", "day", ("day", "week"))
    with pytest.raises(LeadpingError, match=r"every is 'daily'\. It is one of day, week."):
        member("every", "daily", ("day", "week"))


@given(strategies.text())
def test_no_text_is_repeated_where_it_is_described(text):
    assert described(text) in ("a text", "an empty text", "a text with half a character")


@given(strategies.text(alphabet="abc_ ", max_size=20), strategies.sampled_from([KEY, TOKEN, "Bearer " + KEY]))
def test_no_credential_is_repeated_where_a_name_is(before, credential):
    for say in (quoted, told):
        assert credential not in say(before + credential)
        assert "0123example" not in say(before + credential)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "None"),
        (False, "False"),
        (-3, "-3"),
        (10**5000, "a number of more than twenty digits"),
        (math.nan, "nan"),
        ("", "an empty text"),
        ("\ud800", "a text with half a character"),
        (int, "the class int"),
        ([KEY], "a list"),
        (OSError(), "an OSError"),
    ],
    ids=lambda given: given if isinstance(given, str) and given.isascii() else "-",
)
def test_what_was_given_is_described_by_what_it_is(value, said):
    assert described(value) == said
