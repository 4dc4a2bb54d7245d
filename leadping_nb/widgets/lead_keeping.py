"""What a notebook may keep of a lead that was filled in: what is wrong with it and how it went, and no word of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from leadping_nb.contracts import contract as load_contract
from leadping_nb.errors import LeadMaybeSentError, LeadpingError, ResponseError
from leadping_nb.intake import LeadCheck
from leadping_nb.intake.form import form_of

__all__ = ["kept_check", "kept_error"]

_NOT_KEPT: Final = "(a name that is not kept)"
_UNKNOWN: Final = (
    "Nobody knows whether this lead arrived.",
    "Look before you send again: card.error.hint has the lines.",
)
_ANSWERED: Final = "The API answered {status}, and did not take the lead in."
_FAILED: Final = "The lead was not sent: {kind}."
_WHERE: Final = "The notebook does not keep the rest: it is in the attribute `error` of this card."


def kept_check(check: LeadCheck) -> LeadCheck:
    """Give a check that names no field but the form's own: any other name was typed.

    Parameters
    ----------
    check
        How the lead was judged.

    Examples
    --------
    >>> from leadping_nb.intake import check_lead
    >>> check = check_lead({"phone": "555", "ada@mail.example": 1})
    >>> [issue.field for issue in kept_check(check).issues]
    ['(a name that is not kept)', 'phone', 'trustedFormUrl']
    """
    known = form_of(check.form, load_contract(check.revision)).fields
    return replace(check, issues=tuple(replace(issue, field=_kept(issue.field, known)) for issue in check.issues))


def kept_error(error: LeadpingError) -> dict[str, str]:
    """Say how the sending of a lead failed, without what the API said: its words and the ways to look repeat the lead.

    Parameters
    ----------
    error
        Why it failed.

    Examples
    --------
    >>> kept_error(ResponseError("It says: ada@mail.example is known.", status=400))["sentence"]
    'The API answered 400, and did not take the lead in.'
    """
    if isinstance(error, LeadMaybeSentError):
        sentence, hint = _UNKNOWN
        return {"sentence": sentence, "hint": hint}
    status = error.status if isinstance(error, ResponseError) else None
    sentence = _FAILED.format(kind=type(error).__name__) if status is None else _ANSWERED.format(status=status)
    return {"sentence": sentence, "hint": _WHERE}


def _kept(field: str, known: Collection[str]) -> str:
    """Give a field's path as far as the form has it."""
    if not field or field in known:
        return field
    holder, dot, _ = field.rpartition(".")
    while holder and holder not in known:
        holder, dot, _ = holder.rpartition(".")
    return f"{holder}{dot}{_NOT_KEPT}"
