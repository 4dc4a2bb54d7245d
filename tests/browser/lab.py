"""A Jupyter server of one's own, and a notebook in it, as a person at a browser has them."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
from playwright.sync_api import BrowserContext, Locator, Page, expect

__all__ = ["Notebook", "Server", "Traffic", "serve", "write_notebook"]

TOKEN = "sandbox-test-token-of-jupyter"
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    # A save by itself while another is on its way makes JupyterLab ask whether somebody else changed the file.
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
}
_PANEL = "window.jupyterapp.shell.currentWidget"
_READY = f"() => window.jupyterapp && {_PANEL}?.sessionContext?.session?.kernel?.status === 'idle'"
_RUN = f"""async source => {{
    const panel = {_PANEL}, model = panel.content.model.sharedModel;
    model.insertCell(model.cells.length, {{cell_type: "code", source}});
    if (model.cells.length > 1) model.deleteCellRange(0, model.cells.length - 1);
    panel.content.activeCellIndex = 0;
    await window.jupyterapp.commands.execute("notebook:run-cell");
}}"""


@dataclass(frozen=True)
class Server:
    """A Jupyter server that runs, with all it writes below one folder."""

    url: str
    home: Path
    """Its configuration, runtime, data and IPython folders, its log, and what it serves."""

    @property
    def root(self) -> Path:
        """The folder that it serves."""
        return self.home / "served"

    def settings(self, page: Page, plugin: str, **values: object) -> None:
        """Store settings of a person for a plugin of JupyterLab; without values, forget them."""
        answer = page.request.put(
            f"{self.url}/lab/api/settings/{plugin}",
            data={"raw": json.dumps(values)},
            headers={"Authorization": f"token {TOKEN}"},
        )
        assert answer.ok

    @property
    def log(self) -> Path:
        """What it said, at debug level."""
        return self.home / "server.log"


@contextlib.contextmanager
def serve(home: Path, application: str, options: Sequence[str] = ()) -> Iterator[Server]:
    """Run `python -m application` on a free port of loopback, below a folder of its own."""
    served = home / "served"
    overrides = home / "config" / "labconfig"
    served.mkdir(parents=True, exist_ok=True)
    overrides.mkdir(parents=True)
    (overrides / "default_setting_overrides.json").write_text(json.dumps(SETTINGS))
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LEADPING_", "COVERAGE"))}
    environment |= {
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_TOKEN": TOKEN,
        "LEADPING_SOURCE_KEY": "lp_src_example",
    }
    port = _free_port()
    command = [sys.executable, "-m", application, "--no-browser", "--debug", f"--port={port}", *options]
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environment, cwd=served)
        try:
            _wait_until_served(process, port)
            yield Server(f"http://127.0.0.1:{port}", home)
        finally:
            _end(process)


def _end(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:  # jupyter_server may hang between its kernels, which end when they miss it
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_served(process: subprocess.Popen, port: int) -> None:
    while process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
    raise RuntimeError(f"The server ended with {process.returncode}.")


def write_notebook(path: Path, *cells: str) -> None:
    """Write a notebook of code cells."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)


@dataclass
class Traffic:
    """What a page asked for, and what came back over its WebSockets."""

    requests: list[str] = field(default_factory=list)
    frames: list[bytes] = field(default_factory=list)

    def record(self, context: BrowserContext) -> None:
        """Begin: every request is written down, and none leaves this machine."""
        context.route("**/*", self._guard)
        context.on("page", lambda page: page.on("websocket", self._listen))

    @property
    def abroad(self) -> list[str]:
        """The requests that were for another machine."""
        return [url for url in self.requests if not _is_here(url)]

    def _guard(self, route) -> None:
        self.requests.append(route.request.url)
        if _is_here(route.request.url):
            route.continue_()
        else:
            route.abort()

    def _listen(self, websocket) -> None:
        self.requests.append(websocket.url)
        websocket.on("framereceived", lambda data: self.frames.append(data.encode() if isinstance(data, str) else data))


def _is_here(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("data", "blob") or parts.hostname == "127.0.0.1"


class Notebook:
    """A notebook that is open in JupyterLab, or in Notebook 7 below ``notebooks``, with its kernel running."""

    def __init__(self, page: Page, server: Server, name: str, *, place: str = "lab/tree") -> None:
        self.page = page
        page.goto(f"{server.url}/{place}/{name}?reset&token={TOKEN}")
        self.wait_until_idle()

    def open_instead(self, name: str) -> None:
        """Open another notebook of the server, close this one without saving it, and end its kernel."""
        self.page.evaluate(
            f"""async path => {{
                const last = {_PANEL};
                await window.jupyterapp.commands.execute("docmanager:open", {{path}});
                await last.sessionContext.shutdown();
                last.dispose();
            }}""",
            name,
        )
        self.wait_until_idle()

    def wait_until_idle(self) -> None:
        """Wait until the kernel runs and has nothing to do."""
        self.page.wait_for_function(_READY, timeout=60_000)

    def run(self, source: str) -> Locator:
        """Put one cell in the place of all others, run it, and give its output."""
        self.page.evaluate(_RUN, source)
        return self.page.locator(".jp-Cell .jp-OutputArea").first

    def say(self, expression: str) -> str:
        """Give what the kernel says of an expression, by a cell at the end that goes again."""
        return self.page.evaluate(
            f"""async code => {{
                const future = {_PANEL}.sessionContext.session.kernel.requestExecute({{code, store_history: false}});
                let text = "";
                future.onIOPub = message => {{ text += message.content.text ?? message.content.evalue ?? ""; }};
                await future.done;
                return text;
            }}""",
            f"print({expression}, end='')",
        )

    def card(self, source: str) -> Locator:
        """Run a cell that shows a card, and give the card."""
        card = self.run(source).locator(".leadping-card").first
        expect(card).to_be_visible()
        return card

    def save(self) -> None:
        """Press Ctrl+S in a notebook that has changed, and wait until it and its checkpoint are written."""
        self.page.evaluate(f"() => {{ {_PANEL}.context.model.dirty = true; }}")
        with self.page.expect_response(lambda answer: answer.request.method == "POST" and "/checkpoints" in answer.url):
            self.page.keyboard.press("Control+s")

    def wait_for_autosave(self) -> None:
        """Change the notebook, and wait until JupyterLab saved it by itself."""
        with self.page.expect_response(  # not one that was on its way before
            lambda answer: answer.request.method == "PUT" and "# Mine" in (answer.request.post_data or "")
        ):
            # A save that is on its way takes the notebook for unchanged when it ends, whatever came meanwhile.
            self.page.evaluate(
                f"""() => {{
                    const context = {_PANEL}.context;
                    const again = (_, state) => {{
                        if (state !== "started") {{
                            context.saveState.disconnect(again);
                            context.model.dirty = true;
                        }}
                    }};
                    context.saveState.connect(again);
                    context.model.sharedModel.insertCell(0, {{cell_type: "markdown", source: "# Mine"}});
                }}"""
            )

    def restart_kernel(self) -> None:
        """Restart the kernel as the menu does, without its question."""
        self.page.evaluate(f"async () => {{ await {_PANEL}.sessionContext.session.kernel.restart(); }}")

    def theme(self, name: str) -> None:
        """Change to JupyterLab Light or JupyterLab Dark."""
        self.page.evaluate(
            "async theme => { await window.jupyterapp.commands.execute('apputils:change-theme', {theme}); }",
            f"JupyterLab {name}",
        )
        light = str(name == "Light").lower()
        self.page.wait_for_function(f"() => document.body.dataset.jpThemeLight === '{light}'")
