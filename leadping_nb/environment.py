"""The environment variables that hold a credential, and which of them counts."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from leadping_nb.anatomy import Refusal
from leadping_nb.arguments import refused
from leadping_nb.errors import LeadpingError

__all__ = ["VARIABLES", "first_set"]

VARIABLES: Final = ("LEADPING_USER_TOKEN", "LEADPING_API_KEY", "LEADPING_SOURCE_KEY")
"""The environment variables that hold a credential, in the order in which they are looked at."""

_NONE_SET: Final = "No environment variable holds a credential."
_SET_ONE: Final = f"Set one of {', '.join(VARIABLES)} before Jupyter starts, or use Credential.prompt()."
_NEAR: Final = 0.75
"""From which share of letters in common on another name is thought to be meant for one of these."""
_MOST_NEAR: Final = 3


def first_set(environ: Mapping[str, str]) -> tuple[str, str] | LeadpingError:
    """Give the first variable that is not blank, and what to call it where it is shown; else the error to raise.

    Examples
    --------
    >>> first_set({"LEADPING_API_KEY": "lp_example", "LEADPING_SOURCE_KEY": "lp_src_example"})
    ('LEADPING_API_KEY', 'LEADPING_API_KEY (passed over: LEADPING_SOURCE_KEY)')
    """
    if not isinstance(environ, Mapping):
        return refused("environ", environ, "a dict", hint="Leave it out; the variables are then this process's own.")
    names = [name for name in VARIABLES if not _is_blank(environ.get(name))]
    if not names:
        near = _near(environ)
        said = f" {', '.join(near)} {'is' if len(near) == 1 else 'are'} set, under another name." if near else ""
        return Refusal(_NONE_SET + said, _SET_ONE).error()
    first, *others = names
    return first, f"{first} (passed over: {', '.join(others)})" if others else first


def _near(environ: Mapping[str, str]) -> list[str]:
    """Give the names of variables that somebody may have meant."""
    return [
        name
        for name, value in environ.items()
        if isinstance(name, str)
        and name not in VARIABLES
        and get_close_matches(name.upper(), VARIABLES, n=1, cutoff=_NEAR)
        and not _is_blank(value)
    ][:_MOST_NEAR]


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
