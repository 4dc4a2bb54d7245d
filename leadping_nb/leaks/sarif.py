"""A report as SARIF 2.1.0 (OASIS), which code hosts show beside the code."""

from __future__ import annotations

import os
from pathlib import PurePath
from typing import Final
from urllib.parse import quote

from leadping_nb.leaks.kinds import KINDS, Kind, kind_named
from leadping_nb.leaks.leak import Leak
from leadping_nb.leaks.report import LeakReport

__all__ = ["to_sarif"]

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def to_sarif(report: LeakReport) -> dict[str, object]:
    """Give a report as SARIF 2.1.0; the hash of a secret is the fingerprint of its results.

    Examples
    --------
    >>> to_sarif(LeakReport())["version"]
    '2.1.0'
    """
    notifications = [
        {
            "level": "error",
            "message": {"text": f"Not searched: {why}."},
            "locations": [{"physicalLocation": {"artifactLocation": _artifact(file)}}],
        }
        for file, why in report.unreadable
    ]
    run = {
        "tool": {"driver": {"name": "leadping-nb scan", "rules": [_rule(kind) for kind in KINDS]}},
        "results": [_result(leak) for leak in report],
        "invocations": [{"executionSuccessful": not notifications, "toolExecutionNotifications": notifications}],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(kind: Kind) -> dict[str, object]:
    return {
        "id": _id(kind.name),
        "shortDescription": {"text": f"A{kind.with_article[1:]} in a file."},
        "help": {"text": kind.what_to_do},
        "defaultConfiguration": {"level": "error"},
    }


def _result(leak: Leak) -> dict[str, object]:
    physical: dict[str, object] = {"artifactLocation": _artifact(leak.file or "")}
    location: dict[str, object] = {"physicalLocation": physical}
    if leak.place == "text":
        physical["region"] = {"startLine": leak.line}
    else:  # the lines of a notebook's file are not what people see
        location["logicalLocations"] = [{"fullyQualifiedName": leak.where}]
    kind = kind_named(leak.kind)
    return {
        "ruleId": _id(leak.kind),
        "ruleIndex": [kind.name for kind in KINDS].index(leak.kind),
        "level": "error",
        "message": {
            "text": f"A{kind.with_article[1:]} (#{leak.hash}, {leak.encoding}) in {leak.where}. {leak.what_to_do}"
        },
        "locations": [location],
        "partialFingerprints": {"secretHash/v1": leak.hash},
    }


def _artifact(file: str) -> dict[str, object]:
    path = PurePath(file)
    return {"uri": path.as_uri() if path.is_absolute() else quote(os.fsencode(path.as_posix()))}


def _id(name: str) -> str:
    return name.replace(" ", "-")
