"""What this machine's keyring holds (Keychain, Credential Locker, Secret Service), by the package keyring."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from leadping_nb.errors import CredentialError
from leadping_nb.secret import Secret

__all__ = ["Look", "find"]

Look = Callable[[str, str], str | None]
"""Gives the password of a service and a name, or None, as ``keyring.get_password`` does."""


def find(names: Iterable[str], service: str, look: Look | None = None) -> tuple[str, Secret] | CredentialError:
    """Give the first name under which a service has a password, and the password; else the error to raise.

    Parameters
    ----------
    names
        Where to look, in order.
    service
        Under which service.
    look
        What looks; ``keyring.get_password`` unless given.

    Examples
    --------
    >>> find(("LEADPING_API_KEY",), "leadping", lambda service, name: "lp_example")[0]
    'LEADPING_API_KEY'
    """
    names = tuple(names)
    if look is None:
        try:
            import keyring
        except ImportError:
            return CredentialError(
                "The package keyring is missing, which reads this machine's keyring.",
                hint="Install it: pip install 'leadping-nb[keyring]'.",
            )
        look = keyring.get_password
    try:
        for name in names:
            if text := look(service, name):
                return name, Secret(text)
    except Exception as error:  # each backend has errors of its own, also outside keyring's tree
        return CredentialError(
            f"The keyring could not be read ({type(error).__name__}).",
            hint="If there is one on this machine, unlock it; `python -m keyring diagnose` says which is used. Without"
            " one, an environment variable does too.",
        )
    return CredentialError(
        f"The keyring holds nothing for {service} under {' or '.join(names)}.",
        hint=f"Store it there: python -m keyring set {service} {names[0]} (it asks for the text, and hides it).",
    )
