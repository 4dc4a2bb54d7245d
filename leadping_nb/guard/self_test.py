"""The guard's test of itself: every way out is tried in throw-away kernels, without the guard and with it."""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from leadping_nb.credential import VARIABLES
from leadping_nb.disguises import disguises
from leadping_nb.guard.ways import SETTING, TEXT, WAYS, Way
from leadping_nb.table import Table

if TYPE_CHECKING:
    import pandas as pd
    from jupyter_client.blocking.client import BlockingKernelClient

__all__ = ["GuardTest", "guard_self_test"]

_PATIENCE: Final = 60
"""Seconds that one cell may take, on a machine that is busy with something else."""
_SHOWN: Final = "shown"
_KEPT: Final = "kept out"
_NOT_HERE: Final = "not to be had here"


@dataclass(frozen=True, slots=True, repr=False)
class GuardTest:
    """What came of trying every way out."""

    table: Table
    """Each way out, and what became of a key there without the guard and with it."""

    @property
    def ok(self) -> bool:
        """Whether nothing came out with the guard, and something did without it."""
        without, guarded = ({row[column] for row in self.table.rows} for column in (1, 2))
        return _SHOWN in without and _SHOWN not in guarded

    @property
    def frame(self) -> pd.DataFrame:
        """The table as a DataFrame."""
        return self.table.frame()

    def __repr__(self) -> str:
        kept = sum(row[2] != _SHOWN for row in self.table.rows)
        return f"<guard self-test: {kept} of {len(self.table.rows)} ways kept the key out>"

    def _repr_html_(self) -> str:
        return self.table.html(caption=repr(self)[1:-1])


def guard_self_test() -> GuardTest:
    """Try with an invented key what the output guard keeps out of a notebook, and print what it caught.

    Two kernels are started for it and ended: one with the guard off, which shows the key, and one with it on. It takes
    some seconds, and touches neither this notebook nor its guard.

    Returns
    -------
    GuardTest
        With ``ok`` and ``frame``.

    Examples
    --------
    >>> import leadping_nb as lp
    >>> lp.guard_self_test().ok  # doctest: +SKIP
    True
    """
    key = f"lp_src_test_{secrets.token_hex(16)}"
    without, guarded = (_shown(key, on=on) for on in (False, True))
    rows = tuple((way.name, _outcome(without, way), _outcome(guarded, way, without)) for way in WAYS)
    test = GuardTest(Table(("way out", "without the guard", "with it"), rows))
    sys.stdout.write(f"{test.table.text()}\n")
    return test


def _outcome(shown: Mapping[str, bool], way: Way, without: Mapping[str, bool] | None = None) -> str:
    if shown[way.name]:
        return _SHOWN
    return _KEPT if without is not None and without[way.name] else _NOT_HERE


def _shown(key: str, *, on: bool) -> dict[str, bool]:
    """Say of each way whether it let a key out of a kernel."""
    with TemporaryDirectory() as folder, _kernel(Path(folder), key) as client:
        _run(client, SETTING.format(on=on))
        return {way.name: _lets_out(client, way, key, Path(folder)) for way in WAYS}


@contextmanager
def _kernel(folder: Path, key: str) -> Iterator[BlockingKernelClient]:
    """Give a client of a kernel that lives in a folder, with a key in its environment."""
    others = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    environment = {**others, "LEADPING_SOURCE_KEY": key, "IPYTHONDIR": str(folder / "ipython")}
    manager = KernelManager(kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))  # the one of this Python
    with (folder / "terminal.txt").open("wb") as terminal:
        manager.start_kernel(cwd=str(folder), env=environment, stdout=terminal, stderr=terminal)
        client = manager.blocking_client()
        try:
            client.start_channels()
            client.wait_for_ready(timeout=_PATIENCE)
            yield client
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


def _run(client: BlockingKernelClient, code: str) -> list[dict[str, Any]]:
    """Run a cell, and give every message that came of it."""
    messages: list[dict[str, Any]] = []

    def answer(question: dict[str, Any]) -> None:
        messages.append(question)
        client.input("")

    reply = client.execute_interactive(
        code, allow_stdin=True, timeout=_PATIENCE, output_hook=messages.append, stdin_hook=answer
    )
    return [*messages, reply]


def _lets_out(client: BlockingKernelClient, way: Way, key: str, folder: Path) -> bool:
    before = _in_files(key, folder)
    messages = _run(client, way.code.replace(TEXT, key))
    return any(_is_in(text, key) for text in _texts(messages)) or _in_files(key, folder) > before


def _texts(messages: list[dict[str, Any]]) -> Iterator[str]:
    """Give what messages hold: each by itself, and the pieces of streams that stand together in a saved notebook."""
    pieces: dict[str, str] = {}
    for message in messages:
        kind, content = message["header"]["msg_type"], message["content"]
        if kind == "execute_input":
            continue  # the cell itself
        if kind == "stream":
            pieces[content["name"]] = pieces.get(content["name"], "") + content["text"]
        yield json.dumps([content, message["metadata"]])
        yield from (bytes(buffer).decode("latin-1") for buffer in message.get("buffers", ()))
    yield from pieces.values()


def _in_files(key: str, folder: Path) -> int:
    """Count how often a key stands in files: logs, IPython's history, what the terminal got."""
    written = [path.read_bytes().decode("latin-1") for path in folder.rglob("*") if path.is_file()]
    return sum(text.count(trace) for text in written for trace in _traces(key))


def _is_in(text: str, key: str) -> bool:
    return any(trace in text for trace in _traces(key))


def _traces(key: str) -> tuple[str, ...]:
    """Give what must not be seen of a key: each of its forms, and two thirds of it; plain, and as JSON has them."""
    third = len(key) // 3
    traces = (*disguises(key), key[: 2 * third], key[third:])
    return tuple(dict.fromkeys((*traces, *(json.dumps(trace)[1:-1] for trace in traces))))
