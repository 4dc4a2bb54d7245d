"""Try binder/ out without Docker: what repo2docker makes of it, and all notebooks in an environment made from it alone.

python tools/check_binder.py [--python python3.12]    # needs Binder's Python and PyPI; about two minutes
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
LINK = "lab/tree/notebooks/00_start_here.ipynb"
SESSION = {
    "BINDER_LAUNCH_HOST": "https://mybinder.org/",
    "BINDER_REPO_URL": "https://github.com/OWNER/REPOSITORY",
    "JUPYTER_TOKEN": "sandbox-test-token-of-jupyter",
}
"""What the environment of a session has on Binder."""


def main() -> int:
    """Make the checks one after another; give the exit code."""
    version = (ROOT / "binder" / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=f"python{version}", help=f"a Python {version} (default: python{version})")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        _copy_repository(home)
        detected = _detected_python(Path(folder) / "repo2docker", home)
        _say(detected == version, f"repo2docker takes Python {detected}, and runtime.txt says {version}")
        environment = _built(Path(folder) / "environment", chosen.python, home)
        wrong = _different_notebooks(environment, home)
        _say(not wrong, f"the notebooks give what is stored: {', '.join(wrong) or 'all'}")
        opened = _opened(environment, home)
        _say(opened, f"JupyterLab answers at {LINK}, and has the notebook")
    return 0 if detected == version and not wrong and opened else 1


def _say(good: bool, what: str) -> None:
    print(f"{'✓' if good else '✗'} {what}", flush=True)


def _copy_repository(target: Path) -> None:
    """Copy what git would commit, for that is all that Binder gets."""
    listed = _run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def _detected_python(tools: Path, home: Path) -> str:
    """Let repo2docker say which Python it would put into the image; nothing is built."""
    _run([sys.executable, "-m", "venv", str(tools)])
    _run([str(tools / "bin" / "pip"), "install", "-q", "jupyter-repo2docker"])
    code = (
        "from repo2docker.app import Repo2Docker\n"
        "app = Repo2Docker()\n"
        "packs = (pack(app.base_image) for pack in app.buildpacks)\n"
        "pack = next(pack for pack in packs if pack.detect())\n"
        "pack.platform = 'linux/amd64'\n"
        "dockerfile = pack.render({'NB_UID': '1000', 'NB_USER': 'jovyan'})\n"
        "assert all(f'binder/{name}' in dockerfile for name in ('requirements.txt', 'postBuild', 'start'))\n"
        "print(pack.python_version)\n"
    )
    return _run([str(tools / "bin" / "python"), "-c", code], cwd=home).strip()


def _built(folder: Path, python: str, home: Path) -> dict[str, str]:
    """Do what the image's build does: the lock, then postBuild; give the environment of a session."""
    began = time.monotonic()
    _run([python, "-m", "venv", str(folder)])
    empty = _megabytes(folder)
    kept = ("LANG", "TMPDIR", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {"HOME": str(home), "PATH": f"{folder / 'bin'}:/usr/bin:/bin", "VIRTUAL_ENV": str(folder)}
    lock = str(home / "binder" / "requirements.txt")
    _run(["pip", "install", "-q", "--no-cache-dir", "--require-hashes", "-r", lock], cwd=home, env=environment)
    _run([str(home / "binder" / "postBuild")], cwd=home, env=environment)
    seconds = time.monotonic() - began
    print(f"  built in {seconds:.0f} s: {_megabytes(folder) - empty:.0f} MB beyond an environment of {empty:.0f} MB")
    for name in ("playwright", "pytest", "selenium"):
        found = list(folder.glob(f"lib/python*/site-packages/{name}"))
        _say(not found, f"no {name} in it")
    return environment | SESSION


def _megabytes(folder: Path) -> float:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def _different_notebooks(environment: Mapping[str, str], home: Path) -> list[str]:
    """Run every notebook in a session; name those that fail or show something else than is stored."""
    wrong = []
    for path in sorted((home / "notebooks").rglob("*.ipynb")):
        stored = _shown(path)
        began = time.monotonic()
        process = _session(["python", "-m", "leadping_nb.notebooks", "refresh", str(path)], environment, home)
        said, _ = process.communicate()
        _end(process)
        if process.returncode or _shown(path) != stored:
            wrong.append(str(path.relative_to(home / "notebooks")))
            print(said.decode()[-2_000:], *difflib.unified_diff(stored, _shown(path), "stored", "here", n=0), sep="\n")
        print(f"  {path.name}: {time.monotonic() - began:.1f} s")
    return wrong


def _shown(path: Path) -> list[str]:
    """Give what a notebook shows in words, line by line; pictures differ by a pixel between versions of libraries."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    texts = [output.get("text", output.get("ename", "")) for output in outputs]
    texts += [text for output in outputs for kind, text in output.get("data", {}).items() if kind.startswith("text/")]
    return [line for text in texts for line in "".join(text).splitlines()]


def _opened(environment: Mapping[str, str], home: Path) -> bool:
    """Start JupyterLab as Binder does, and ask for the link's path and its notebook."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = _session(["jupyter", "lab", "--no-browser", f"--port={port}"], environment, home)
    place = f"http://127.0.0.1:{port}"
    try:
        return all(
            _answers(f"{place}/{path}", environment["JUPYTER_TOKEN"], process)
            for path in (LINK, LINK.replace("lab/tree", "api/contents"))
        )
    finally:
        process.terminate()
        process.communicate()
        _end(process)


def _answers(url: str, token: str, process: subprocess.Popen[bytes]) -> bool:
    asked = urllib.request.Request(url, headers={"Authorization": f"token {token}"})  # noqa: S310  # loopback
    while process.poll() is None:
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310  # loopback
                return bool(answer.status == 200)
        except urllib.error.HTTPError:
            return False
        except OSError:  # it does not listen yet
            time.sleep(0.1)
    return False


def _session(command: list[str], environment: Mapping[str, str], home: Path) -> subprocess.Popen[bytes]:
    """Start a command through binder/start, in a group of its own, for the sandbox outlives the command."""
    allowed = ["--allow-root"] if command[0] == "jupyter" and os.geteuid() == 0 else []
    return subprocess.Popen(  # noqa: S603  # a command of the project
        [str(home / "binder" / "start"), *command, *allowed],
        cwd=home,
        env=dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGTERM)
    except ProcessLookupError:
        return


def _run(command: list[str], *, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=env)  # noqa: S603  # a command of the project
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:4])} … ended with {done.returncode}.\n{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    raise SystemExit(main())
