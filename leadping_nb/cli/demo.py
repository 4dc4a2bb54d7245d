"""``leadping-nb demo``: the five questions for each credential type, over HTTP, on the sandbox."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from leadping_nb.api import connect
from leadping_nb.credential import Credential, KeyType
from leadping_nb.discovery import Discovery, discover
from leadping_nb.errors import LeadpingError, NotAllowedError
from leadping_nb.policy import SIGNS as VERDICT_SIGNS, VERDICTS, permissions
from leadping_nb.sandbox import Sandbox
from leadping_nb.tokens import SIGNS as CHECK_SIGNS, inspect_token

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["run_demo"]

_COLOURS = {"allowed": "green", "undocumented": "yellow", "denied": "red", "passed": "green", "failed": "red"}
_AGAIN = "Run the demo again; if it fails once more, report what it printed."
_BAR_WIDTH = 32
_PLAIN_WIDTH = 120


@dataclass
class _Tour:
    """What the parts of the demo share."""

    sandbox: Sandbox
    console: Console
    leads: int
    discovery: Discovery | None = None
    failures: list[str] = field(default_factory=list)

    @property
    def places(self) -> Mapping[str, str]:
        """The sandbox's two servers by what they stand for; their ports differ from run to run."""
        return {self.sandbox.url: "API", self.sandbox.website: "website"}

    def part(self, title: str, show: Callable[[], None]) -> None:
        """Show one part; a part that fails is counted and does not stop the others."""
        self.console.print(f"\n[bold]{title}[/]")
        try:
            show()
        except (LeadpingError, ArithmeticError, LookupError, ValueError) as error:
            self.failures.append(title)
            self.console.print(Text(f"  ✗ This part failed: {error}", style="bold red"))
            if not isinstance(error, LeadpingError):
                self.console.print(Text(traceback.format_exc(limit=2)))


def run_demo(*, leads: int, console: Console | None = None) -> int:
    """Walk the tour; give 0 if every part succeeded, else 1."""
    console = console or Console(
        highlight=False, width=None if sys.stdout is not None and sys.stdout.isatty() else _PLAIN_WIDTH
    )
    with Sandbox(leads=leads) as sandbox:
        tour = _Tour(sandbox, console, leads)
        console.print(f"[bold]From a credential to a DataFrame[/], on the sandbox at {sandbox.url}")
        for text in (sandbox.user_token, sandbox.business_key, sandbox.source_key):
            _walk(tour, Credential.from_text(text, origin="sandbox"))
    if tour.failures:
        console.print(Text(f"\n✗ {len(tour.failures)} parts failed: {'; '.join(tour.failures)}", style="bold red"))
        return 1
    console.print("\n[bold green]✓[/] All parts of the tour succeeded.")
    return 0


def _walk(tour: _Tour, credential: Credential) -> None:
    kind = credential.key_type.value
    tour.console.rule(f"[bold]{kind}[/]")
    tour.part(f"1 · What is it? ({kind})", lambda: _what(tour, credential))
    tour.part(f"2 · What may it do? ({kind})", lambda: _may(tour, credential))
    tour.part(f"3 · Who says so? ({kind})", lambda: _who(tour))
    tour.part(f"4 · Is it still good? ({kind})", lambda: _good(tour, credential))
    tour.part(f"5 · How do I get my data? ({kind})", lambda: _data(tour, credential))


def _what(tour: _Tour, credential: Credential) -> None:
    tour.console.print(f"  A [bold]{credential.key_type.value}[/]. {credential.why}")
    tour.console.print(f"  {credential.label}, sent as {credential.masked_header}")


def _may(tour: _Tour, credential: Credential) -> None:
    allowed = permissions(credential)
    counts = ", ".join(
        f"[{_COLOURS[verdict]}]{VERDICT_SIGNS[verdict]} {count} {verdict}[/]"
        for verdict, count in allowed.counts.items()
    )
    tour.console.print(f"  Of {sum(allowed.counts.values())} operations: {counts}")
    table = _grid("verdict", "how many", "why", "for example", "certainty")
    for verdict in VERDICTS:
        alike: dict[tuple[str, str], list[str]] = {}
        for operation, decision in allowed:
            if decision.verdict == verdict:
                alike.setdefault((decision.why, decision.certainty), []).append(operation.id)
        for (why, certainty), operations in sorted(alike.items(), key=lambda pair: -len(pair[1])):
            sign = f"[{_COLOURS[verdict]}]{VERDICT_SIGNS[verdict]} {verdict}[/]"
            table.add_row(sign, str(len(operations)), why, _telling(operations), certainty)
    tour.console.print(table)


def _telling(operations: list[str]) -> str:
    """Choose the operation that most people know: one about leads, and a list before others."""
    return min(operations, key=lambda name: (" /leads" not in name, "/all/my" not in name, len(name)))


def _who(tour: _Tour) -> None:
    if tour.discovery is not None:
        found = tour.discovery
        tour.console.print(
            f"  The same API as above: {len(found.steps)} steps, {len(found.issuers)} accepted issuers, "
            f"{len(found.findings)} findings."
        )
        return
    found = tour.discovery = discover(tour.sandbox.url)
    places = tour.places
    for step in found.steps:
        address = _named(step.url, places)
        question = _named(step.question, places)
        tour.console.print(f"  {step.number:>2}  {question} [dim]({step.spec})[/]")
        tour.console.print(Text(f"      {step.method} {address} → {step.outcome}", style="cyan"))
    for fact, value in (
        ("accepted issuers", ", ".join(found.issuers)),
        ("signing keys", found.jwks_uri),
        ("client id", found.client_id),
        ("findings", "; ".join(finding.message for finding in found.findings) or "none"),
    ):
        tour.console.print(Text(f"  {fact}: {_named(value or 'none', places)}"))
    if found.jwks_uri is None or not found.jwks:
        raise LeadpingError("The walk did not reach the signing keys.", hint=_AGAIN)


