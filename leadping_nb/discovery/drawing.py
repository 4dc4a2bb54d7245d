"""A discovery as a picture: a Mermaid flow chart, a tree of text, and a page of tables.

Everything that a server said is escaped, and nothing of it reaches a terminal that the terminal would obey. A mark says
what a colour says.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence

from leadping_nb.discovery.steps import Step
from leadping_nb.findings import Finding
from leadping_nb.identifiers import shown, split_address
from leadping_nb.table import Table, html_table

__all__ = ["mermaid", "page", "tree"]

MARKS: Mapping[str, str] = {"error": "✗", "warning": "⚠", "note": "•", "": "✓", "absent": "–"}
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


def tree(start: str, steps: Sequence[Step], findings: Sequence[Finding]) -> str:
    """Draw steps as a tree, each below the one that led to it, with its findings."""
    by_place = _by_place(findings)
    children: dict[int | None, list[Step]] = {}
    known = {step.number for step in steps}
    for step in steps:
        children.setdefault(step.parent if step.parent in known else None, []).append(step)
    lines = [shown(start)]

    def add(level: Sequence[Step], indent: str) -> None:
        for step in level:
            last = step is level[-1]
            below = indent + ("   " if last else "│  ")
            question = f"{step.number}. {shown(step.question)}"
            lines.append(f"{indent}{'└─ ' if last else '├─ '}{_mark(step, by_place)} {question}")
            lines.append(f"{below}   {step.method} {shown(step.url)} → {shown(step.outcome)}")
            lines.extend(
                f"{below}   {MARKS[found.severity]} {found.severity} {found.code}: {found.message}"
                for found in _found_at(step, by_place)
            )
            add(children.get(step.number, []), below)

    add(children.get(None, []), "")
    placed = {shown(step.url) for step in steps}
    lines.extend(
        f"{MARKS[found.severity]} {found.severity} {found.code}: {found.message}"
        for found in findings
        if found.place not in placed
    )
    return "\n".join(lines)


def mermaid(steps: Sequence[Step], findings: Sequence[Finding]) -> str:
    """Draw steps as a flow chart: a box a host, a node a document, an arrow where one led to another."""
    by_place = _by_place(findings)
    hosts: dict[str, list[Step]] = {}
    for step in steps:
        hosts.setdefault(_host(step.url), []).append(step)
    lines = ["flowchart LR"]
    for number, (host, own) in enumerate(hosts.items(), 1):
        lines.append(f'  subgraph host{number}["{_safe(host)}"]')
        for step in own:
            kind = step.document.kind if step.document else step.outcome
            label = f"{_mark(step, by_place)} {_safe(kind)}<br>{_safe(_path(step.url))}"
            codes = ", ".join(dict.fromkeys(found.code for found in _found_at(step, by_place)))
            lines.append(
                f'    s{step.number}["{label}{f"<br>{_safe(codes)}" if codes else ""}"]:::{_class(step, by_place)}'
            )
        lines.append("  end")
    known = {step.number for step in steps}
    for step in steps:
        if step.parent in known:
            worst = _worst(_found_at(step, by_place))
            arrow = f"--{MARKS[worst]}-->" if worst else "-->"
            lines.append(f"  s{step.parent} {arrow} s{step.number}")
    lines += [f"  classDef {name} {style}" for name, style in _STYLES.items()]
    return "\n".join(lines)


def page(start: str, facts: Table, steps: Table, findings: Table) -> str:
    """Write facts, steps and findings as HTML that needs neither script nor style sheet."""
    count = len(findings.rows)
    listed = html_table(
        findings.columns,
        findings.rows,
        caption=f"{count} finding{'' if count == 1 else 's'}",
        mark=lambda column, value: f"{MARKS[str(value)]} " if column == "severity" else "",
    )
    return (
        f"<div><strong>Discovery of {html.escape(shown(start))}</strong>{facts.html()}"
        f"{steps.html(caption='Steps')}{listed if count else '<p>✓ No findings.</p>'}</div>"
    )


def _by_place(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    by_place: dict[str, list[Finding]] = {}
    for found in findings:
        by_place.setdefault(found.place, []).append(found)
    return by_place


def _found_at(step: Step, by_place: Mapping[str, Sequence[Finding]]) -> Sequence[Finding]:
    return by_place.get(shown(step.url), ())  # findings name places as they are shown


def _worst(findings: Iterable[Finding]) -> str:
    severities = {found.severity for found in findings}
    return next((severity for severity in _ORDER if severity in severities), "")


def _mark(step: Step, by_place: Mapping[str, Sequence[Finding]]) -> str:
    worst = _worst(_found_at(step, by_place))
    absent = not step.found and step.number != 1 and not worst
    return MARKS["absent" if absent else worst]


def _class(step: Step, by_place: Mapping[str, Sequence[Finding]]) -> str:
    worst = _worst(_found_at(step, by_place))
    return worst or ("fine" if step.found or step.number == 1 else "absent")


def _host(url: str) -> str:
    parts = split_address(url)
    return (parts.netloc if parts else "") or "given"


def _path(url: str) -> str:
    parts = split_address(url)
    return (parts.path or "/") if parts else url


def _safe(text: str) -> str:
    """Leave only characters that mean nothing to Mermaid or HTML."""
    short = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    return _UNSAFE.sub("·", short)
