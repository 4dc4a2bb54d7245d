"""The first card: enter a credential and see what it is, without its text being kept in the notebook."""

from __future__ import annotations

import html
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from leadping_nb.arguments import FLAG, FUNCTION, Wanted, demand
from leadping_nb.credential import VARIABLES, Credential, KeyType
from leadping_nb.shared_hosts import shared_host
from leadping_nb.table import Table
from leadping_nb.widgets import front_end
from leadping_nb.widgets.card import Card, Message
from leadping_nb.widgets.code import on_a_sandbox

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CredentialCard", "SandboxKeys", "ask"]

_PURPOSES: Final[Mapping[KeyType, str]] = {
    KeyType.USER_TOKEN: "Calls as a signed-in person, in that person's current business.",
    KeyType.BUSINESS_API_KEY: "Programs that work on one business.",
    KeyType.SOURCE_KEY: "Sending leads of one source, and nothing else.",
    KeyType.ORGANIZATION_API_KEY: "Programs that work on an organization, in revisions since August 2026.",
}
_ORIGINS: Final[Mapping[str, str]] = {"widget": "entered in this card", "sandbox": "the sandbox"}
_CODE: Final = f"""\
import leadping_nb as lp

# {", ".join(VARIABLES[:-1])} or {VARIABLES[-1]}
{{note}}credential = lp.Credential.from_env()
credential"""
_ON_A_SANDBOX: Final = "credential = lp.Credential.from_text(sandbox.user_token)"
_NONE: Final = "No credential was entered."
_HOW: Final = "Run this cell in JupyterLab, Notebook 7 or Voila to enter one, or take it from the environment:"
_SHARED: Final = "This is {name}, which others run for everybody: only the sandbox's credentials are taken here."
_WITHOUT_CARD: Final = "The same without the card, with a credential from the environment:"


class SandboxKeys(Protocol):
    """What has a credential of each type, as a `leadping_nb.Sandbox` does."""

    @property
    def user_token(self) -> str:
        """A token of the sandbox's user."""

    @property
    def business_key(self) -> str:
        """A key of the sandbox's business."""

    @property
    def source_key(self) -> str:
        """A key of the sandbox's first source."""


_SANDBOX_KEYS: Final[Mapping[object, Callable[[SandboxKeys], str]]] = {
    "user": lambda sandbox: sandbox.user_token,
    "business": lambda sandbox: sandbox.business_key,
    "source": lambda sandbox: sandbox.source_key,
}

_HAS_KEYS: Final = Wanted(
    "a sandbox",
    "Make one: {name}=lp.Sandbox().",
    lambda value: not isinstance(value, type) and hasattr(value, "source_key"),
)

Listener: TypeAlias = Callable[[Credential | None], object]
"""What is told of a credential."""


