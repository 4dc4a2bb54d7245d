"""The card: what all views of the toolkit share on the side of Python."""

from __future__ import annotations

import contextvars
import html
import threading
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

import anywidget
import traitlets

from leadping_nb.errors import LeadpingError
from leadping_nb.widgets.code import Requests

__all__ = ["Action", "Card", "Message"]


class Message(NamedTuple):
    """What the page sent."""

    content: Mapping[str, object]
    """The action's name as ``action``, and what else it needs."""
    buffers: list[memoryview]
    """Bytes beside it. Logs of messages show their number and not what is in them, so secrets travel here."""


Action: TypeAlias = Callable[[Message], None]
"""What a card does when the page asks for it."""

_REQUESTS = "requests"  # the one thing that a page asks for without anything being done
_BUSY = "This card is still at work."
_WAIT = "Wait until it has ended, or stop it."
_UNKNOWN = "The page asked for something that this card cannot do."
_RELOAD = "The page and the kernel may be of different versions: reload the page, then run the cell again."
_SEE_ERROR = "The whole error is in the attribute `error` of this card: raise it in a cell to read it."


class Card(anywidget.AnyWidget):
    """Show one object of the toolkit in a notebook, and do what the page asks for.

    A subclass prepares its own state, then calls this constructor. `view` is the only thing that is synchronised, and
    so the only thing that a notebook can keep: it holds nothing secret.

    Parameters
    ----------
    actions
        What the page may ask for, by name.
    """

    view = traitlets.Dict(read_only=True).tag(sync=True)
    """What the page shows, as plain JSON."""

    def __init__(self, actions: Mapping[str, Action]) -> None:
        self.error: Exception | None = None
        """What went wrong in the last action, or None."""
        self._actions = actions
        self._turn = 0
        self._publishing = threading.RLock()  # who observes the view may change the card again
        self._idle = threading.Event()
        self._idle.set()
        self._busy = False
        super().__init__()
        self.on_msg(self._receive)

    @property
    def code(self) -> str:
        """The few lines that do the same without the card."""
        raise NotImplementedError

    @property
    def requests(self) -> Mapping[str, str]:
        """The same as requests without the toolkit, by what makes them; none, unless a card has some."""
        return {}

    @property
    def _hands_requests(self) -> bool:
        """Whether the page may ask for requests that it alone gets."""
        return False

    def _requests_for(self, message: Message) -> Requests:
        """Give the requests that the page asks for; they go there and into nothing that is kept."""
        raise NotImplementedError

    def _content(self) -> dict[str, object]:
        """Say what the page shows, as plain JSON without a secret."""
        raise NotImplementedError

    def _text(self) -> str:
        """Say the same in plain text, alike in every run."""
        raise NotImplementedError

    def _html(self) -> str:
        """Say the same in HTML that needs neither script nor style sheet, with every text escaped."""
        raise NotImplementedError

    def _failure(self) -> dict[str, str] | None:
        """Say what went wrong in the last action, in words that a notebook may keep."""
        return _explained(self.error)

    @traitlets.default("view")
    def _view(self) -> dict[str, object]:
        return {
            "turn": self._turn,  # one a change, so that the page hears of an answer that is the same as before
            "busy": self._busy,
            "error": self._failure(),
            "code": self.code,
            "requests": dict(self.requests),
            "asks": self._hands_requests,
            "content": self._content(),
        }

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until nothing is done beside the kernel's own thread any more.

        Parameters
        ----------
        seconds
            The longest to wait; without end unless given.

        Returns
        -------
        bool
            Whether nothing is done any more.
        """
        return self._idle.wait(seconds)

    def _publish(self) -> None:
        """Show how things are now; from any thread."""
        with self._publishing:
            self._turn += 1
            self.set_trait("view", self._view())

    def _begin(self, work: Callable[[], None]) -> None:
        """Do something beside the kernel's own thread, so that cells and other cards go on; what fails is shown.

        Raises
        ------
        LeadpingError
            If something is done already.
        """
        if self._busy:
            raise LeadpingError(_BUSY, hint=_WAIT)
        self._busy = True
        self._idle.clear()
        context = contextvars.copy_context()  # ipykernel keeps the cell that outputs belong to in it
        threading.Thread(target=context.run, args=(self._work, work), name="leadping-card", daemon=True).start()

    def _work(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:
            self.error = error
        finally:
            self._busy = False
            self._publish()
            self._idle.set()

    def _receive(self, _: Card, content: Mapping[str, object], buffers: list[memoryview]) -> None:
        if content.get("action") == _REQUESTS and self._hands_requests:
            self._hand_requests(Message(content, buffers))
            return
        self.error = None
        try:
            self._action(content.get("action"))(Message(content, buffers))
        except Exception as error:  # whatever it is, the person reads of it in the card and not in a log
            self.error = error
        self._publish()

    def _hand_requests(self, message: Message) -> None:
        """Answer the page; an error of what was done before stays where it is, and so does all else."""
        try:
            asked = self._requests_for(message)
        except LeadpingError as error:
            asked = Requests(notes=(error.message, error.hint))
        except Exception as error:  # as of any action
            self.error = error
            asked = Requests(notes=(_failed(error), _SEE_ERROR))
        self.send({_REQUESTS: message.content.get("number")}, [asked.as_bytes()])

    def _action(self, name: object) -> Action:
        action = self._actions.get(name) if isinstance(name, str) else None
        if action is None:
            raise LeadpingError(_UNKNOWN, hint=_RELOAD)
        return action

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def static_forms(self) -> dict[str, str]:
        """Give what is shown where no widget runs, by media type: HTML without script, and plain text."""
        return {
            "text/html": f"<div>{self._html()}<pre><code>{html.escape(self.code)}</code></pre></div>",
            "text/plain": f"{self._text()}\n\n{self.code}",
        }

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, object], dict[str, object]]:
        bundle, metadata = super()._repr_mimebundle_(**options) or ({}, {})
        return {**bundle, **self.static_forms()}, metadata


def _explained(error: Exception | None) -> dict[str, str] | None:
    if error is None:
        return None
    if isinstance(error, LeadpingError):
        return {"sentence": error.message, "hint": error.hint}
    # The message stays away: it is somebody else's, may hold anything, and the view can be saved.
    return {"sentence": _failed(error), "hint": _SEE_ERROR}


def _failed(error: Exception) -> str:
    return f"This did not work: {type(error).__name__}."
