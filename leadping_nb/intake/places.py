"""States and ZIP codes of the United States: USPS Publication 28, appendix B, and the digits a ZIP code begins with."""

from __future__ import annotations

import difflib
import re
from functools import cache

__all__ = ["is_foreign_code", "nearest_state", "read_zip", "state_code", "states_of_zip"]

# Code, name, and the first three digits of its ZIP codes. A few ZIP codes reach over a border: hence only warnings.
_STATES = (
    ("AL", "Alabama", "350-369"), ("AK", "Alaska", "995-999"), ("AZ", "Arizona", "850-865"),
    ("AR", "Arkansas", "716-729 755"), ("CA", "California", "900-961"), ("CO", "Colorado", "800-816"),
    ("CT", "Connecticut", "060-069"), ("DE", "Delaware", "197-199"), ("DC", "District of Columbia", "200-205 569"),
    ("FL", "Florida", "320-349"), ("GA", "Georgia", "300-319 398-399"), ("HI", "Hawaii", "967-968"),
    ("ID", "Idaho", "832-838"), ("IL", "Illinois", "600-629"), ("IN", "Indiana", "460-479"), ("IA", "Iowa", "500-528"),
    ("KS", "Kansas", "660-679"), ("KY", "Kentucky", "400-427"), ("LA", "Louisiana", "700-714"),
    ("ME", "Maine", "039-049"), ("MD", "Maryland", "206-219"), ("MA", "Massachusetts", "010-027 055"),
    ("MI", "Michigan", "480-499"), ("MN", "Minnesota", "550-567"), ("MS", "Mississippi", "386-397"),
    ("MO", "Missouri", "630-658"), ("MT", "Montana", "590-599"), ("NE", "Nebraska", "680-693"),
    ("NV", "Nevada", "889-898"), ("NH", "New Hampshire", "030-038"), ("NJ", "New Jersey", "070-089"),
    ("NM", "New Mexico", "870-884"), ("NY", "New York", "005 063 100-149"), ("NC", "North Carolina", "270-289"),
    ("ND", "North Dakota", "580-588"), ("OH", "Ohio", "430-459"), ("OK", "Oklahoma", "730-732 734-749"),
    ("OR", "Oregon", "970-979"), ("PA", "Pennsylvania", "150-196"), ("RI", "Rhode Island", "028-029"),
    ("SC", "South Carolina", "290-299"), ("SD", "South Dakota", "570-577"), ("TN", "Tennessee", "370-385"),
    ("TX", "Texas", "733 750-799 885"), ("UT", "Utah", "840-847"), ("VT", "Vermont", "050-054 056-059"),
    ("VA", "Virginia", "201 220-246"), ("WA", "Washington", "980-994"), ("WV", "West Virginia", "247-268"),
    ("WI", "Wisconsin", "530-549"), ("WY", "Wyoming", "820-831 834"), ("AS", "American Samoa", "967"),
    ("GU", "Guam", "969"), ("MP", "Northern Mariana Islands", "969"), ("PR", "Puerto Rico", "006-007 009"),
    ("VI", "Virgin Islands", "008"), ("FM", "Micronesia", "969"), ("MH", "Marshall Islands", "969"),
    ("PW", "Palau", "969"), ("AA", "Armed Forces Americas", "340"), ("AE", "Armed Forces Europe", "090-098"),
    ("AP", "Armed Forces Pacific", "962-966"),
)  # fmt: skip
_CODES = frozenset(code for code, _, _ in _STATES)
_BY_NAME = {name.lower(): code for code, name, _ in _STATES}

_ZIP = re.compile(r"(\d{5})(?:-?(\d{4}))?", re.ASCII)
_CANADIAN = re.compile(r"[A-Za-z]\d[A-Za-z][ -]?\d[A-Za-z]\d", re.ASCII)


def state_code(text: str) -> str | None:
    """Give the two letters of a state, by its letters or its name in any case.

    Examples
    --------
    >>> state_code("ny"), state_code("New York"), state_code("Nowhere")
    ('NY', 'NY', None)
    """
    return text.upper() if text.upper() in _CODES else _BY_NAME.get(" ".join(text.lower().split()))


def nearest_state(text: str) -> str | None:
    """Give the letters of the state whose name is most like a text, if one is.

    Examples
    --------
    >>> nearest_state("Pensylvania")
    'PA'
    """
    close = difflib.get_close_matches(text.lower()[:40], _BY_NAME, n=1, cutoff=0.75)
    return _BY_NAME[close[0]] if close else None


def read_zip(text: str) -> str | None:
    """Give a ZIP code as the Postal Service writes it, or None.

    Examples
    --------
    >>> read_zip("100011234"), read_zip("1001")
    ('10001-1234', None)
    """
    found = _ZIP.fullmatch(text)
    if found is None:
        return None
    return f"{found[1]}-{found[2]}" if found[2] else found[1]


def is_foreign_code(text: str) -> bool:
    """Whether a postal code is plainly Canada's, so that the address is not of the United States.

    Examples
    --------
    >>> is_foreign_code("K1A 0B1")
    True
    """
    return _CANADIAN.fullmatch(text) is not None


def states_of_zip(zip_code: str) -> frozenset[str]:
    """Give the states in which ZIP codes with the same first three digits lie; none where they are not in use.

    Examples
    --------
    >>> sorted(states_of_zip("96799"))
    ['AS', 'HI']
    """
    return _by_prefix().get(zip_code[:3], frozenset())


@cache
def _by_prefix() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for code, _, spans in _STATES:
        for span in spans.split():
            low, _, high = span.partition("-")
            for number in range(int(low), int(high or low) + 1):
                found.setdefault(f"{number:03}", set()).add(code)
    return {prefix: frozenset(states) for prefix, states in found.items()}
