"""What the data card says, as plain JSON for the page and as still text and HTML: lists, forecasts, and what came."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Final, TypeAlias

from leadping_nb.contracts import Contract
from leadping_nb.forecast import Forecast
from leadping_nb.policy import SIGNS, Decision
from leadping_nb.resources import Resource
from leadping_nb.table import Table
from leadping_nb.widgets.data.form import fields
from leadping_nb.widgets.data.load import Loaded

__all__ = ["MARKS", "described", "foretold", "html_of", "text_of", "told"]

Json: TypeAlias = dict[str, object]

MARKS: Final[Mapping[str, str]] = {"whole": "✓", "part": "◐", "cut": "!"}
"""One sign for each state of what came."""


def described(resource: Resource, decision: Decision, holder: str, contract: Contract) -> Json:
    """Describe a list: what it is, whether it may be read, and what can be asked of it.

    Parameters
    ----------
    resource, decision
        The list, and whether the credential may read it.
    holder
        Who asks: ``a source key``.
    contract
        What knows the fields.
    """
    operation = resource.operation
    return {
        "name": resource.name,
        "operation": operation.id,
        "summary": operation.summary,
        "verdict": decision.verdict,
        "why": _why(decision, holder),
        "path": list(operation.path_parameters),
        "fields": [
            {
                "name": field.name,
                "kind": field.kind,
                "operators": [list(operator) for operator in field.operators],
                "choices": list(field.texts),
            }
            for field in fields(resource, contract)
        ],
    }


def foretold(forecast: Forecast, limit: int | None) -> Json:
    """Say what a load would take, and that a limit makes it less."""
    makes_less = limit is not None and (forecast.rows is None or limit < forecast.rows)
    return {
        "facts": [[str(name).capitalize(), str(text)] for name, text in forecast.table.rows if name != "beware"],
        "warnings": list(forecast.warnings),
        "less": f"This is for the whole list; {limit:,} rows of it take less." if makes_less else "",
    }


def told(loaded: Loaded, *, with_preview: bool) -> Json:
    """Say what came, whether it is whole, and how it can be gone on with."""
    go_on = f"Load {loaded.more:,} more" if loaded.state == "part" and loaded.more is not None else "Go on"
    return {
        "state": loaded.state,
        "sign": MARKS[loaded.state],
        "line": loaded.line,
        "reason": loaded.reason,
        "hint": loaded.hint,
        "goOn": go_on if loaded.can_go_on else None,
        "facts": [list(fact) for fact in loaded.facts],
        "preview": loaded.preview._asdict() if with_preview else None,
    }


def text_of(resource: Resource, decision: Decision, holder: str, loaded: Loaded | None, *, with_preview: bool) -> str:
    """Say in plain text what the card says, alike on every run of the same load."""
    sections = [[f"{resource.name}: {resource.operation.summary}", _why(decision, holder)]]
    if loaded is not None:
        facts = [f"{name}: {text}" for name, text in loaded.facts]
        sections.append([f"{MARKS[loaded.state]} {loaded.line}", loaded.reason, loaded.hint, *facts])
        if with_preview:
            columns, rows, sentence = loaded.preview
            sections.append([sentence, Table(columns, rows).text()])
    return "\n\n".join("\n".join(filter(None, section)) for section in sections)


def html_of(resource: Resource, decision: Decision, holder: str, loaded: Loaded | None, *, with_preview: bool) -> str:
    """Say the same in HTML without script or style sheet; every text is escaped."""
    why = _why(decision, holder)
    parts = [_paragraph(resource.name, resource.operation.summary), _paragraph("", why) if why else ""]
    if loaded is not None:
        more = " ".join(text for text in (loaded.reason, loaded.hint) if text)
        parts += [
            _paragraph(f"{MARKS[loaded.state]} {loaded.line}", more),
            Table(("passport", ""), loaded.facts).html(),
        ]
        if with_preview:
            columns, rows, sentence = loaded.preview
            parts.append(f'<div style="overflow-x:auto">{Table(columns, rows).html(sentence)}</div>')
    return "".join(parts)


def _why(decision: Decision, holder: str) -> str:
    """Say why a list may not be readable; empty where it is."""
    sign = SIGNS[decision.verdict]
    if decision.verdict == "allowed":
        return ""
    if decision.verdict == "undocumented":
        return f"{sign} Undocumented with {holder}: {decision.why} You can try."
    would_do = " or ".join(f"a {key_type.value}" for key_type in decision.would_do)
    return f"{sign} Not readable with {holder}: {decision.why}{f' Use {would_do}.' if would_do else ''}"


def _paragraph(strong: str, text: str) -> str:
    opening = f"<strong>{html.escape(strong)}</strong> " if strong else ""
    return f"<p>{opening}{html.escape(text)}</p>"
