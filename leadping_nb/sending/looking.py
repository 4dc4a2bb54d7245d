"""How to look whether a lead has arrived: the lines to run with a credential that reads."""

from __future__ import annotations

import json
from collections.abc import Mapping

from leadping_nb.contracts import contract as load_contract
from leadping_nb.intake import LeadCheck
from leadping_nb.sending.calls import external_id

__all__ = ["how_to_look", "lines_to_look"]

# What the rows of the list have of a lead, and where the lead has it; by the first that is there it is looked for.
_PLACES: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "flat": (("phone", ("phone",)), ("email", ("email",))),
    "structured": (("phone", ("contact", "phone", "number")), ("email", ("contact", "email"))),
}


def lines_to_look(check: LeadCheck, base_url: str | None = None) -> str:
    """Give the code that looks for a lead, with ``lead`` for what was given; no value of a person stands in it.

    The rows of the list have no externalId, so what has the same telephone number or address is asked for its own.

    Examples
    --------
    >>> from leadping_nb.intake import check_lead
    >>> print(lines_to_look(check_lead({"phone": "+12125550100", "externalId": "web-1"})))
    api = lp.connect(lp.Credential.from_env())  # a user token or a business key
    sent = lp.check_lead(lead).payload
    found = api.frame("leads", filters={"phone": sent["phone"]})
    [id for id in found["id"] if api.one("leads", id)["metadata"]["externalId"] == "web-1"]
    """
    lines = [f"api = lp.connect(lp.Credential.from_env(){_where(check, base_url)})  # a user token or a business key"]
    for column, path in _PLACES[check.form]:
        if _at(check.payload, path):
            place = "".join(f'["{name}"]' for name in path)
            lines += [
                "sent = lp.check_lead(lead).payload",
                f'found = api.frame("leads", filters={{"{column}": sent{place}}})',
            ]
            break
    else:
        lines.append('found = api.frame("leads", order_by="-createdAt", limit=50)')
    known = external_id(check.payload)
    if known is None:
        lines.append('found[["id", "createdAt", "sourceName"]]')
    else:
        lines.append(
            f'[id for id in found["id"] if api.one("leads", id)["metadata"]["externalId"] == {_quoted(known)}]'
        )
    return "\n".join(lines)


def how_to_look(check: LeadCheck, base_url: str | None = None) -> str:
    """Say what to do when nobody knows whether a lead has arrived."""
    return (
        "Look before you send again. A source key cannot read; with another credential, where lead is what you sent:\n"
        f"{lines_to_look(check, base_url)}\n"
        "A lead that is there has arrived."
    )


def _where(check: LeadCheck, base_url: str | None) -> str:
    """Write the options of `connect` that are not the usual ones."""
    usual, known = load_contract(), load_contract(check.revision)
    address = "" if base_url in (None, known.base_url) else f", base_url={_quoted(str(base_url))}"
    return address + ("" if known.revision == usual.revision else f', contract=lp.contract("{known.revision}")')


def _quoted(text: str) -> str:
    """Write a text whole as one of Python, and without what a terminal would obey."""
    return json.dumps(text, ensure_ascii=False) if text.isprintable() else repr(text)


def _at(payload: Mapping[str, object], path: tuple[str, ...]) -> object:
    value: object = payload
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
