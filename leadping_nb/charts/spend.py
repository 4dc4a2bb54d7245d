"""The chart of spend: what was charged in each day, week or month, and the sum so far."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import TYPE_CHECKING

from leadping_nb.charts.chart import BLUE, Chart, canvas, count_axis, empty, finished, place, settings, time_axis
from leadping_nb.charts.reading import (
    Every,
    check_period,
    chosen_period,
    day_name,
    names,
    period_starts,
    require,
    shortfall,
    start_of,
    times,
    when,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["spend"]

_LEDGERS = (
    ("transactions", "amount", (("transactionType", {"Debit"}, True), ("transactionStatus", {"Failed"}, False))),
    (
        "usage",
        "customerChargeAmount",
        (("status", {"failed", "refunded_credited", "non_billable_internal", "blocked_due_to_billing"}, False),),
    ),
)
"""Each ledger with its column of money, and which values of which columns its rows must or must not have."""


def spend(ledger: pd.DataFrame, *, every: Every | None = None) -> Chart:
    """Draw what was spent in each day, week or month, and the sum so far.

    Of transactions the debits count, of usage all that was charged; what failed does not. Amounts count without
    their sign, are added as exact decimals, and are in the currency of the account.

    Parameters
    ----------
    ledger
        What ``api.frame("transactions")`` or ``api.frame("usage")`` gives.
    every
        ``day``, ``week`` (from Monday) or ``month``, in UTC; chosen by the range of time unless given.

    Raises
    ------
    LeadpingError
        If a column is missing.
    """
    check_period(every)
    require(ledger, "transactions", *(money for _, money, _ in _LEDGERS))
    resource, money, rules = next(row for row in _LEDGERS if row[1] in ledger.columns)
    moments = times(ledger, require(ledger, resource, "createdAt"))
    counted = (moments.notna() & ledger[money].notna()).tolist()
    for column, values, must in rules:
        kept = [(value in values) == must for value in names(ledger, require(ledger, resource, column))]
        counted = [both and one for both, one in zip(counted, kept, strict=True)]
    missing = shortfall([(resource, ledger)])
    days: list[date] = moments[counted].dt.date.tolist()
    amounts = [abs(Decimal(str(amount))) for amount in ledger[money][counted]]
    left = len(ledger) - len(days)
    others = f"{left:,} row{'' if left == 1 else 's'} that {'is' if left == 1 else 'are'} no spending left out."
    notes = " ".join(filter(None, [others if left else "", missing]))
    if not days:
        title = f"Spend a {every or 'day'}"
        return empty(title, f"{title}: no rows. {notes}".strip(), f"No rows. {notes}".strip())
    period = every or chosen_period(min(days), max(days))
    title = f"Spend a {period}, and in all so far"
    starts = period_starts(days, period)
    sums: dict[date, Decimal] = defaultdict(Decimal)
    for day, amount in zip(days, amounts, strict=True):
        sums[start_of(day, period)] += amount
    heights = [sums[start] for start in starts]
    peak = max(starts, key=lambda start: sums[start])
    with settings():
        figure, [each, so_far] = canvas(title, f"From {resource}. {notes}".strip(), height=4.4, rows=2)
        at = [place(start) for start in starts]
        width = {"day": 0.8, "week": 5.6, "month": 24.0}[period]
        each.bar(at, [float(height) for height in heights], width=width, color=BLUE)
        each.set_ylabel(f"a {period}")
        so_far.step(at, [float(height) for height in accumulate(heights)], where="mid", color=BLUE)
        so_far.set_ylabel("in all so far")
        for axes in (each, so_far):
            count_axis(axes, "y")
        so_far.annotate(
            f"{sum(heights):,.2f}", (at[-1], float(sum(heights))), xytext=(4, 0), textcoords="offset points",
            va="center", fontweight="bold",
        )  # fmt: skip
        partial = "" if period == "day" else "; the first and the last may be partial"
        time_axis(so_far, f"{'day' if period == 'day' else f'{period} beginning'} (UTC){partial}")
    alt = (
        f"Bar and line chart: {title}. {sum(heights):,.2f} from {day_name(min(days))} to {day_name(max(days))}, UTC, "
        f"in {len(days):,} rows of {resource}. The most in a {period} is {sums[peak]:,.2f}, {when(peak, period)}. "
        f"{notes}"
    )
    return finished(figure, alt)
