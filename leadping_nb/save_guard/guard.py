"""The guard itself: it looks at what is about to become a notebook on disk, and refuses what holds a credential."""

from __future__ import annotations

import base64
import string
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tornado.web import HTTPError
from traitlets import Enum
from traitlets.config import LoggingConfigurable

from leadping_nb.errors import LeadpingError
from leadping_nb.leaks import Leak
from leadping_nb.leaks.allow import AllowLists
from leadping_nb.leaks.files import leaks_in_bytes
from leadping_nb.leaks.memory import Memory
from leadping_nb.leaks.notebook import leaks_of_pieces
from leadping_nb.save_guard.outputs import CleanOutputs
from leadping_nb.save_guard.refusal import SAVING, UPLOADING, Deed, refusal, warning

__all__ = ["LAST", "NOTEBOOK", "PutBack", "SaveGuard", "bytes_of"]

LAST: Final = -1
"""The number of the last piece of an upload, for Jupyter's server."""

NOTEBOOK: Final = ".ipynb"
"""How the path of a notebook ends, for Jupyter's server."""

_OF_A_KEY: Final = f"{string.ascii_letters}{string.digits}-._~+/=\\".encode()


class PutBack(dict[str, Any]):
    """A model of what was on disk before: the guard lets it pass, whatever it holds. No request makes one."""


class SaveGuard(LoggingConfigurable):
    """Looks at each notebook before Jupyter's server writes it.

    Examples
    --------
    >>> cell = {"cell_type": "code", "source": "key = 'lp_src_test0123example456789XYZ'", "outputs": []}
    >>> model = {"type": "notebook", "content": {"cells": [cell], "metadata": {}}}
    >>> SaveGuard(mode="off").look(model=model, path="leads.ipynb", contents_manager=None)
    >>> try:
    ...     SaveGuard().look(model=model, path="leads.ipynb", contents_manager=None)
    ... except HTTPError as refusal:
    ...     print(refusal.log_message.partition(". ")[0])
    Not saved: leads.ipynb holds a secret, a source key (#a7e350b53508) in cell 1 (source, line 1)
    """

    mode = Enum(
        ("refuse", "warn", "off"),
        "refuse",
        help="What to do with a notebook that holds a credential: refuse to save it, warn in the log, or nothing.",
    ).tag(config=True)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._clean_texts, self._clean_outputs = Memory(), CleanOutputs()

    def look(self, *, model: Mapping[str, Any], path: str, contents_manager: object, **_: object) -> None:
        """Look at what is about to be saved, as a pre-save hook of Jupyter's server.

        Parameters
        ----------
        model
            The file as the contents manager has it.
        path
            Where it goes, from the server's root.
        contents_manager
            Who writes it; its ``root_dir`` tells where an allow-list is.

        Raises
        ------
        tornado.web.HTTPError
            400 if the notebook holds a credential, 500 if the guard itself failed: Jupyter shows the message, and
            leaves the file as it was. Any other error would let the notebook be saved.
        """
        if isinstance(model, PutBack):
            return
        if model.get("type") == "notebook" or path.endswith(NOTEBOOK):
            # What is small is uploaded in one piece, and no editor saves base64.
            is_upload = model.get("chunk") is not None or model.get("format") == "base64"
            deed = UPLOADING if is_upload else SAVING
            self.judge(model, path=path, contents_manager=contents_manager, deed=deed)

    def judge(
        self, model: Mapping[str, Any], *, path: str, contents_manager: object, deed: Deed, before: bytes = b""
    ) -> None:
        """Refuse what holds a credential, whatever was about to be done with it.

        Parameters
        ----------
        model
            The notebook, or the file that is one, as the contents manager has it.
        path, contents_manager
            As for :meth:`look`.
        deed
            What was about to be done, for the words of the refusal.
        before
            What of the file is on disk already.

        Raises
        ------
        tornado.web.HTTPError
            As :meth:`look`.
        """
        if self.mode == "off":
            return
        try:
            leaks = self._leaks(model, before)
            if leaks:
                leaks = _not_allowed(leaks, path, getattr(contents_manager, "root_dir", None))
        except LeadpingError as error:
            words = f"{path} holds what looks like a secret, and what is allowed cannot be told. {error}"
            self._refuse(400, deed, words, words)
        except Exception as error:
            self.fail(error, path=path, deed=deed)
        else:
            if leaks:
                self._refuse(400, deed, refusal(leaks, path, deed), warning(leaks, path, deed))

    def fail(self, error: Exception, *, path: str, deed: Deed) -> None:
        """Refuse because the guard could not look.

        Raises
        ------
        tornado.web.HTTPError
            500, unless the guard only warns.
        """
        words = (
            f"leadping_nb could not look for credentials in {path}, because of an error of its own"
            f" ({type(error).__name__})."
        )
        self._refuse(500, deed, f"{words} Start the server with --SaveGuard.mode=warn to go on without it.", words)

    def _leaks(self, model: Mapping[str, Any], before: bytes) -> Sequence[Leak]:
        content = model.get("content")
        if model.get("type") == "notebook":
            others, marks = self._clean_outputs.others(content if isinstance(content, Mapping) else {"": content})
            leaks = leaks_of_pieces(others, clean=self._clean_texts)
            self._clean_outputs.add(() if leaks else marks)
            return leaks
        data = before + bytes_of(model)
        if model.get("chunk") not in (None, LAST):
            data = data.rstrip(_OF_A_KEY)  # what is cut here may be allowed as a whole, and is seen at the last piece
        return leaks_in_bytes(data, name=NOTEBOOK)

    def _refuse(self, status: int, deed: Deed, refused: str, warned: str) -> None:
        if self.mode == "warn":
            self.log.warning("%s all the same: %s", deed.done.capitalize(), warned)
            return
        # From None: the words may come from an error whose frames hold the notebook.
        raise HTTPError(status, f"Not {deed.done}: {refused}".replace("%", "%%")) from None


def bytes_of(model: Mapping[str, Any]) -> bytes:
    """Give the bytes of a file as Jupyter's server writes them; of what is no text none.

    Examples
    --------
    >>> bytes_of({"format": "base64", "content": "VGVzdA=="}), bytes_of({"format": "text", "content": "Test"})
    (b'Test', b'Test')
    """
    content = model.get("content")
    if not isinstance(content, str):  # a folder, or what the server refuses
        return b""
    return base64.b64decode(content) if model.get("format") == "base64" else content.encode("utf-8", "surrogatepass")


def _not_allowed(leaks: Sequence[Leak], path: str, root: str | None) -> Sequence[Leak]:
    allowed = frozenset() if root is None else AllowLists().hashes_for(Path(root, path.lstrip("/")))
    return [leak for leak in leaks if leak.hash not in allowed]
