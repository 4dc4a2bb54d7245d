"""What an inspection found: verdict, claims, checks and time line, and how they show themselves."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, tzinfo
from math import isfinite
from typing import TYPE_CHECKING, Literal

from leadping_nb.lasting import Lasting
from leadping_nb.table import Table, html_table
from leadping_nb.tokens.check import SIGNS, Check, duration, is_number, moment, plain
from leadping_nb.tokens.claims import HEADER_MEANINGS, MEANINGS, TIMES
from leadping_nb.tokens.timeline import Moment, timeline, timeline_html

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["VERDICT_SIGNS", "TokenInspection", "TokenVerdict", "verdict_of"]

TokenVerdict = Literal["valid", "invalid", "unverified"]

VERDICT_SIGNS: Mapping[str, str] = {"valid": "✓", "invalid": "✗", "unverified": "?"}
"""One sign a verdict, so that colour alone never carries it."""

_REQUIRED = frozenset({"form", "key", "algorithm", "signature", "expiry", "issuer", "audience"})
_DEEPEST = 40
_CELL = '<td style="text-align:left">'


@dataclass(frozen=True, slots=True, eq=False)
class TokenInspection(Lasting):
    """What a user token says, and whether to believe it."""

    verdict: TokenVerdict
    """``valid`` if every required check passed, ``invalid`` if one failed, ``unverified`` if one was not possible."""
    header: Mapping[str, object]
    """The JOSE header (RFC 7515, section 4)."""
    claims: Mapping[str, object]
    """The claims (RFC 7519, section 4); not to be believed unless the verdict is ``valid``."""
    results: tuple[Check, ...] = field(repr=False)
    """The checks in the order in which they were made."""
    now: datetime
    """The time it was judged at, in UTC."""
    tz: tzinfo | None = field(default=None, repr=False)
    """The time zone of local times; this machine's if None."""

    @property
    def checks(self) -> pd.DataFrame:
        """The checks as a DataFrame: check, outcome, expected, got, what to do."""
        return self.table.frame()

    @property
    def table(self) -> Table:
        """The checks as a table."""
        return Table(
            ("check", "outcome", "expected", "got", "what to do"),
            tuple((entry.check, entry.outcome, entry.expected, entry.got, entry.todo) for entry in self.results),
        )

    @property
    def expires_in(self) -> float | None:
        """Seconds until it ends, negative if it has ended, None if it does not say when."""
        ends = self.claims.get("exp")
        return None if not is_number(ends) else float(ends) - self.now.timestamp()  # type: ignore[arg-type]  # a number

    @property
    def timeline(self) -> tuple[Moment, ...]:
        """When it was issued, may be used and expires, and now among them, in order."""
        return timeline(self.claims, self.now, self.tz)

    @property
    def claims_table(self) -> Table:
        """The claims with their meaning and where it is defined; times in UTC and in local time."""
        rows = []
        for name, value in self.claims.items():
            meaning, source = MEANINGS.get(name, ("", "not registered"))
            is_time = name in TIMES
            local = moment(value, self.tz) if is_time and is_number(value) else ""
            rows.append((plain(name), moment(value) if is_time else plain(value), local, meaning, source))
        return Table(("claim", "value", "local time", "meaning", "source"), tuple(rows))

    @property
    def header_table(self) -> Table:
        """The members of the header with their meaning and where it is defined."""
        rows = (
            (name, value, *HEADER_MEANINGS.get(name, ("", "not registered"))) for name, value in self.header.items()
        )
        return Table(
            ("member", "value", "meaning", "source"),
            tuple((plain(name), plain(value), meaning, source) for name, value, meaning, source in rows),
        )

    @property
    def summary(self) -> str:
        """The verdict in a sentence."""
        if self.verdict == "valid":
            left = self.expires_in or 0
            ends = f"it ends in {duration(left)}" if left > 0 else f"it ended {duration(left)} ago, within the leeway"
            return f"The token is valid; {ends}."
        deciding = [entry for entry in self.results if entry.outcome == "failed"] or [
            entry for entry in self.results if entry.outcome == "skipped" and entry.check in _REQUIRED
        ]
        names = ", ".join(entry.check for entry in deciding)
        if self.verdict == "invalid":
            doubt = "" if self._is_signed else " Its signature was not verified, so what it says is unverified too."
            return f"The token is invalid: {names} failed.{doubt}"
        return f"The token is unverified: {names} could not be checked, so nothing it says is proven."

    def to_json(self) -> str:
        """Give all of it as JSON, without the signature."""
        found = {
            "verdict": self.verdict,
            "summary": self.summary,
            "now": self.now.isoformat(),
            "expires_in": self.expires_in,
            "header": _jsonable(self.header),
            "claims": _jsonable(self.claims),
            "checks": [asdict(entry) for entry in self.results],
            "timeline": [asdict(entry) for entry in self.timeline],
        }
        return json.dumps(found, indent=2)

    def tree(self) -> str:
        """Give all of it as a tree for a terminal."""
        header = [
            f"{name}: {value}" + (f" ({meaning})" if meaning else "")
            for name, value, meaning, _ in self.header_table.rows
        ]
        times = [str(entry) for entry in self.timeline]
        checks = [
            f"{SIGNS[entry.outcome]} {entry.check} {entry.outcome}: {entry.got}"
            + (f" (expected {entry.expected})" if entry.outcome == "failed" else "")
            + (f". {entry.todo}" if entry.todo else "")
            for entry in self.results
        ]
        claims = [
            f"{name}: {value}" + (f" ({meaning})" if meaning else "")
            for name, value, _, meaning, _ in self.claims_table.rows
        ]
        branches = (("header", header), ("time line", times), ("checks", checks), (f"claims{self._doubt}", claims))
        return "\n".join((f"{VERDICT_SIGNS[self.verdict]} {self.summary}", *_branches(branches)))

    @property
    def _doubt(self) -> str:
        return "" if self.verdict == "valid" else f" ({self.verdict if self._is_signed else 'unverified'})"

    @property
    def _is_signed(self) -> bool:
        return any(entry.check == "signature" and entry.outcome == "passed" for entry in self.results)

    def __str__(self) -> str:
        return self.tree()

    def __repr__(self) -> str:
        return f"<TokenInspection {VERDICT_SIGNS[self.verdict]} {self.verdict}: {self.summary}>"

    def _repr_html_(self) -> str:
        checks = html_table(
            self.table.columns,
            self.table.rows,
            caption="Checks",
            mark=lambda column, value: f"{SIGNS[str(value)]} " if column == "outcome" else "",
        )
        header = _table_with_links(self.header_table, f"Header{self._doubt}")
        claims = _table_with_links(self.claims_table, f"Claims{self._doubt}")
        title = f"<strong>{VERDICT_SIGNS[self.verdict]} {html.escape(self.summary)}</strong>"
        return f"<div>{title}{timeline_html(self.timeline)}{checks}{header}{claims}</div>"


