"""Credentials where none belongs: in a lead or a request, found by the names of fields and by what texts look like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from leadping_nb.leaks.matches import spliced
from leadping_nb.leaks.patterns import secrets_in

__all__ = ["holds_credential", "is_for_credentials", "without_credentials"]

_REMOVED: Final = "<removed: credential>"
_NAMES: Final = frozenset({"sourcekey"})
"""Fields that are for a credential whatever their text looks like, in small letters and without anything between."""
_LONGEST_NAME: Final = 80
# A leak is no key of a sandbox, nor a token of one; in a lead or a request they are out of place as well.
_OF_SANDBOX: Final = re.compile(
    r"(?<![A-Za-z0-9_.-])(?:lp_(?:src_)?sandbox_[A-Za-z0-9_.~+/-]+|eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*)"
)


def is_for_credentials(name: object) -> bool:
    """Whether a field is for a credential by its name.

    Examples
    --------
    >>> is_for_credentials("SourceKey"), is_for_credentials("source")
    (True, False)
    """
    return isinstance(name, str) and len(name) <= _LONGEST_NAME and "".join(filter(str.isalnum, name)).lower() in _NAMES


def holds_credential(value: object) -> bool:
    """Whether a value of JSON, or anything in it, looks like a key or token of Leadping.

    Examples
    --------
    >>> holds_credential({"note": "my key is lp_src_sandbox_1"}), holds_credential("lp_summer_2026")
    (True, False)
    """
    if isinstance(value, str):
        return bool(secrets_in(value)) or _OF_SANDBOX.search(value) is not None
    if isinstance(value, Mapping):
        return any(
            (is_for_credentials(name) and bool(entry)) or holds_credential(name) or holds_credential(entry)
            for name, entry in value.items()
        )
    return isinstance(value, list | tuple) and any(map(holds_credential, value))


def without_credentials(value: object) -> object:
    """Give a value of JSON with words in the place of each credential.

    Examples
    --------
    >>> without_credentials({"sourceKey": "secret", "note": "it is lp_src_sandbox_1!"})
    {'sourceKey': '<removed: credential>', 'note': 'it is <removed: credential>!'}
    """
    if isinstance(value, str):
        return _OF_SANDBOX.sub(_REMOVED, spliced(value, secrets_in(value), words=_REMOVED))
    if isinstance(value, Mapping):
        return {
            without_credentials(name): _REMOVED if is_for_credentials(name) and entry else without_credentials(entry)
            for name, entry in value.items()
        }
    return [without_credentials(entry) for entry in value] if isinstance(value, list | tuple) else value
