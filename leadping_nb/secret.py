"""A text that nothing can print."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, NoReturn, SupportsIndex, TypeVar

from leadping_nb.errors import CredentialError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Secret", "concealed"]

_Other = TypeVar("_Other")

_SALT = secrets.token_bytes(16)  # new in every process, so that a label is no lookup key


class Secret:
    """Hold a text that shows in no repr, log, pickle or copy; ``reveal()`` is the only way to it.

    Two secrets are equal when their texts are; the comparison takes the same time for any two.

    Examples
    --------
    >>> secret = Secret("lp_src_example")
    >>> secret.reveal()
    'lp_src_example'
    >>> "example" in repr(secret)
    False
    """

    __slots__ = ("__hidden",)
    __hidden: Callable[[], str]

    def __init__(self, text: str) -> None:
        # A closure keeps the text out of __dict__, vars() and rich's and cgitb's look at attributes.
        object.__setattr__(self, "_Secret__hidden", lambda: text)
        if not isinstance(text, str):
            text = ""  # a traceback with local variables may be shown of this frame
            raise CredentialError("A secret is a text, and this is an object of another kind.", hint="Pass a str.")

    def reveal(self) -> str:
        """Give the text itself."""
        return self.__hidden()

    @property
    def fingerprint(self) -> str:
        """Eight hexadecimal digits, the same for the same text in this process and no other."""
        return self._digest()[:8]

    def _digest(self) -> str:
        # Half characters must not fail here: a UnicodeEncodeError carries the whole text with it.
        return hmac.new(_SALT, self.reveal().encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    def __repr__(self) -> str:
        return f"<secret #{self.fingerprint}>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._digest(), other._digest())  # of one length whatever the texts

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("A secret does not change.")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("A secret does not change.")

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise CredentialError(
            "A credential is not pickled.",
            hint="Store it in an environment variable and read it there with Credential.from_env().",
        )


def concealed(value: _Other | str) -> _Other | Secret:
    """Give a text as a secret, and anything else as it is.

    Who is given a credential does this before anything may fail: a traceback may show the variables of a frame.

    Examples
    --------
    >>> concealed("lp_src_example").reveal(), concealed(None)
    ('lp_src_example', None)
    """
    return Secret(value) if isinstance(value, str) else value
