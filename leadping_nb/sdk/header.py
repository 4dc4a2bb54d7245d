"""The header that Kiota is given in any language: named, and shown only when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from leadping_nb.credential import Credential
from leadping_nb.secret import Secret, concealed

__all__ = ["KiotaHeader", "kiota_header"]


@dataclass(frozen=True, slots=True)
class KiotaHeader:
    """A header with a credential; `reveal` is the only way to its value. Made by `kiota_header`."""

    name: str
    """The name of the header."""
    label: str
    """The credential's type and a short salted hash."""
    _value: Secret

    def reveal(self) -> str:
        """Give the whole value, ``Bearer`` included, as Kiota's API key provider takes it.

        Examples
        --------
        >>> kiota_header("lp_example").reveal()
        'Bearer lp_example'
        """
        return self._value.reveal()

    def __repr__(self) -> str:
        return f"<KiotaHeader {self.name}: Bearer •••••••• ({self.label})>"


def kiota_header(credential: Credential | Secret | str) -> KiotaHeader:
    """Give the header that a Kiota client of any language sends, for its ``ApiKeyAuthenticationProvider``.

    Parameters
    ----------
    credential
        A credential, or its text.

    Raises
    ------
    CredentialError
        If the text is no credential.

    Examples
    --------
    >>> header = kiota_header("lp_src_example")
    >>> header
    <KiotaHeader Authorization: Bearer •••••••• (source key · #...)>
    >>> header.name
    'Authorization'
    """
    credential = concealed(credential)
    known = Credential.from_text(credential)
    return KiotaHeader("Authorization", known.label, Secret(f"Bearer {known.reveal()}"))
