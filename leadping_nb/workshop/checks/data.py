"""The checks of part 5, data into pandas; each raises an `AnswerError` unless the answer is right."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from leadping_nb.workshop.answers import AnswerError, Answers
from leadping_nb.workshop.matching import match_rows
from leadping_nb.workshop.reading import number, pairs

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["check_chart", "check_google", "check_leads", "check_mended", "check_rates", "whole"]

_PAGE: Final = 250
_SOURCE: Final = "google"
_ROUNDED: Final = 0.006  # a little more than rounding to whole per cent changes


def loaded(answers: Answers, name: str) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Give a frame of leads and its passport, or say why it is none."""
    frame: Any = answers[name]
    if not hasattr(frame, "columns") or not hasattr(frame, "attrs"):
        raise AnswerError(
            f"`{name}` is of type {type(frame).__name__}. A DataFrame is asked for, as `api.frame` gives it."
        )
    passport = frame.attrs.get("leadping")
    if not {"options", "rows", "reason"} <= set(passport or ()):
        raise AnswerError(f"`{name}` has no passport, so nobody can say whether it is whole. Load it with the toolkit.")
    if "id" not in frame:
        raise AnswerError(
            f"`{name}` has no column `id`, by which leads are told apart. Leave its columns as they came."
        )
    if len(frame) and not frame["id"].isin(answers.room.leads["id"]).any():
        raise AnswerError(f"`{name}` holds no leads: it is another list. Load `leads`.")
    return frame, passport


def whole(answers: Answers, name: str) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Give a frame of all leads and its passport, or say what is missing or too much."""
    frame, passport = loaded(answers, name)
    ids, expected = frame["id"], set(answers.room.leads["id"])
    if not ids.is_unique:
        raise AnswerError(f"`{name}` has {len(ids):,} rows, and {len(ids) - ids.nunique():,} of them came twice.")
    if set(ids) != expected:
        complete = "By its passport it holds all that was asked for, which was not all."
        if passport["rows"] != len(ids):
            complete = f"By its passport {passport['rows']:,} were loaded, so its rows were chosen or changed since."
        why = passport["reason"] or complete
        raise AnswerError(f"`{name}` has {len(ids):,} rows, and not all leads. {why}")
    return frame, passport


def check_leads(answers: Answers) -> None:
    """Ask for a frame of all leads, in pages of one size."""
    _, passport = whole(answers, "leads")
    if passport["options"].get("page_size") != _PAGE:
        raise AnswerError(
            f"`leads` is whole, and came in {passport['pages']} pages of another size than was asked for."
        )


def check_google(answers: Answers) -> None:
    """Ask for a frame of the leads of one source, for which no others were loaded."""
    frame, passport = loaded(answers, _SOURCE)
    expected = answers.room.leads
    ids = set(expected.loc[expected["sourceName"] == _SOURCE, "id"])
    if not ids >= set(frame["id"]):
        raise AnswerError(f"`{_SOURCE}` holds leads of other sources, too.")
    if not ids <= set(frame["id"]):
        raise AnswerError(f"`{_SOURCE}` lacks some leads of this source. {passport['reason'] or ''}".strip())
    if passport["rows"] != len(frame):
        raise AnswerError(
            f"`{_SOURCE}` holds the right rows, but by its passport {passport['rows']:,} were loaded for them."
            " Let the server choose."
        )


def check_rates(answers: Answers) -> None:
    """Ask for the share of each source's leads that converted, as a fraction or per cent."""
    leads = answers.room.leads
    converted = (leads["currentDisposition.category"] == "Converted").fillna(False)
    by_source = converted.groupby(leads["sourceName"])
    expected = {str(name): float(share) for name, share in by_source.mean().items()}
    counts = [{str(name): int(count) for name, count in of.items()} for of in (by_source.sum(), by_source.size())]
    known = leads["currentDisposition.category"].notna()
    some = {str(name): float(share) for name, share in converted[known].groupby(leads["sourceName"]).mean().items()}
    orders = [sorted(expected), list(map(str, leads["sourceName"].unique()))]  # of a list, which has no names
    readings = [pairs("rates", answers["rates"], order) for order in orders]
    numbers = [{name: number(f"rates[{name!r}]", got[name]) for name in expected if name in got} for got in readings]
    scale = 100 if max((one for one in numbers[0].values() if one == one), default=0) > 1 else 1  # per cent do too

    def same(one: object, other: object) -> bool:
        return abs(float(str(one)) / scale - float(str(other))) < _ROUNDED

    def why(name: str, value: object) -> str:
        reasons = {
            "It is missing. A source that sold nothing has a share, too.": math.isnan(float(str(value))),
            "It is a number of leads. The share of all leads of this source is asked for.": (
                value in [count[name] for count in counts]
            ),
            "Every lead of the source counts, also one that has no status yet.": all(
                same(numbers[chosen][source], share) for source, share in some.items()
            ),
        }
        otherwise = "It is not the leads of this source that converted, divided by all leads of this source."
        return next((reason for reason, holds in reasons.items() if holds), otherwise)

    fits = [len(got) == len(expected) and all(same(got[name], expected[name]) for name in got) for got in numbers]
    chosen = fits.index(True) if True in fits else 0
    match_rows("rates", readings[chosen] | numbers[chosen], expected, why=why, same=same)


def check_mended(answers: Answers) -> None:
    """Ask for a frame of all leads, each once."""
    whole(answers, "mended")


def check_chart(answers: Answers) -> None:
    """Ask for the chart of all leads by source."""
    from leadping_nb.charts import Chart, leads_by  # loads matplotlib, which only those wait for who draw

    chart = answers["chart"]
    if not isinstance(chart, Chart):
        raise AnswerError(f"`chart` is of type {type(chart).__name__}. A chart of `lp.charts` is asked for.")
    expected = leads_by(answers.room.leads, "source").alt
    if chart.alt == expected:
        return
    if chart.alt.partition(".")[0] != expected.partition(".")[0]:
        raise AnswerError(f"`chart` shows something else: {chart.alt.partition('.')[0]}.")
    raise AnswerError("`chart` shows the right thing of other leads. Draw it of the frame that is whole.")