def _good(tour: _Tour, credential: Credential) -> None:
    if credential.key_type is KeyType.SOURCE_KEY:
        tour.console.print("  Opaque, and it reads nothing: only sending a lead would tell, and the tour sends none.")
        return
    if credential.key_type is not KeyType.USER_TOKEN:
        with connect(credential, base_url=tour.sandbox.url) as api:
            tags = api.frame("tags")
        tour.console.print(f"  Opaque, so ask the API: it answered GET /tags with {len(tags)} tags. It is good.")
        return
    token = inspect_token(credential, discovery=tour.discovery, now=tour.sandbox.clock.now())
    tour.console.print(f"  {token.summary}")
    table = _grid("check", "outcome", "expected", "got")
    for check in token.results:
        colour = _COLOURS.get(check.outcome, "dim")
        outcome = f"[{colour}]{CHECK_SIGNS[check.outcome]} {check.outcome}[/]"
        table.add_row(check.check, outcome, _named(check.expected, tour.places), _named(check.got, tour.places))
    tour.console.print(table)
    if token.verdict != "valid":
        raise LeadpingError(f"The token is {token.verdict}.", hint=_AGAIN)


def _data(tour: _Tour, credential: Credential) -> None:
    if credential.key_type is KeyType.SOURCE_KEY:
        _refused(tour, credential)
        return
    with connect(credential, base_url=tour.sandbox.url) as api:
        if credential.key_type is not KeyType.USER_TOKEN:
            sources = api.frame("sources")
            shown = sources[["name", "enabled", "costPerLead", "lastLeadReceivedAt"]].head(8)
            shown = shown.assign(lastLeadReceivedAt=shown["lastLeadReceivedAt"].dt.strftime("%Y-%m-%d %H:%M"))
            tour.console.print(f"  {_account(sources)}")
            tour.console.print(_of_frame(shown))
            return
        leads = api.frame("leads", limit=tour.leads, page_size=500, params={"archiveFilter": "all"})
        events = api.frame("events", page_size=500)
    tour.console.print(f"  leads:  {_account(leads)}")
    tour.console.print(f"  events: {_account(events)}")
    _summary(tour, leads, events)
    if not (leads.attrs["leadping"]["complete"] and events.attrs["leadping"]["complete"]):
        raise LeadpingError("A load is not whole.", hint=_AGAIN)
    if not events["leadId"].dropna().isin(leads["id"]).all():
        raise LeadpingError("Some events belong to no lead that was loaded.", hint=_AGAIN)


def _refused(tour: _Tour, credential: Credential) -> None:
    with connect(credential, base_url=tour.sandbox.url) as api:
        try:
            api.frame("leads")
        except NotAllowedError as error:
            tour.console.print(f"  Not with this key, and nothing was sent: {error}")
            tour.console.print(f"  Rule: {error.rule}")
            return
    raise LeadpingError("A source key read leads.", hint=_AGAIN)


def _summary(tour: _Tour, leads: pd.DataFrame, events: pd.DataFrame) -> None:
    behind = events.groupby("leadId").size().reindex(leads["id"], fill_value=0).to_numpy()
    by_source = leads.assign(events=behind, converted=leads["currentDisposition.category"] == "Converted").groupby(
        "sourceName"
    )
    sources = by_source.agg(
        leads=("id", "size"), events=("events", "mean"), converted=("converted", "mean"), price=("price", "mean")
    ).sort_values("leads", ascending=False)
    chart = _grid("source", "leads", "", "events a lead", "converted", "mean price")
    largest = int(sources["leads"].max())
    for name, count, mean_events, converted, price in sources.itertuples(name=None):
        bar = _bar(count, largest)
        chart.add_row(name, f"{count:,}", bar, f"{mean_events:.1f}", f"{converted:.0%}", f"{price:.2f}")
    tour.console.print("\n  Leads by source")
    tour.console.print(chart)
    statuses = leads["status"].value_counts()
    chart = _grid("status", "leads", "")
    for status, count in zip(map(str, statuses.index), statuses, strict=True):
        chart.add_row(status, f"{count:,}", _bar(int(count), int(statuses.max())))
    tour.console.print("\n  Leads by status")
    tour.console.print(chart)


def _bar(value: int, largest: int) -> Text:
    return Text("█" * max(1, round(_BAR_WIDTH * value / largest)), style="cyan")


def _named(text: str, places: Mapping[str, str]) -> str:
    for address, name in places.items():
        text = text.replace(address, name).replace(address.removeprefix("http://"), name)
    return text


def _account(frame: pd.DataFrame) -> str:
    passport = frame.attrs["leadping"]
    whole = "complete" if passport["complete"] else f"not complete: {passport['reason']}"
    pages = "1 page" if passport["pages"] == 1 else f"{passport['pages']} pages"
    return f"{passport['rows']:,} rows in {pages}, {len(frame.columns)} columns, {whole}"


def _of_frame(frame: pd.DataFrame) -> RichTable:
    grid = _grid(*map(str, frame.columns))
    for row in frame.astype(object).where(frame.notna(), "").itertuples(index=False):
        grid.add_row(*map(str, row))
    return grid


def _grid(*columns: str) -> RichTable:
    table = RichTable(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for name in columns:
        table.add_column(name, overflow="fold")
    return table
