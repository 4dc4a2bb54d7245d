"""``leadping-nb scan``: leaked secrets in notebooks and other files, for people, CI and pre-commit."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Final

from leadping_nb.credential import VARIABLES, Credential, recognise
from leadping_nb.errors import LeadpingError
from leadping_nb.leaks.check import leak_check
from leadping_nb.leaks.fixing import plan_fixes
from leadping_nb.leaks.report import LeakReport
from leadping_nb.leaks.sarif import to_sarif

__all__ = ["FORMATS", "run_scan"]

_CLEAN: Final = 0
_LEAKS: Final = 1
_COULD_NOT: Final = 2

FORMATS: Final[dict[str, Callable[[LeakReport], str]]] = {
    "text": repr,
    "json": lambda report: json.dumps(report.to_json(), indent=2),
    "sarif": lambda report: json.dumps(to_sarif(report), indent=2),
}
"""How a report is written, by name."""


def run_scan(paths: Sequence[str], *, form: str, fix: bool, yes: bool, allow: str | None, env: bool) -> int:
    """Check, and fix if asked to; give the exit code: 0 clean, 1 leaks, 2 could not check all of it."""
    known = _of_environment() if env else ()
    try:
        report = leak_check(paths, known=known, allow=allow)
        if fix and report:
            _say(repr(report))
            plan = plan_fixes(report, known=known, allow=allow)
            _say(f"\nThis will be done, and cannot be undone:\n{plan!r}")
            if not (yes or _agreed()):
                _say("Nothing was changed.")
                if form != "text":  # people have read it above
                    _print(FORMATS[form](report))
                return _LEAKS
            _say(f"Files changed: {len(plan.apply())}.")
            report = leak_check(paths, known=known, allow=allow)
    except LeadpingError as error:
        _say(str(error))
        return _COULD_NOT
    _print(FORMATS[form](report))
    if report:
        return _LEAKS
    return _COULD_NOT if report.unreadable else _CLEAN


def _of_environment() -> tuple[Credential, ...]:
    """Give the credentials of the environment, but for examples and the sandbox's, which are no findings."""
    found = (recognise(os.environ[name], origin=name) for name in VARIABLES if os.environ.get(name))
    return tuple(one for one in found if isinstance(one, Credential) and one.is_live)


def _agreed() -> bool:
    if not sys.stdin.isatty():
        _say("There is nobody to ask here: pass --yes.")
        return False
    _say("Go on? [y/N]")
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _print(report: str) -> None:
    try:
        print(report, flush=True)
    except BrokenPipeError:  # who reads has enough, as head; Python would fail again as it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)  # standard output is for the report
