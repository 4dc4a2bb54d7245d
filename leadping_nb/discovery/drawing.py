"""A discovery as a picture: a Mermaid flow chart, a tree of text, and a page of tables.

Everything that a server said is escaped, and nothing of it reaches a terminal that the terminal would obey. A mark says
what a colour says.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from leadping_nb.discovery.steps import Step
from leadping_nb.findings import Finding
from leadping_nb.identifiers import shown, split_address
from leadping_nb.table import Table, html_table

__all__ = ["MARKS", "Node", "elsewhere", "mermaid", "nodes", "page", "tree", "worst"]

MARKS: Mapping[str, str] = {"error": "✗", "warning": "⚠", "note": "•", "fine": "✓", "absent": "–"}
"""The signs of states, so that colour alone says nothing."""
_STYLES: Mapping[str, str] = {
    "error": "stroke:#c62828,stroke-width:3px",
    "warning": "stroke:#b26a00,stroke-width:3px,stroke-dasharray:6 3",
    "note": "stroke:#1565c0,stroke-width:2px",
    "fine": "stroke:#2e7d32,stroke-width:2px",
    "absent": "stroke:#777777,stroke-dasharray:2 4",
}
_ORDER = ("error", "warning", "note")
_UNSAFE = re.compile(r"[^A-Za-z0-9 ./:_,()+@~%&?=✗⚠•✓–-]")
_LONGEST = 90


@dataclass(frozen=True, slots=True)
class Node:
    """A step in a picture."""

    step: Step
    """The step."""
    host: str
    """Whom it asked."""
    path: str
    """What it asked there for."""
    kind: str
    """The kind of document, or what came in its place."""
    state: str
    """``error``, ``warning`` or ``note`` after the worst finding about it; else ``fine`` or ``absent``."""
    findings: tuple[Finding, ...]
    """The findings about it."""

    @property
    def mark(self) -> str:
        """A sign for the state."""
        return MARKS[self.state]


def nodes(steps: Sequence[Step], findings: Sequence[Finding]) -> tuple[Node, ...]:
    """Give a node a step, in order, each with the findings about its address."""
    by_place: dict[str, list[Finding]] = {}
    for found in findings:
        by_place.setdefault(found.place, []).append(found)
    # findings name places as they are shown
    return tuple(_node(step, tuple(by_place.get(shown(step.url), ()))) for step in steps)


def worst(findings: Iterable[Finding]) -> str:
    """Give the worst severity, or an empty text where there are no findings."""
    severities = {found.severity for found in findings}
    return next((severity for severity in _ORDER if severity in severities), "")


def elsewhere(steps: Sequence[Step], findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Give the findings that are about no step's address, but about the API as a whole."""
    placed = {shown(step.url) for step in steps}
    return tuple(found for found in findings if found.place not in placed)


def tree(start: str, steps: Sequence[Step], findings: Sequence[Finding]) -> str:
    """Draw steps as a tree, each below the one that led to it, with its findings."""
    children: dict[int | None, list[Node]] = {}
    known = {step.number for step in steps}
    for node in nodes(steps, findings):
        children.setdefault(node.step.parent if node.step.parent in known else None, []).append(node)
    lines = [shown(start)]

    def add(level: Sequence[Node], indent: str) -> None:
        for node in level:
            step, last = node.step, node is level[-1]
            below = indent + ("   " if last else "│  ")
            lines.append(f"{indent}{'└─ ' if last else '├─ '}{node.mark} {step.number}. {shown(step.question)}")
            lines.append(f"{below}   {step.method} {shown(step.url)} → {shown(step.outcome)}")
            lines.extend(f"{below}   {_line(found)}" for found in node.findings)
            add(children.get(step.number, []), below)

    add(children.get(None, []), "")
    lines.extend(_line(found) for found in elsewhere(steps, findings))
    return "\n".join(lines)


def mermaid(start: str, steps: Sequence[Step], findings: Sequence[Finding]) -> str:
    """Draw steps as a flow chart: a box a host, a node a document, an arrow where one led to another.

    The chart has a title and a description, which become the alternative text of the picture.
    """
    drawn = nodes(steps, findings)
    hosts: dict[str, list[Node]] = {}
    for node in drawn:
        hosts.setdefault(node.host, []).append(node)
    lines = ["flowchart LR", f"  accTitle: {_safe(_title(start))}", f"  accDescr: {_summary(drawn)}"]
    for number, (host, own) in enumerate(hosts.items(), 1):
        lines.append(f'  subgraph host{number}["{_safe(host)}"]')
        for node in own:
            label = f"{node.mark} {_safe(node.kind)}<br>{_safe(node.path)}"
            codes = ", ".join(dict.fromkeys(found.code for found in node.findings))
            lines.append(f'    s{node.step.number}["{label}{f"<br>{_safe(codes)}" if codes else ""}"]:::{node.state}')
        lines.append("  end")
    known = {step.number for step in steps}
    for node in drawn:
        if node.step.parent in known:
            arrow = f"--{node.mark}-->" if node.findings else "-->"
            lines.append(f"  s{node.step.parent} {arrow} s{node.step.number}")
    lines += [f"  classDef {name} {style}" for name, style in _STYLES.items()]
    return "\n".join(lines)


def page(start: str, facts: Table, steps: Table, findings: Table, drawn: str) -> str:
    """Write facts, steps and findings as HTML without script, and fold the tree in for where no graph is drawn."""
    count = len(findings.rows)
    listed = html_table(
        findings.columns,
        findings.rows,
        caption=f"{count} finding{'' if count == 1 else 's'}",
        mark=lambda column, value: f"{MARKS[str(value)]} " if column == "severity" else "",
    )
    return (
        f"<div><strong>{html.escape(_title(start))}</strong>{facts.html()}"
        f"{steps.html(caption='Steps')}{listed if count else '<p>✓ No findings.</p>'}"
        f"<details><summary>The graph as text</summary><pre>{html.escape(drawn)}</pre></details></div>"
    )


def _title(start: str) -> str:
    return f"Discovery of {shown(start)}"


def _summary(drawn: Sequence[Node]) -> str:
    """Say how many steps there are of each state, such as ``Steps: 1 error, 7 fine``."""
    counts = Counter(node.state for node in drawn)
    return f"Steps: {', '.join(f'{counts[state]} {state}' for state in MARKS if counts[state])}"


def _node(step: Step, findings: tuple[Finding, ...]) -> Node:
    parts = split_address(step.url)
    return Node(
        step=step,
        host=(parts.netloc if parts else "") or "given",
        path=(parts.path or "/") if parts else step.url,
        kind=step.document.kind if step.document else step.outcome,
        state=worst(findings) or ("fine" if step.found or step.number == 1 else "absent"),
        findings=findings,
    )


def _line(found: Finding) -> str:
    return f"{MARKS[found.severity]} {found.severity} {found.code}: {found.message}"


def _safe(text: str) -> str:
    """Leave only characters that mean nothing to Mermaid or HTML."""
    short = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    return _UNSAFE.sub("·", short)
