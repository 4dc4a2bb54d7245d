"""Which type of credential is it: a key or a token, recognised without ever showing it."""

from __future__ import annotations

import getpass as terminal
import html
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NoReturn, SupportsIndex

from leadping_nb.advice import Advice, advise
from leadping_nb.anatomy import Refusal
from leadping_nb.arguments import FLAG, FUNCTION, TEXT, demand, refused
from leadping_nb.environment import VARIABLES, first_set
from leadping_nb.errors import CredentialError, LeadpingError
from leadping_nb.held import hold
from leadping_nb.hidden_prompt import ask_hidden
from leadping_nb.jose import expiry, is_of_sandbox
from leadping_nb.key_types import KeyType
from leadping_nb.keychain import find
from leadping_nb.recognition import judge_text
from leadping_nb.secret import Secret
from leadping_nb.shared_hosts import shared_host

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["VARIABLES", "Credential", "KeyType", "recognise"]

_STORE_HINT: Final = "Store it in an environment variable and read it there with Credential.from_env()."


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Credential:
    """A recognised credential, whose text shows in no form of it; :meth:`reveal` is the only way to the text.

    Make one with :meth:`from_text`, :meth:`from_env` or :meth:`prompt`. Two are equal when their texts are; they have
    no order. They are not pickled and not written as JSON: ``json.dumps`` raises ``TypeError`` by itself.

    Examples
    --------
    >>> credential = Credential.from_text("Authorization: Bearer lp_src_example")
    >>> credential.key_type
    <KeyType.SOURCE_KEY: 'source key'>
    >>> credential.is_placeholder
    True
    >>> "example" in repr(credential)
    False
    """

    _secret: Secret
    key_type: KeyType
    """The type that was recognised."""
    why: str
    """One or two sentences: by what the type was recognised, and what to beware of."""
    origin: str = "text"
    """Where it came from: ``text``, ``prompt``, or the environment variable and those that were passed over."""
    is_placeholder: bool = False
    """Whether it is the documentation's example, which is never sent beyond loopback."""
    is_sandbox: bool = False
    """Whether it is a key of the sandbox; False for tokens."""

    @classmethod
    def from_text(cls, text: object, *, origin: str = "text", allow_shared_host: bool = False) -> Credential:
        r"""Recognise a text, with whatever people paste around it.

        Parameters
        ----------
        text
            A key or a token, alone or with ``Bearer``, a header name, quotes, blanks, a line of an env file or a
            curl command around it. A :class:`Secret` does too; a :class:`Credential` comes back as it is.
        origin
            Where it came from, for display.
        allow_shared_host
            Whether a live one may be read on Binder or another shared host, where others could read it too.

        Raises
        ------
        CredentialError
            If it is none; the message and the hint never repeat the text.
        NotAllowedError
            If it looks live and this is a shared host; nothing of it is kept.

        Examples
        --------
        >>> Credential.from_text("export LEADPING_API_KEY='lp_example'\n").key_type.value
        'business key'
        """
        if isinstance(text, Credential):
            return text
        found = (
            _admitted(recognise(text, origin=origin), allow_shared_host)
            if TEXT.holds(origin)
            else refused("origin", origin, TEXT.what, hint="Say where it came from, for display.")
        )
        text = "(not shown)"  # a traceback with local variables may be shown of this frame
        if isinstance(found, Credential):
            return found
        raise (found.error() if isinstance(found, Refusal) else found) from None

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, *, allow_shared_host: bool = False) -> Credential:
        """Take the first of :data:`VARIABLES` that is set and not empty.

        Parameters
        ----------
        environ
            Where the variables are; this process's environment unless given.
        allow_shared_host
            As for :meth:`from_text`.

        Raises
        ------
        CredentialError
            If none is set, or the first one holds no credential; it names the variable, never the value.
        NotAllowedError
            As from :meth:`from_text`.

        Examples
        --------
        >>> Credential.from_env({"LEADPING_API_KEY": "lp_example", "LEADPING_SOURCE_KEY": "lp_src_example"}).origin
        'LEADPING_API_KEY (passed over: LEADPING_SOURCE_KEY)'
        """
        found = _of_environment(os.environ if environ is None else environ, allow_shared_host)
        environ = None  # as above
        if isinstance(found, Credential):
            return found
        raise found from None

    @classmethod
    def prompt(cls, getpass: Callable[[str], str] | None = None, *, allow_shared_host: bool = False) -> Credential:
        """Ask for a credential without showing what is typed.

        Parameters
        ----------
        getpass
            The function that asks; ``getpass.getpass`` of the moment unless told, as Jupyter replaces it.
        allow_shared_host
            As for :meth:`from_text`.

        Examples
        --------
        >>> Credential.prompt(lambda question: "lp_src_example").origin
        'prompt'
        """
        demand(FUNCTION.or_none, getpass=getpass)
        demand(FLAG, allow_shared_host=allow_shared_host)
        found = _of_prompt(terminal.getpass if getpass is None else getpass, allow_shared_host)
        if isinstance(found, Credential):
            return found
        raise (found.error() if isinstance(found, Refusal) else found) from None

    @classmethod
    def from_keyring(
        cls, name: str | None = None, *, service: str = "leadping", allow_shared_host: bool = False
    ) -> Credential:
        """Take a credential out of this machine's keyring; needs the extra ``[keyring]``.

        ``python -m keyring set leadping LEADPING_API_KEY`` puts one there, and asks for the text without showing it.

        Parameters
        ----------
        name
            Under which name it is kept; the first of :data:`VARIABLES` that the keyring has, unless given.
        service
            Under which service.
        allow_shared_host
            As for :meth:`from_text`.

        Raises
        ------
        CredentialError
            If the keyring cannot be read, or has none, or what it holds is none.
        NotAllowedError
            As from :meth:`from_text`.
        """
        demand(TEXT.or_none, name=name)
        demand(TEXT, service=service)
        demand(FLAG, allow_shared_host=allow_shared_host)
        found = _of_keyring(VARIABLES if name is None else (name,), service, allow_shared_host)
        if isinstance(found, Credential):
            return found
        raise found from None

    @property
    def advice(self) -> Advice:
        """How to keep it: where to store it, what to do after it was seen by others, and when it ends.

        Examples
        --------
        >>> Credential.from_text("lp_example").advice
        How to keep this business key
        - store: It is the documentation's example: it opens nothing and may stand anywhere.
        """
        is_token = self.key_type is KeyType.USER_TOKEN
        return advise(
            self.key_type.value,
            is_placeholder=self.is_placeholder,
            is_sandbox=not (self.is_live or self.is_placeholder),
            expires=expiry(self.reveal()) if is_token else None,
            now=time.time(),
        )

    @property
    def label(self) -> str:
        """The type and a short salted hash, the same for the same text within one process only."""
        return f"{self.key_type.value} · #{self._secret.fingerprint}"

    @property
    def is_live(self) -> bool:
        """Whether it may open something: it is neither the documentation's example nor of a sandbox.

        Examples
        --------
        >>> Credential.from_text("lp_src_example").is_live
        False
        """
        is_token_of_sandbox = self.key_type is KeyType.USER_TOKEN and is_of_sandbox(self.reveal())
        return not (self.is_placeholder or self.is_sandbox or is_token_of_sandbox)

    @property
    def masked_header(self) -> str:
        """The header as it may be shown; the number of dots says nothing.

        Examples
        --------
        >>> Credential.from_text("lp_example").masked_header
        'Authorization: Bearer ••••••••'
        """
        return "Authorization: Bearer ••••••••"

    def reveal(self) -> str:
        """Give the text itself, without ``Bearer``.

        Examples
        --------
        >>> Credential.from_text('"lp_example"').reveal()
        'lp_example'
        """
        return self._secret.reveal()

    def to_json(self) -> NoReturn:
        """Refuse: a credential is not written as JSON.

        Raises
        ------
        CredentialError
            Always, with a hint.
        """
        raise CredentialError("A credential is not written as JSON.", hint=_STORE_HINT)

    __json__ = for_json = to_json  # as web frameworks and simplejson ask for it

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise CredentialError("A credential is not pickled.", hint=_STORE_HINT)

    def __copy__(self) -> Credential:
        return self

    def __deepcopy__(self, memo: object) -> Credential:
        return self

    def __eq__(self, other: object) -> bool:
        return self._secret == other._secret if isinstance(other, Credential) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._secret)

    def __repr__(self) -> str:
        return f"<Credential {self.label}>"

    def __str__(self) -> str:
        return self.label

    def __format__(self, spec: str) -> str:
        return format(self.label, spec)

    def _repr_html_(self) -> str:
        rows = (("why", self.why), ("header", self.masked_header), ("origin", self.origin))
        cells = "".join(f"<tr><th>{name}</th><td>{html.escape(text)}</td></tr>" for name, text in rows)
        return f"<table><caption>{html.escape(self.label)}</caption><tbody>{cells}</tbody></table>"