def verdict_of(results: Iterable[Check]) -> TokenVerdict:
    """Decide by the checks.

    Examples
    --------
    >>> verdict_of([Check("expiry", "skipped", "", "")])
    'unverified'
    """
    outcomes = [(entry.outcome, entry.check in _REQUIRED) for entry in results]
    if any(outcome == "failed" for outcome, _ in outcomes):
        return "invalid"
    return "unverified" if ("skipped", True) in outcomes else "valid"


def _branches(branches: Iterable[tuple[str, list[str]]]) -> Iterator[str]:
    shown = [(name, entries) for name, entries in branches if entries]
    for number, (name, entries) in enumerate(shown, 1):
        last = number == len(shown)
        yield f"{'└─' if last else '├─'} {name}"
        for place, entry in enumerate(entries, 1):
            yield f"{'  ' if last else '│ '} {'└─' if place == len(entries) else '├─'} {entry}"


def _table_with_links(table: Table, caption: str) -> str:
    """Write a table whose last column is where something is defined."""
    head = "".join(f'<th scope="col" style="text-align:left">{html.escape(name)}</th>' for name in table.columns)
    body = "".join(
        f"<tr>{''.join(f'{_CELL}{html.escape(str(value))}</td>' for value in row[:-1])}"
        f"{_CELL}{_link(str(row[-1]))}</td></tr>"
        for row in table.rows
    )
    title = f'<caption style="text-align:left;caption-side:top">{html.escape(caption)}</caption>'
    return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _link(source: str) -> str:
    if not source.startswith("https://"):
        return html.escape(source)
    place = source.rpartition("/")[2]
    name = place.replace("rfc", "RFC ").replace("#section-", ", section ") if place.startswith("rfc") else "OpenID"
    return f'<a href="{html.escape(source)}">{html.escape(name)}</a>'


def _jsonable(value: object, depth: int = 0) -> object:
    """Give a claim as JSON allows it: endless numbers as text, and nothing deeper than anyone reads."""
    if depth > _DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        return {str(name): _jsonable(entry, depth + 1) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(entry, depth + 1) for entry in value]
    return str(value) if isinstance(value, float) and not isfinite(value) else value
