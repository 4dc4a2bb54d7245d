"""The discovery card: from a call without a credential to the signing keys, one request a step or all at once."""

from __future__ import annotations

import html
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Final, Protocol, TypeAlias

from leadping_nb.arguments import FUNCTION, demand
from leadping_nb.discovery import Discovery, Walk
from leadping_nb.discovery.drawing import MARKS, Node, elsewhere, nodes, worst
from leadping_nb.errors import LeadpingError
from leadping_nb.findings import Finding
from leadping_nb.identifiers import shown, split_address
from leadping_nb.widgets import front_end
from leadping_nb.widgets.card import Card, Message
from leadping_nb.widgets.documents import as_documents

__all__ = ["Addressed", "DiscoveryCard"]

# Whoever runs a server can name many addresses, and long ones; what the page gets stays small.
_MOST_STEPS: Final = 40
_MOST_FINDINGS: Final = 40
_LONGEST: Final = 200

_SEVERITIES: Final = ("error", "warning", "note")
_ADDRESS_HINT: Final = 'DiscoveryCard("https://api.leadping.ai") makes it, or DiscoveryCard(sandbox) for a sandbox.'
_NOTHING: Final = "Nothing was asked yet."
_HOW: Final = "Run this cell in JupyterLab, Notebook 7 or Voila to go step by step, or ask for all at once:"
_WITHOUT_CARD: Final = "The same without the card:"

Listener: TypeAlias = Callable[[Discovery], object]
"""What is told of a discovery."""


class Addressed(Protocol):
    """What has an address, as a `leadping_nb.Sandbox` does."""

    @property
    def url(self) -> str:
        """The address."""


class DiscoveryCard(Card):
    """Follow the discovery of an API in the notebook, from a call without a credential to the signing keys.

    No credential is sent, whatever the servers ask for. A server that cannot be reached, or answers badly, is a
    finding. Requests are made beside the kernel's own thread.

    Parameters
    ----------
    url
        The API's address: https, or http on loopback; or a sandbox that runs.
    on_discovery
        Called with what was found so far after each step, from the thread that makes the requests. What it raises is
        shown in the card, and the walk waits there.

    Raises
    ------
    LeadpingError
        If the text is no http or https address.

    Examples
    --------
    >>> card = DiscoveryCard("https://api.example")
    >>> card
    <DiscoveryCard of https://api.example: no steps>
    >>> card.discovery is None
    True
    """

    _esm = front_end.module("discovery_card")
    _css = front_end.style_sheet("discovery_card")

    def __init__(
        self, url: str | Addressed = "https://api.leadping.ai", *, on_discovery: Listener | None = None
    ) -> None:
        demand(FUNCTION.or_none, on_discovery=on_discovery)
        self._url = url if isinstance(url, str) else _address_of(url)
        self._on_discovery = on_discovery
        self._set_out()
        super().__init__({"next": self._next, "all": self._all, "again": self._again})

    @property
    def url(self) -> str:
        """The API's address, where the walk begins."""
        return self._url

    @property
    def discovery(self) -> Discovery | None:
        """What was found so far, or None before the first step; ``complete`` says whether the walk is over."""
        return self._discovery

    @property
    def code(self) -> str:
        """The few lines that do the same without the card."""
        return f"""\
import leadping_nb as lp

discovery = lp.discover({json.dumps(self._url)})
discovery.frame  # the steps
discovery.findings  # what does not fit the standards
discovery.issuers, discovery.jwks_uri, discovery.client_id
discovery  # all of it, with the graph"""

    @property
    def requests(self) -> Mapping[str, str]:
        """The requests of the steps so far, for curl and for httpx; there is no credential in them."""
        return {} if self._discovery is None else as_documents(self._discovery.steps[-_MOST_STEPS:])

    def _set_out(self) -> None:
        self._walk = Walk(self._url)
        self._steps = self._walk.steps()
        self._discovery: Discovery | None = None

    def _next(self, _: Message) -> None:
        self._begin(partial(self._walk_on, 1))

    def _all(self, _: Message) -> None:
        self._begin(partial(self._walk_on, None))

    def _again(self, _: Message) -> None:
        self._begin(self._set_out)

    def _walk_on(self, most: int | None) -> None:
        for _ in islice(self._steps, most):
            self._tell()
        if self._walk.over and not (self._discovery and self._discovery.complete):
            self._tell()  # the last step did not know that it was the last

    def _tell(self) -> None:
        discovery = self._discovery = self._walk.result()
        if discovery.complete:
            self._steps.close()  # and the connections with it
        self._publish()
        if self._on_discovery is not None:
            self._on_discovery(discovery)

    def _content(self) -> dict[str, object]:
        discovery = self._discovery
        start = {"url": shown(self._url, _LONGEST), "host": _host(self._url)}
        if discovery is None:
            return {**start, "over": False, "said": _NOTHING, "steps": [], "more_steps": "", "findings": []}
        drawn = nodes(discovery.steps, discovery.findings)
        state = worst(discovery.findings) or "fine"
        about_api = worst(elsewhere(discovery.steps, discovery.findings))
        return {
            **start,
            "over": discovery.complete,
            "said": _said(discovery),
            "verdict": {"state": state, "sign": MARKS[state], "sentence": _verdict(discovery)},
            "steps": [_step_content(node) for node in drawn[-_MOST_STEPS:]],
            "more_steps": _more(len(drawn), _MOST_STEPS, "The last", "steps", "table"),
            "host_mark": MARKS[about_api] if about_api else "",
            "findings": _finding_contents(discovery.findings[:_MOST_FINDINGS], drawn),
            "more_findings": _more(len(discovery.findings), _MOST_FINDINGS, "The first", "findings", "findings_table"),
            "facts": [
                [str(name).capitalize(), shown(str(value), 4 * _LONGEST)] for name, value in discovery.facts.rows
            ],
        }

    def _text(self) -> str:
        discovery = self._discovery
        if discovery is None:
            return f"Discovery of {shown(self._url)}\n{_NOTHING}\n{_HOW}"
        return f"{_verdict(discovery)}\n\n{discovery.tree()}\n\n{discovery.facts.text()}\n\n{_WITHOUT_CARD}"

    def _html(self) -> str:
        discovery = self._discovery
        if discovery is None:
            return f"<p><strong>Discovery of {html.escape(shown(self._url))}</strong><br>{_NOTHING} {_HOW}</p>"
        tree = f"<pre>{html.escape(discovery.tree())}</pre>"
        return f"{discovery._repr_html_()}<p>{_verdict(discovery)}</p>{tree}<p>{_WITHOUT_CARD}</p>"

    def __repr__(self) -> str:
        made = len(self._discovery.steps) if self._discovery else 0
        return f"<DiscoveryCard of {shown(self._url)}: {_count(made, 'step')}>"