def recognise(text: object, *, origin: str = "text") -> Credential | Refusal:
    """Say which credential a text is, or why it is none; a function of its arguments that raises nothing.

    Parameters
    ----------
    text
        A text with whatever people paste around a credential, or a :class:`Secret` of one.
    origin
        Where it came from, for display.

    Examples
    --------
    >>> recognise("lp_src_example").key_type.value
    'source key'
    >>> recognise("lp_src_").sentence
    'This is the beginning of a key with nothing after it.'
    """
    found = judge_text(text)
    if isinstance(found, Refusal):
        return found
    return Credential(
        found.secret,
        found.key_type,
        found.why,
        origin,
        is_placeholder=found.is_placeholder,
        is_sandbox=found.is_sandbox,
    )


def _admitted(
    found: Credential | Refusal, allow_shared_host: bool, *, variable: str | None = None
) -> Credential | Refusal | LeadpingError:
    """Refuse a live credential on a shared host; without raising, so that no frame of a traceback holds it.

    One that is admitted is held from here on, so that no output shows its text.
    """
    if not FLAG.holds(allow_shared_host):
        hint = FLAG.hint.format(name="allow_shared_host")
        return refused("allow_shared_host", allow_shared_host, FLAG.what, hint=hint)
    if isinstance(found, Refusal) or not found.is_live:
        return found
    host = None if allow_shared_host else shared_host()
    if host is not None:
        return host.refusal(found.key_type.value, variable=variable)
    hold(found._secret, found.label)
    return found


def _of_environment(environ: Mapping[str, str], allow_shared_host: bool) -> Credential | LeadpingError:
    counts = first_set(environ)
    if isinstance(counts, LeadpingError):
        return counts
    name, origin = counts
    found = _admitted(recognise(environ[name], origin=origin), allow_shared_host, variable=name)
    return found.error(variable=name) if isinstance(found, Refusal) else found


def _of_keyring(names: tuple[str, ...], service: str, allow_shared_host: bool) -> Credential | LeadpingError:
    kept = find(names, service)
    if isinstance(kept, CredentialError):
        return kept
    name, secret = kept
    found = _admitted(recognise(secret, origin=f"keyring ({name})"), allow_shared_host)
    if isinstance(found, Refusal):
        return CredentialError(
            f"What the keyring holds under {name} is no credential. {found.sentence}", hint=found.hint
        )
    return found


def _of_prompt(getpass: Callable[[str], str], allow_shared_host: bool) -> Credential | Refusal | LeadpingError:
    typed = ask_hidden(getpass, None if allow_shared_host else shared_host())
    if isinstance(typed, Refusal):
        return typed
    return _admitted(recognise(typed, origin="prompt"), allow_shared_host)
