"""The permissions card: what a credential may do, call by call, beside what other credentials could do."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from leadping_nb.contracts import Contract, Operation, Verdict
from leadping_nb.credential import VARIABLES, Credential, KeyType
from leadping_nb.evidence import Observed, Statement
from leadping_nb.policy import SIGNS, VERDICTS, Decision, Permissions, decide, permissions
from leadping_nb.table import Table
from leadping_nb.widgets import front_end
from leadping_nb.widgets.card import Card
from leadping_nb.widgets.code import on_a_sandbox

__all__ = ["PermissionsCard"]

_NO_CREDENTIAL: Final = "no credential"
_CERTAINTIES: Final[Mapping[str, str]] = {
    "stated": "stated, a source says so",
    "inferred": "inferred, read out of the sources together",
}
_NONE_NEEDED: Final = "none is needed"
_NONE_NAMED: Final = "no source names one"
_FROM_ENVIRONMENT: Final = f"""\
# {", ".join(VARIABLES[:-1])} or {VARIABLES[-1]}
credential = lp.Credential.from_env()"""
_SANDBOX_KEYS: Final[Mapping[KeyType | None, str]] = {
    KeyType.USER_TOKEN: "user_token",
    KeyType.BUSINESS_API_KEY: "business_key",
    KeyType.SOURCE_KEY: "source_key",
}
_CODE: Final = """\
import leadping_nb as lp

{subject}
permissions = lp.permissions(credential, contract=lp.contract("{revision}"))
permissions.frame"""
_CODE_OBSERVED: Final = """\
import leadping_nb as lp

{note}{subject}
contract = lp.contract("{revision}")
with lp.connect(credential, base_url="{base_url}", contract=contract) as api:
    probe = api.probe(confirm=True)