def _address_of(given: object) -> str:
    address = getattr(given, "url", None)
    if not isinstance(address, str):
        raise LeadpingError("The card is made with an address, and this is none.", hint=_ADDRESS_HINT)
    return address


def _step_content(node: Node) -> dict[str, object]:
    step = node.step
    codes = dict.fromkeys((found.severity, found.code) for found in node.findings)
    return {
        "number": step.number,
        "parent": step.parent,
        "state": node.state,
        "sign": node.mark,
        "question": shown(step.question, _LONGEST),
        "request": f"{step.method} {shown(step.url, _LONGEST)}",
        "outcome": shown(step.outcome, _LONGEST),
        "spec": step.spec,
        "findings": [f"{MARKS[severity]} {severity} {code}" for severity, code in codes],
        "host": shown(node.host, _LONGEST),
        "path": shown(node.path, _LONGEST),
        "kind": shown(node.kind, _LONGEST) if step.status else "no answer of use",
    }


def _finding_contents(findings: Iterable[Finding], drawn: Iterable[Node]) -> list[dict[str, object]]:
    """Give the findings for the page; those that differ only in their place stand together."""
    numbers = {shown(node.step.url): node.step.number for node in drawn}
    places: dict[Finding, list[int | None]] = {}
    for found in findings:
        places.setdefault(replace(found, place=""), []).append(numbers.get(found.place))
    return [
        {
            "severity": found.severity,
            "sign": MARKS[found.severity],
            "code": found.code,
            "where": _where([number for number in at if number]),
            "message": found.message,
            "facts": [
                ["Expected", found.expected],
                ["Got", found.got],
                ["What to do", found.hint],
                ["Source", found.spec],
            ],
        }
        for found, at in places.items()
    ]


def _where(numbers: list[int]) -> str:
    if not numbers:
        return "the API as a whole"
    return f"step{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"


def _said(discovery: Discovery) -> str:
    """Say what the last step brought, for who cannot see it."""
    if discovery.complete:
        return _verdict(discovery)
    step = discovery.steps[-1]
    return f"Step {step.number}: {shown(step.question, _LONGEST)} {shown(step.outcome, _LONGEST)}."


def _verdict(discovery: Discovery) -> str:
    counts = Counter(found.severity for found in discovery.findings)
    found = ", ".join(_count(counts[severity], severity) for severity in _SEVERITIES if counts[severity])
    steps = _count(len(discovery.steps), "step")
    if discovery.complete:
        return f"The walk is over: {steps}, {found or 'no findings'}."
    return f"The walk is not over: {steps} so far, {found or 'no findings yet'}."


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _more(number: int, most: int, which: str, noun: str, attribute: str) -> str:
    if number <= most:
        return ""
    return f"{which} {most} of {number} {noun}; `discovery.{attribute}` of this card has them all."


def _host(url: str) -> str:
    parts = split_address(url)
    return shown(parts.netloc, _LONGEST) if parts else ""
