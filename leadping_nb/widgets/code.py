"""The code that cards show: lines for a sandbox, and requests in their forms, some of which no notebook keeps."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlsplit

from leadping_nb.errors import LeadpingError
from leadping_nb.session.firewall import is_loopback

if TYPE_CHECKING:
    from leadping_nb.snippets import Kind

__all__ = ["THIS_TOOLKIT", "Requests", "in_all_forms", "on_a_sandbox"]

THIS_TOOLKIT: Final = "this toolkit"
"""What the page calls the lines that do the same without a card."""
_FORMS: Final[Mapping[str, Kind]] = {"curl": "curl", "httpx": "httpx"}
_OFFICIAL_SDK: Final = "the official SDK"


def on_a_sandbox(statement: str, address: str | None = None, *, known: bool = False) -> str:
    r"""Give a line of code for a sandbox; none unless one is known of, or the address is this machine's.

    Examples
    --------
    >>> on_a_sandbox("api = lp.connect(sandbox)", "http://127.0.0.1:8000")
    '# on a sandbox: api = lp.connect(sandbox)\n'
    >>> on_a_sandbox("api = lp.connect(sandbox)", "https://api.leadping.ai")
    ''
    """
    here = known or is_loopback(urlsplit(address or "").hostname or "")
    return f"# on a sandbox: {statement}\n" if here else ""


@dataclass(frozen=True, slots=True)
class Requests:
    """One call as code, which is sent to the page when it asks and is in no synchronised state.

    Examples
    --------
    >>> Requests("GET /tags", "read").as_bytes()
    b'{"call": "GET /tags", "effect": "read", "forms": {}, "notes": [], "others": []}'
    """

    call: str = ""
    """The operation's id; empty where there is none."""
    effect: Literal["read", "write", ""] = ""
    """What the call does."""
    forms: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The code by what runs it; none where none is shown."""
    notes: tuple[str, ...] = ()
    """What whoever runs it should know, a sentence each."""
    others: tuple[str, ...] = ()
    """The calls to choose from, if this is one of several."""

    def as_bytes(self) -> bytes:
        """Give it as the page reads it."""
        return json.dumps(asdict(self)).encode()


def in_all_forms(write: Callable[[Kind], str]) -> dict[str, str]:
    """Give the code of one call by what runs it.

    The official SDK may lack a call that the API has: what is said of that stands in the place of its code.

    Parameters
    ----------
    write
        Gives the code of a kind.

    Raises
    ------
    LeadpingError
        If there is no code of the call at all.

    Examples
    --------
    >>> in_all_forms(lambda kind: f"as {kind}")
    {'curl': 'as curl', 'httpx': 'as httpx', 'the official SDK': 'as sdk'}
    """
    forms = {name: write(kind) for name, kind in _FORMS.items()}
    try:
        return forms | {_OFFICIAL_SDK: write("sdk")}
    except LeadpingError as lacking:
        return forms | {_OFFICIAL_SDK: f"# {lacking.message}\n# {lacking.hint}"}
