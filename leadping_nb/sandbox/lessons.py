"""The fault lab: every fault of a sandbox with what it teaches, and what we ourselves make of it."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from leadping_nb.arguments import demand
from leadping_nb.contracts import contract as load_contract
from leadping_nb.discovery import discover
from leadping_nb.drift import check_drift
from leadping_nb.errors import LeadpingError
from leadping_nb.sandbox.fault_table import FAULTS
from leadping_nb.sandbox.faults import Fault
from leadping_nb.sandbox.sandbox import SANDBOX, Sandbox
from leadping_nb.table import Table
from leadping_nb.tokens import TokenInspection, inspect_token

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FaultLab", "Trial", "fault_lab"]


@dataclass(frozen=True, slots=True)
class Trial:
    """What we made of one fault."""

    fault: Fault
    """The fault that was on."""
    got: str
    """What was reported."""
    as_expected: bool
    """Whether that is what the fault is there to show."""

    def __str__(self) -> str:
        return f"{'✓' if self.as_expected else '✗'} {self.fault.name}: expected {self.fault.expected}; got {self.got}"


@dataclass(frozen=True, slots=True)
class FaultLab:
    """The faults there are, as lessons; iterate for the faults."""

    faults: tuple[Fault, ...] = field(default=FAULTS, repr=False)
    """The faults."""

    def __iter__(self) -> Iterator[Fault]:
        return iter(self.faults)

    def __len__(self) -> int:
        return len(self.faults)

    @property
    def table(self) -> Table:
        """The faults as a table."""
        return Table(
            ("area", "fault", "what happens", "what it teaches", "what to expect"),
            tuple((fault.area, fault.name, fault.what, fault.teaches, fault.expected) for fault in self),
        )

    @property
    def frame(self) -> pd.DataFrame:
        """The faults as a DataFrame."""
        return self.table.frame()

    def try_out(self, sandbox: Sandbox, name: str) -> Trial:
        """Switch a fault of discovery or tokens on, look with our own tools, and switch it off.

        Parameters
        ----------
        sandbox
            Where to try it.
        name
            The name of a fault.

        Raises
        ------
        LeadpingError
            If there is no such fault, or it is one of calls, which only a call of yours can meet.

        Examples
        --------
        >>> with Sandbox(leads=1) as sandbox:
        ...     print(fault_lab().try_out(sandbox, "pkce_missing").as_expected)
        True
        """
        demand(SANDBOX, sandbox=sandbox)
        fault = sandbox.faults[name]
        if fault.area == "discovery":
            good = sandbox.issue_token()
            with sandbox.faults.on(name):
                seen = discover(sandbox.url)
            judged = inspect_token(good, discovery=seen, now=sandbox.clock.now())
            found = [(finding.code, finding.severity) for finding in seen.findings]
            reported = ", ".join(dict.fromkeys(f"{code} ({severity})" for code, severity in found)) or "no finding"
            fits = (fault.finding, fault.severity) in found if fault.finding else not found
            used = load_contract(sandbox.revision)
            drifted = fault.drift is None or fault.drift in [change.name for change in check_drift(seen, contract=used)]
            drift = f"; drift of {fault.drift} {'' if drifted else 'not '}reported" if fault.drift else ""
            as_expected = fits and drifted and _as_judged(fault, judged)
            return Trial(fault, f"{reported}; {_described(judged)}{drift}", as_expected)
        if fault.area == "token":
            with sandbox.faults.on(name):
                token = sandbox.issue_token()
            judged = inspect_token(token, discovery=discover(sandbox.url), now=sandbox.clock.now())
            return Trial(fault, _described(judged), _as_judged(fault, judged))
        raise LeadpingError(
            f"{name} is a fault of calls.", hint=f"Switch it on with sandbox.faults.on({name!r}) and make a call."
        )

    def __str__(self) -> str:
        return self.table.text()

    def _repr_html_(self) -> str:
        title = html.escape(f"{len(self)} faults to learn from")
        return f"<div><strong>{title}</strong>{self.table.html()}</div>"


def _as_judged(fault: Fault, judged: TokenInspection) -> bool:
    """Whether a token got the verdict that the fault names, by the check that it names and no other."""
    if fault.verdict is None:
        return True
    failed = [check.check for check in judged.results if check.outcome == "failed"]
    skipped = [check.check for check in judged.results if check.outcome == "skipped"]
    if judged.verdict == "unverified":
        return fault.verdict == "unverified" and fault.check in skipped
    return judged.verdict == fault.verdict and failed == ([fault.check] if fault.check else [])


def _described(judged: TokenInspection) -> str:
    failed = [check.check for check in judged.results if check.outcome == "failed"]
    return f"token {judged.verdict}: {', '.join(failed) or 'nothing'} failed"


def fault_lab() -> FaultLab:
    """List the faults of the sandbox with what they teach.

    Examples
    --------
    >>> {fault.area for fault in fault_lab()} == {"call", "discovery", "token"}
    True
    """
    return FaultLab()
