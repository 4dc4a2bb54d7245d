"""The form of a lead: the fields that a person is asked for, and the lead that was written into them or as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from leadping_nb.errors import LeadpingError

__all__ = ["FIELDS", "read_lead"]

FIELDS: Final[tuple[tuple[str, str], ...]] = (
    ("firstName", "First name"),
    ("lastName", "Last name"),
    ("phone", "Phone"),
    ("email", "E-mail"),
    ("address1", "Address"),
    ("city", "City"),
    ("state", "State"),
    ("zip", "ZIP code"),
    ("product", "Product"),
    ("trustedFormUrl", "TrustedForm certificate"),
    ("externalId", "Your own id (externalId)"),
)
"""The fields of the flat form that most leads have, with what they are called; all others can be written as JSON."""

_RELOAD: Final = "Reload the page, then run the cell again."


def read_lead(sent: bytes) -> dict[str, object]:
    r"""Read what the page sent: the fields that were filled in, or a lead as JSON.

    Parameters
    ----------
    sent
        ``{"fields": {…}}`` or ``{"text": "…"}``, as JSON.

    Raises
    ------
    LeadpingError
        If the text is no JSON object; the message never repeats it.

    Examples
    --------
    >>> read_lead(b'{"fields": {"firstName": " Ada ", "email": ""}}')
    {'firstName': 'Ada'}
    >>> read_lead(b'{"text": "{\\"price\\": 2.5}"}')
    {'price': 2.5}
    """
    try:
        form = json.loads(sent)
        fields, text = form.get("fields"), form.get("text")
    except (ValueError, AttributeError):
        raise LeadpingError("The page sent no lead.", hint=_RELOAD) from None
    if isinstance(fields, Mapping):
        known = {name for name, _ in FIELDS}
        filled = {name: str(value).strip() for name, value in fields.items() if name in known}
        return {name: value for name, value in filled.items() if value}
    return _parsed(text if isinstance(text, str) else "")


def _parsed(text: str) -> dict[str, object]:
    try:
        lead = json.loads(text)
    except json.JSONDecodeError as error:
        raise LeadpingError(
            f"This is no JSON: line {error.lineno}, column {error.colno}.",
            hint='Write an object, as in {"phone": "+12125550100"}.',
        ) from None
    except RecursionError:
        lead = None
    if not isinstance(lead, dict):
        raise LeadpingError("This is JSON, but no object.", hint='Write {"phone": "+12125550100"}, for example.')
    return lead