permissions = lp.permissions(credential, contract=contract, observed=probe)
permissions.frame"""


class PermissionsCard(Card):
    """Show what a credential may do under a contract: to be searched, filtered, and asked for reasons.

    Searching and filtering happen in the page. Only the type of the credential is kept, and not the credential.

    Parameters
    ----------
    credential
        A credential, a key type, or None for calls without a credential.
    contract
        The contract to judge by; the seed's revision unless given.
    observed
        What ``api.probe`` observed, to stand beside what is documented.

    Raises
    ------
    LeadpingError
        If `credential` is something else, such as a text, or `observed` is of another key type or revision.

    Examples
    --------
    >>> card = PermissionsCard(KeyType.SOURCE_KEY)
    >>> card
    <PermissionsCard: source key under 2026-07-05>
    >>> card.permissions.counts
    {'allowed': 3, 'undocumented': 0, 'denied': 118}
    """

    _esm = front_end.module("permissions_card")
    _css = front_end.style_sheet("permissions_card")

    def __init__(
        self,
        credential: Credential | KeyType | None = None,
        *,
        contract: Contract | None = None,
        observed: Observed | None = None,
    ) -> None:
        self._permissions, self._subject = _judged(credential, contract, observed)
        super().__init__({})

    @property
    def permissions(self) -> Permissions:
        """What is shown."""
        return self._permissions

    @property
    def code(self) -> str:
        """The few lines that do the same without the card."""
        shown = self._permissions
        how = {"subject": self._subject, "revision": shown.contract.revision}
        if shown.observed is None:
            return _CODE.format(**how)
        key = _SANDBOX_KEYS.get(shown.key_type)
        address = shown.observed.base_url if self._subject == _FROM_ENVIRONMENT and key else None
        note = on_a_sandbox(f"credential = lp.Credential.from_text(sandbox.{key})", address)
        return _CODE_OBSERVED.format(**how, note=note, base_url=shown.observed.base_url)

    def show(self, credential: Credential | KeyType | None, *, observed: Observed | None = None) -> None:
        """Show what another credential may do under the same contract; the page keeps its search and filters.

        Parameters
        ----------
        credential
            A credential, a key type, or None for calls without a credential.
        observed
            What ``api.probe`` observed of it; nothing unless given.

        Raises
        ------
        LeadpingError
            If one of them is something else; the card then stays as it was.
        """
        self._permissions, self._subject = _judged(credential, self._permissions.contract, observed)
        self._publish()

    def _content(self) -> dict[str, object]:
        shown = self._permissions
        sheet = _Sheet.of(shown)
        return {
            "subject": _name(shown.key_type),
            "revision": shown.contract.revision,
            "verdicts": [
                {"word": verdict, "sign": SIGNS[verdict], "count": count} for verdict, count in shown.counts.items()
            ],
            "others": [kind.value for kind in sheet.others],
            "operations": [
                {
                    "method": row.operation.method,
                    "path": row.operation.path,
                    "effect": row.operation.effect,
                    "group": row.operation.group,
                    "summary": row.operation.summary,
                    "reason": sheet.number(row.decision),
                    "beside": [sheet.number(other) for other in row.beside],
                    "would_do": _would_do(row),
                    "observed": sheet.observations.index(row.decision.evidence[-1]),
                }
                for row in sheet.rows
            ],
            "reasons": [
                {**reason._asdict(), "evidence": [_as_json(statement)[:3] for statement in reason.evidence]}
                for reason in sheet.reasons
            ],
            "observations": [_as_json(statement) for statement in sheet.observations],
        }

    def _text(self) -> str:
        table, reasons = self._still()
        numbered = "\n".join(f"{number}. {reason}" for number, reason in enumerate(reasons, 1))
        return f"{self._sentence()}\n\n{table.text()}\n\nReasons, by number\n{numbered}"

    def _html(self) -> str:
        table, reasons = self._still()
        title = html.escape(self._sentence())
        numbered = "".join(f"<li>{html.escape(reason)}</li>" for reason in reasons)
        return (
            f"<p><strong>{title}</strong></p>"
            f'<div style="max-height:24em;overflow:auto" tabindex="0" role="region" aria-label="{title}">'
            f"{table.html()}</div><p>Reasons, by number</p><ol>{numbered}</ol>"
        )

    def _sentence(self) -> str:
        counts = " · ".join(
            f"{SIGNS[verdict]} {count} {verdict}" for verdict, count in self._permissions.counts.items()
        )
        name = _name(self._permissions.key_type).capitalize()
        return f"{name}, contract of {self._permissions.contract.revision}: {counts}"

    def _still(self) -> tuple[Table, list[str]]:
        """Give the same as a table, and the reasons that its numbers refer to."""
        sheet = _Sheet.of(self._permissions)
        tried = self._permissions.observed is not None
        names = ("verdict", "method", "path", "effect", "group", "summary", *(kind.value for kind in sheet.others))
        rows = tuple(
            (
                sheet.cell(row.decision),
                row.operation.method,
                row.operation.path,
                row.operation.effect,
                row.operation.group,
                row.operation.summary,
                *(sheet.cell(other) for other in row.beside),
                *([_observed_cell(row.decision.evidence[-1])] if tried else []),
            )
            for row in sheet.rows
        )
        reasons = [
            f"{reason.why} ({reason.certainty.capitalize()}. Basis: {reason.basis}. "
            f"{' · '.join(f'{statement.source.capitalize()}: {statement.short}' for statement in reason.evidence)}.)"
            for reason in sheet.reasons
        ]
        return Table((*names, "observed") if tried else names, rows), reasons

    def __repr__(self) -> str:
        shown = self._permissions
        return f"<PermissionsCard: {_name(shown.key_type)} under {shown.contract.revision}>"


@dataclass(frozen=True, slots=True)
class _Row:
    operation: Operation
    decision: Decision
    beside: tuple[Decision, ...]
    """What each other key type could do."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """All decisions of a contract in the order of the card, with each reason written down once."""

    others: tuple[KeyType, ...]
    """The key types of the contract that stand beside the one shown."""
    rows: tuple[_Row, ...]
    """What is allowed first, and each verdict in the contract's order."""
    reasons: tuple[_Reason, ...]
    """The reasons in the order of their first use."""
    observations: tuple[Statement, ...]
    """What was observed, in the order of its first use."""

    @classmethod
    def of(cls, shown: Permissions) -> _Sheet:
        known = shown.contract.key_types
        others = tuple(kind for kind in KeyType if kind in known and kind is not shown.key_type)
        rows = tuple(
            _Row(operation, decision, tuple(decide(kind, operation, shown.contract) for kind in others))
            for operation, decision in sorted(shown, key=lambda pair: VERDICTS.index(pair[1].verdict))
        )
        reasons = dict.fromkeys(_reason(decision) for row in rows for decision in (row.decision, *row.beside))
        observations = dict.fromkeys(row.decision.evidence[-1] for row in rows)
        return cls(others, rows, tuple(reasons), tuple(observations))

    def number(self, decision: Decision) -> int:
        """Give the place of a decision's reason."""
        return self.reasons.index(_reason(decision))

    def cell(self, decision: Decision) -> str:
        """Write a decision in a table: sign, verdict, and the number of its reason from 1."""
        return f"{SIGNS[decision.verdict]} {decision.verdict} ({self.number(decision) + 1})"


class _Reason(NamedTuple):
    verdict: Verdict
    why: str
    certainty: str
    basis: str
    evidence: tuple[Statement, ...]
    """What the seed's page and the contract's sources say, each by itself."""


def _reason(decision: Decision) -> _Reason:
    certainty, documents = _CERTAINTIES[decision.certainty], decision.evidence[:2]
    return _Reason(decision.verdict, decision.why, certainty, decision.basis, documents)


def _as_json(statement: Statement) -> list[str]:
    """Give a statement as the page reads it: word, sign, date and text."""
    return [statement.says, statement.sign, statement.dated, statement.text]


def _observed_cell(statement: Statement) -> str:
    return statement.short if statement.says == "not tried" else f"{statement.short}: {statement.text}"


def _judged(
    credential: Credential | KeyType | None, contract: Contract | None, observed: Observed | None
) -> tuple[Permissions, str]:
    """Give the permissions, and the line of code that names whose they are."""
    judged = permissions(credential, contract=contract, observed=observed)
    if credential is None:
        subject = "credential = None  # a call without a credential"
    elif isinstance(credential, KeyType):
        subject = f"credential = lp.KeyType.{credential.name}"
    else:
        subject = _FROM_ENVIRONMENT
    return judged, subject


def _would_do(row: _Row) -> str:
    if row.decision.would_do:
        return ", ".join(kind.value for kind in row.decision.would_do)
    return _NONE_NEEDED if row.operation.access[None].verdict == "allowed" else _NONE_NAMED


def _name(key_type: KeyType | None) -> str:
    return _NO_CREDENTIAL if key_type is None else key_type.value
