"""Checking a table of leads against a loop over its rows, in one run.

    python benchmarks/bench_intake.py [--rows 100000] [--rounds 3]

Prints the CPU time of ``lp.check_leads`` as a ratio to that of ``lp.check_lead`` called for each row of the same table,
and the rows a CPU second of both. Almost every number, address and certificate is another; some rows have faults. Both
must find the same: the codes of each row are compared.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable
from datetime import UTC, datetime

import pandas as pd
from rounds import cpu_seconds, ratios, table

import leadping_nb as lp

NOW = datetime(2026, 7, 5, tzinfo=UTC)
_AREAS = ("201", "202", "212", "213", "303", "305", "312", "404", "512", "602", "617", "702")
_PLACES = (("NY", "10001"), ("CA", "90012"), ("TX", "73301"), ("IL", "60601"), ("Florida", "33101"), ("co", "80202"))


def leads(rows: int, *, seed: int = 7) -> pd.DataFrame:
    """Make a table of leads as a partner would send it: everything text, a few cells missing, a few wrong."""
    dice = random.Random(seed)
    made = []
    for number in range(rows):
        state, zip_code = dice.choice(_PLACES)
        phone = f"({dice.choice(_AREAS)}) {dice.randint(200, 999)}-{dice.randint(0, 9999):04}"
        made.append(
            {
                "First Name": f"Ada {number % 5_000}",
                "Last Name": f"Example {number % 700}",
                "Phone Number": dice.choice(("555", "call me")) if dice.random() < 0.01 else phone,
                "Email": f"ada{number}@mail.example" if dice.random() < 0.99 else "ada@",
                "State": state,
                "ZIP": zip_code if dice.random() < 0.99 else zip_code[1:],
                "Date of Birth": f"{dice.randint(1940, 2005)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}",
                "price": f"{dice.randint(100, 9_900) / 100}",
                "externalId": f"partner-{number}",
                "trustedFormUrl": f"https://cert.trustedform.com/{dice.getrandbits(160):040x}",
                "utmSource": dice.choice(("search", "social", None)),
            }
        )
    return pd.DataFrame(made)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    df = leads(chosen.rows)
    check = lp.check_leads(df, now=NOW)
    fields = {use.column: use.field for use in check.uses}
    rows = [
        {fields[name]: value for name, value in row.items() if isinstance(value, str)} for row in df.to_dict("records")
    ]

    def at_once() -> lp.LeadsCheck:
        return lp.check_leads(df, now=NOW)

    def one_by_one() -> list[lp.LeadCheck]:
        return [lp.check_lead(row, form="flat", now=NOW) for row in rows]

    _compare(check, one_by_one())
    ratio = ratios(one_by_one, {"lp.check_leads": at_once}, rounds=chosen.rounds, clock=cpu_seconds)
    head = (
        "rows",
        "check_leads ÷ a loop of check_lead, CPU, median (min to max)",
        "rows a CPU second",
        "those of the loop",
    )
    found = ratio["lp.check_leads"]
    print(table(head, [(f"{len(df):,}", found, _rate(at_once, len(df)), _rate(one_by_one, len(df)))]))


def _compare(check: lp.LeadsCheck, singly: list[lp.LeadCheck]) -> None:
    issues = pd.concat([check.bad, check.warnings])
    codes = issues.groupby("row")["code"].agg(lambda found: sorted(map(str, found))).to_dict()
    if any(codes.get(row, []) != sorted(issue.code for issue in one.issues) for row, one in enumerate(singly)):
        raise SystemExit("The two did not find the same.")


def _rate(run: Callable[[], object], rows: int) -> str:
    began = cpu_seconds()
    run()
    return f"{rows / (cpu_seconds() - began):,.0f}"


if __name__ == "__main__":
    main()