class CredentialCard(Card):
    """Ask for a credential and say what it is; make one with :func:`ask`.

    What is typed travels to the kernel once, in the buffer of a message, and becomes a
    :class:`~leadping_nb.Credential` there. It is in no synchronised state on either side, so that neither a saved
    notebook nor an executed one holds it.
    """

    _esm = front_end.module("credential_card")
    _css = front_end.style_sheet("credential_card")

    def __init__(
        self,
        *,
        on_credential: Listener | None = None,
        sandbox: SandboxKeys | None = None,
        allow_shared_host: bool = False,
    ) -> None:
        demand(FUNCTION.or_none, on_credential=on_credential)
        demand(_HAS_KEYS.or_none, sandbox=sandbox)
        demand(FLAG, allow_shared_host=allow_shared_host)
        self._credential: Credential | None = None
        self._allow_shared_host = allow_shared_host
        self._on_credential = on_credential
        self._has_sandbox = sandbox is not None
        actions = {"enter": self._enter, "environment": self._take_from_environment, "forget": self._forget}
        if sandbox is not None:
            actions["sandbox"] = partial(self._take_from_sandbox, sandbox)
        super().__init__(actions)

    @property
    def credential(self) -> Credential | None:
        """The credential, or None as long as none was entered."""
        return self._credential

    @property
    def code(self) -> str:
        """The few lines that do the same without the card."""
        return _CODE.format(note=on_a_sandbox(_ON_A_SANDBOX, known=self._has_sandbox))

    def _enter(self, message: Message) -> None:
        allow = self._allow_shared_host
        self._keep(Credential.from_text(_text_of(message.buffers), origin="widget", allow_shared_host=allow))

    def _take_from_environment(self, _: Message) -> None:
        self._keep(Credential.from_env(allow_shared_host=self._allow_shared_host))

    def _take_from_sandbox(self, sandbox: SandboxKeys, message: Message) -> None:
        key = _SANDBOX_KEYS[message.content.get("which")]
        self._keep(Credential.from_text(key(sandbox), origin="sandbox"))

    def _forget(self, _: Message) -> None:
        self._keep(None)

    def _keep(self, credential: Credential | None) -> None:
        self._credential = credential
        if self._on_credential is not None:
            self._on_credential(credential)

    def _content(self) -> dict[str, object]:
        credential = self._credential
        return {
            "sandbox": self._has_sandbox,
            "warning": self._warning(),
            "credential": None
            if credential is None
            else {
                "type": credential.key_type.value,
                "facts": [*_facts(credential), ("Label", credential.label)],
                "advice": [(one.topic.capitalize(), one.text) for one in credential.advice],
            },
        }

    def _warning(self) -> str:
        """Say before a credential is entered where only the sandbox's are taken."""
        host = None if self._allow_shared_host else shared_host()
        return "" if host is None else _SHARED.format(name=host.name)

    def _text(self) -> str:
        if self._credential is None:
            return f"{_NONE}\n{_HOW}"
        rows = (("Type", self._credential.key_type.value), *_facts(self._credential))
        advice = "\n".join(f"- {topic}: {text}" for topic, text in _lasting_advice(self._credential))
        return f"{Table(('credential', ''), rows).text()}\n\nKeep it safe\n{advice}\n\n{_WITHOUT_CARD}"

    def _html(self) -> str:
        if self._credential is None:
            return f"<p><strong>{_NONE}</strong><br>{_HOW}</p>"
        rows = "".join(
            f'<tr><th scope="row" style="text-align:left">{name}</th>'
            f'<td style="text-align:left">{html.escape(text)}</td></tr>'
            for name, text in (*_facts(self._credential), *_lasting_advice(self._credential))
        )
        caption = f'<caption style="text-align:left">{html.escape(self._credential.key_type.value)}</caption>'
        return f"<table>{caption}<tbody>{rows}</tbody></table><p>{_WITHOUT_CARD}</p>"

    def __repr__(self) -> str:
        return f"<CredentialCard: {'no credential' if self._credential is None else self._credential.key_type.value}>"


def ask(
    *, on_credential: Listener | None = None, sandbox: SandboxKeys | None = None, allow_shared_host: bool = False
) -> CredentialCard:
    """Ask for a credential in the notebook and say at once what it is.

    Where there is no widget, :meth:`Credential.prompt() <leadping_nb.Credential.prompt>` and
    :meth:`Credential.from_env() <leadping_nb.Credential.from_env>` do the same.

    Parameters
    ----------
    on_credential
        Called with each credential that is entered, and with None when it is forgotten. What it raises is shown in
        the card.
    sandbox
        A running sandbox, whose credentials the card then offers too.
    allow_shared_host
        Whether a live credential may be entered on Binder or another shared host, where others could read it too.

    Returns
    -------
    CredentialCard
        Its ``credential`` is None until one was entered.

    Examples
    --------
    >>> card = ask()
    >>> card
    <CredentialCard: no credential>
    >>> card.credential is None
    True
    """
    return CredentialCard(on_credential=on_credential, sandbox=sandbox, allow_shared_host=allow_shared_host)


def _facts(credential: Credential) -> tuple[tuple[str, str], ...]:
    """Say what is known of a credential, alike in every process."""
    origin = credential.origin
    where = _ORIGINS.get(origin, origin if origin.startswith("keyring") else f"environment variable {origin}")
    return (
        ("For", _PURPOSES[credential.key_type]),
        ("Recognised", credential.why),
        ("Header", credential.masked_header),
        ("From", where),
    )


def _lasting_advice(credential: Credential) -> tuple[tuple[str, str], ...]:
    """Say how to keep it, but not how long it lasts, which would be wrong where it is read later."""
    return tuple((one.topic.capitalize(), one.text) for one in credential.advice if one.topic != "life")


def _text_of(buffers: list[memoryview]) -> str:
    """Take the text out of a message, so that no frame holds it that a traceback could show."""
    return bytes(buffers.pop()).decode("utf-8", "replace") if buffers else ""
