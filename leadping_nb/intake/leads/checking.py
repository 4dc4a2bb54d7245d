"""Checking a DataFrame of leads: every different value is read once, and every different combination judged once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import numpy as np
import pandas as pd

from leadping_nb.contracts import Contract, contract_or_seed
from leadping_nb.errors import LeadpingError
from leadping_nb.intake.columns import Place, match_columns
from leadping_nb.intake.form import Form
from leadping_nb.intake.issue import LeadChange, LeadIssue
from leadping_nb.intake.lead import has_content, is_there, read_field, read_stranger
from leadping_nb.intake.leads.cells import MISSING, Cells, Codes, cells_of, combined
from leadping_nb.intake.leads.result import LeadsCheck
from leadping_nb.intake.meanings import Setting, setting_of
from leadping_nb.intake.presence import ANYTHING, PRESENCE, judge_presence
from leadping_nb.intake.reading import Reading
from leadping_nb.intake.rules import Rule
from leadping_nb.intake.together import TOGETHER, judge_together

__all__ = ["check_leads"]


def check_leads(
    df: pd.DataFrame,
    *,
    columns: Mapping[object, str | None] | None = None,
    form: str | None = None,
    contract: Contract | None = None,
    region: str = "US",
    now: datetime | float | None = None,
) -> LeadsCheck:
    """Check every row of a DataFrame as `check_lead` checks one lead; nothing is sent and nothing changed.

    A missing cell means that the row's lead does not have the field.

    Parameters
    ----------
    df
        One lead a row.
    columns
        Fields by column, as in ``{"Phone Number": "phone"}``; None leaves a column out. The other columns are taken for
        the fields whose names they have, or nearly have; what is no field is left out. ``.columns`` says all of it.
    form, contract, region, now
        As of `check_lead`; the form is recognised by the columns.

    Returns
    -------
    LeadsCheck
        Which rows are good, and what is the matter with the others.

    Raises
    ------
    LeadpingError
        If this is no DataFrame, or an option is none of those above.

    Examples
    --------
    >>> df = pd.DataFrame({"Phone Number": ["212-555-0100", "555"], "email": ["ada@mail.example", None]})
    >>> check = check_leads(df)
    >>> check.mask.tolist(), check.good["phone"].tolist()
    ([True, False], ['+12125550100'])
    >>> check.bad[["field", "code"]].to_dict("records")
    [{'field': 'phone', 'code': 'phone-invalid'}]
    """
    if not isinstance(df, pd.DataFrame):
        raise LeadpingError(
            "This is no DataFrame.", hint="Make one by pd.DataFrame(leads), or use lp.check_lead(lead)."
        )
    if columns is not None and not isinstance(columns, Mapping):
        raise LeadpingError("columns= names no field by column.", hint='Give a dict, as in {"Phone Number": "phone"}.')
    told = dict(columns or {})
    chosen, uses = match_columns(list(df.columns), told, form, contract_or_seed(contract))
    judging = _Judging(chosen, setting_of(now, region), len(df), cells_of(df, chosen, uses))
    judging.read()
    for rule in chosen.of_kind(*TOGETHER):
        judging.together(rule)
    for rule in chosen.of_kind(*PRESENCE):
        judging.presence(rule)
    return LeadsCheck(
        form=chosen.name,
        is_recognised=form is None,
        revision=chosen.revision,
        operation=chosen.operation,
        index=df.index,
        uses=uses,
        cells=tuple(judging.cells),
        counts=judging.changes,
        found=_flattened(judging.stages),
    )


_Stage = tuple[Codes, Sequence[Sequence[LeadIssue]]]


@dataclass(slots=True)
class _Judging:
    """All rows of one frame."""

    form: Form
    setting: Setting
    rows: int
    cells: list[Cells]
    stages: list[_Stage] = field(default_factory=list)
    changes: Counter[LeadChange] = field(default_factory=Counter)

    def read(self) -> None:
        """Read every different value of each field."""
        for cells in self.cells:
            reading, read = Reading(self.form.models), self._reader(cells.place)
            noted = [(read(value, reading), *reading.take()) for value in cells.values]
            cells.values = [written for written, _, _ in noted]
            self._note(cells.codes, [issues for _, issues, _ in noted], [changes for _, _, changes in noted])

    def together(self, rule: Rule) -> None:
        """Judge every different combination of the values that a rule looks at."""
        looked = [cells for cells in self.cells if cells.place.field is not None and cells.place.path in rule.fields]
        if not looked:
            return
        numbers, first = combined(self.rows, [cells.codes for cells in looked])
        judged, values = [], []
        for row in first:
            given = dict.fromkeys(rule.fields) | {
                cells.place.path: cells.values[cells.codes[row]] for cells in looked if cells.codes[row] != MISSING
            }
            judged.append(judge_together(rule, given, self.setting))
            values.append(given | dict(judged[-1].values))
        for cells in looked:
            if any(cells.place.path in one.values for one in judged):
                cells.codes = np.where(cells.codes == MISSING, MISSING, numbers)
                cells.values = [one[cells.place.path] for one in values]
        self._note(numbers, [one.issues for one in judged], [one.changes for one in judged])

    def presence(self, rule: Rule) -> None:
        """Judge every different combination of fields that are there."""
        holders = {name.removesuffix(name.rpartition(".")[2]) for name in rule.fields} - {""}
        names = [*rule.fields, *sorted(holders), ANYTHING]
        there = [*map(self._there, names[:-1]), self._filled()]
        numbers, first = combined(self.rows, [array.astype(np.intp) for array in there])
        issues = [
            list(judge_presence(rule, {name for name, array in zip(names, there, strict=True) if array[row]}))
            for row in first
        ]
        self._note(numbers, issues, ())

    def _reader(self, place: Place) -> Callable[[object, Reading], object]:
        form, setting, path, entry = self.form, self.setting, place.path, place.field
        if entry is not None:
            return lambda value, reading: read_field(form, path, entry, value, setting, reading)
        parent = "".join(f"{name}." for name in place.parent)
        return lambda value, reading: read_stranger(form, parent, place.name, value, reading)

    def _there(self, name: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        found = np.zeros(self.rows, dtype=bool)
        below = name if name.endswith(".") else f"{name}."
        for cells in self.cells:
            if cells.place.path == name and cells.place.field is not None:
                found |= cells.where(lambda value: is_there(self.form, name, value))
            elif cells.place.path.startswith(below):
                found |= cells.codes != MISSING
        return found

    def _filled(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Say of each row whether any field of the form has a value in it."""
        found = np.zeros(self.rows, dtype=bool)
        for cells in self.cells:
            if cells.place.field is not None:
                found |= cells.where(partial(has_content, self.form, cells.place.path))
        return found

    def _note(
        self, codes: Codes, issues: Sequence[Sequence[LeadIssue]], changes: Iterable[Iterable[LeadChange]]
    ) -> None:
        if any(issues):
            self.stages.append((codes, issues))
        counts = np.bincount(codes[codes != MISSING], minlength=len(issues))
        for count, done in zip(counts.tolist(), changes, strict=False):
            for change in done:
                self.changes[change] += count


def _flattened(stages: Iterable[_Stage]) -> tuple[tuple[LeadIssue, ...], Codes, Codes]:
    """Give the different issues, and by row the number of each that the row has."""
    numbers: dict[LeadIssue, int] = {}
    rows, ids = [np.empty(0, dtype=np.intp)], [np.empty(0, dtype=np.intp)]
    for codes, issues in stages:
        lists = [[numbers.setdefault(issue, len(numbers)) for issue in said] for said in (*issues, ())]
        lengths = np.array([len(said) for said in lists])
        flat = np.array([number for said in lists for number in said], dtype=np.intp)
        counts = lengths[codes]  # the last, empty list is that of missing cells
        starts = (np.cumsum(lengths) - lengths)[codes]
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        rows.append(np.repeat(np.arange(len(codes)), counts))
        ids.append(flat[np.repeat(starts, counts) + within])
    order = np.argsort(np.concatenate(rows), kind="stable")
    return tuple(numbers), np.concatenate(rows)[order], np.concatenate(ids)[order]
