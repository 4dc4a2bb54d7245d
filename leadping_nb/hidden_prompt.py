"""The hidden prompt: asks for a credential, and shows nothing of what is typed."""

from __future__ import annotations

import warnings
from getpass import GetPassWarning
from typing import TYPE_CHECKING, Final

from leadping_nb.anatomy import Refusal
from leadping_nb.environment import VARIABLES
from leadping_nb.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from leadping_nb.shared_hosts import SharedHost

__all__ = ["ask_hidden"]

_NO_PROMPT: Final = Refusal(
    "There is no hidden prompt here to ask for a credential.",
    f"Set one of the environment variables {', '.join(VARIABLES)} and use Credential.from_env().",
)


def ask_hidden(getpass: Callable[[str], str], host: SharedHost | None = None) -> Secret | Refusal:
    """Give what was typed; a refusal where nobody can be asked, or what is typed would show.

    Parameters
    ----------
    getpass
        The function that asks.
    host
        The shared host that this is, where only the sandbox's credentials are read.

    Examples
    --------
    >>> ask_hidden(lambda question: "lp_example").reveal()
    'lp_example'
    """
    beware = "hidden" if host is None else f"hidden; this is {host.name}: only the sandbox's"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", GetPassWarning)  # it would show what is typed
            return Secret(getpass(f"Leadping credential ({beware}): "))
    except (EOFError, NotImplementedError, OSError, GetPassWarning):
        return _NO_PROMPT  # IPython's StdinNotImplementedError is a NotImplementedError
