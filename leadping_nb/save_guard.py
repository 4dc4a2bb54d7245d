"""The save guard: an extension of Jupyter's server that refuses to save a notebook with a credential in it.

It comes with the package and is on once that is installed in the server's environment. ``--SaveGuard.mode=warn`` lets
such a notebook be saved and warns in the server's log; ``--SaveGuard.mode=off`` does nothing.
"""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tornado.web import HTTPError
from traitlets import Enum
from traitlets.config import Configurable

from leadping_nb.errors import LeadpingError
from leadping_nb.leaks import Leak
from leadping_nb.leaks.allow import allow_file_for, allowed_by
from leadping_nb.leaks.kinds import kind_named
from leadping_nb.leaks.memory import Memory
from leadping_nb.leaks.notebook import leaks_of_pieces

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

__all__ = ["SaveGuard"]

_NAMED: Final = 3
_WIDGETS: Final = (
    "Restart the kernel and clear all outputs, and switch Save Widget State Automatically off (menu Settings)"
)
_MENDING: Final[Sequence[tuple[str, str]]] = (
    ("source", "Take it out of the text of {cell}, and read it from the environment with lp.Credential.from_env()"),
    ("output", "Clear the outputs of {cell}, and take out what shows it"),
    ("widget", _WIDGETS),
    ("papermill", "Take it out of the notebook's parameters, and pass it by the environment"),
    ("attachment", "Take the attachment out of {cell}"),
    ("cell", "Take it out of the metadata of {cell} (property inspector, Advanced Tools)"),
    ("notebook", "Take it out of the notebook's metadata (property inspector, Advanced Tools)"),
)
"""How to mend a place, by how its name begins."""


class SaveGuard(Configurable):
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
        self._clean = Memory()

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
        if self.mode == "off":
            return
        try:
            leaks = _leaks(model, path, getattr(contents_manager, "root_dir", None), self._clean)
        except LeadpingError as error:
            self._refuse(400, f"the allow-list beside {path} cannot be read. {error.message} {error.hint}")
        except Exception as error:
            self._refuse(
                500,
                f"leadping_nb could not look for credentials in {path}, because of an error of its own"
                f" ({type(error).__name__}). Start the server with --SaveGuard.mode=warn to save without it.",
            )
        else:
            if leaks:
                self._refuse(400, _sentence(leaks, path), mending=_mendings(leaks))

    def _refuse(self, status: int, words: str, *, mending: str = "") -> None:
        if self.mode == "warn":
            logging.getLogger(__name__).warning("Saved all the same: %s", words)
            return
        # From None: the words may come from an error whose frames hold the notebook.
        raise HTTPError(status, " ".join(filter(None, (f"Not saved: {words}", mending))).replace("%", "%%")) from None


def _leaks(model: Mapping[str, Any], path: str, root: str | None, clean: Memory) -> Sequence[Leak]:
    """Give what a notebook holds; nothing if it is clean, or no notebook."""
    notebook = _notebook(model, path)
    leaks = leaks_of_pieces(notebook, clean=clean) if notebook is not None else ()
    if leaks and root is not None:
        file = allow_file_for(Path(root, path.lstrip("/")).parent)
        allowed = allowed_by(file.read_text(encoding="utf-8")) if file is not None else frozenset()
        leaks = tuple(leak for leak in leaks if leak.hash not in allowed)
    return leaks


def _notebook(model: Mapping[str, Any], path: str) -> Mapping[str, object] | None:
    """Give the notebook that is to be saved; one that is uploaded comes as a file."""
    content = model.get("content")
    if model.get("type") == "notebook":
        return content if isinstance(content, Mapping) else {"": content}
    if not path.endswith(".ipynb") or not isinstance(content, str) or model.get("chunk") is not None:
        return None
    text = base64.b64decode(content) if model.get("format") == "base64" else content
    try:
        uploaded = json.loads(text)
    except ValueError:
        return {"": text if isinstance(text, str) else text.decode("utf-8", "replace")}
    return uploaded if isinstance(uploaded, dict) else {"": uploaded}


def _sentence(leaks: Sequence[Leak], path: str) -> str:
    found = [f"{_article(leak)} (#{leak.hash}) in {_place(leak)}" for leak in leaks[:_NAMED]]
    if len(leaks) > _NAMED:
        found.append(f"{len(leaks) - _NAMED} more")
    secrets = "a secret" if len(leaks) == 1 else f"{len(leaks)} secrets"
    return f"{path} holds {secrets}, {'; '.join(found)}."


def _mendings(leaks: Sequence[Leak]) -> str:
    mending = dict.fromkeys(map(_mending, leaks[:_NAMED]))
    rotation = dict.fromkeys(kind_named(leak.kind).rotation for leak in leaks[:_NAMED])
    return (
        f"{'. '.join(mending)}; then save again. Nothing was written. If anybody else may have seen it, end its power:"
        f" {' '.join(rotation)} `leadping-nb scan --fix` cleans files. What is no secret goes on the allow-list"
        " .leadping-leaks-allow, by its hash."
    )


def _article(leak: Leak) -> str:
    return f"{'an' if leak.kind[0] in 'aeio' else 'a'} {leak.kind}"  # a user token


def _place(leak: Leak) -> str:
    where = f"{leak.place}, line {leak.line}"
    return where if leak.cell is None else f"cell {leak.cell} ({where})"


def _mending(leak: Leak) -> str:
    words = next((words for begins, words in _MENDING if leak.place.startswith(begins)), "Take it out")
    return words.format(cell=f"cell {leak.cell}")


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(app: ServerApp) -> None:
    guard = SaveGuard(parent=app)
    app.contents_manager.register_pre_save_hook(guard.look)  # type: ignore[no-untyped-call]
    app.log.info("leadping_nb.save_guard: mode %s", guard.mode)
