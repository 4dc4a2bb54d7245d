"""Where the notebooks are, and how they are kept true: ``python -m leadping_nb.notebooks [refresh | check]``.

Stored notebooks hold their outputs, so that a reader sees the results, and nothing else that a run leaves
behind: no widget state, no times, no metadata of an editor. ``refresh`` runs them again and normalises them.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import nbformat

from leadping_nb.commands import ended
from leadping_nb.errors import LeadpingError

__all__ = ["blemishes", "kept_notebooks", "normalised", "workspace"]

_COPY = "leadping-notebooks"
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_KEPT_CELL_METADATA = ("tags",)
_WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
_MOST_LINES = 9
_MOST_CHARACTERS = 400_000
_NO_NOTEBOOK = (ValueError, TypeError, AttributeError, KeyError, RecursionError)
"""What nbformat raises over JSON that is none, besides its own error."""

_MACHINE_FOLDER = re.compile(r"(?<![\w./:])/(?:home|root|tmp|var|Users)/\w")

VARYING = (
    (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"),  # the sandbox listens on a free port
    (r"· #[0-9a-f]{8}", "· #00000000"),  # labels are salted anew in every process
    (r"(?m)^\S+\.py:\d+: (\w+Warning: )", r"\1"),  # the kernel keeps a cell in a file of its own
)
"""What differs from run to run and means nothing, and what is stored in its place; nbval sanitises the same."""


def workspace(here: Path | None = None) -> Path:
    """Give the folder of the notebooks: this checkout's, or a copy of the shipped ones below ``here``.

    Parameters
    ----------
    here
        Where to look and to copy to; the current folder unless given.
    """
    here = here or Path.cwd()
    folder = _notebooks_of(here) or _notebooks_of(Path(__file__).parent.parent)
    if folder is not None:
        return folder
    folder = here / _COPY
    try:
        folder.mkdir(exist_ok=True)
        with as_file(files("leadping_nb") / "data" / "notebooks") as shipped:
            for file in shipped.rglob("*"):
                target = folder / file.relative_to(shipped)
                if file.is_file() and not target.exists():  # a copy that somebody works in is not overwritten
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(file, target)
    except OSError as error:
        raise LeadpingError(
            f"The notebooks cannot be copied to {folder}: {error.strerror}.",
            hint="Run it again in a folder that is yours to write in.",
        ) from error
    return folder.resolve()


def kept_notebooks(here: Path | None = None) -> Path:
    """Give the folder of notebooks that are there already; nothing is copied.

    Parameters
    ----------
    here
        Where to look; the current folder unless given.

    Raises
    ------
    LeadpingError
        If there are none.
    """
    here = here or Path.cwd()
    folder = _notebooks_of(here) or _notebooks_of(Path(__file__).parent.parent)
    if folder is None and (here / _COPY).is_dir():
        folder = (here / _COPY).resolve()
    if folder is None:
        raise LeadpingError(
            "There are no notebooks here.", hint="leadping-nb lab copies them; or go to the folder that has them."
        )
    return folder


def _notebooks_of(folder: Path) -> Path | None:
    found = folder / "notebooks"
    return found.resolve() if (found / "00_start_here.ipynb").is_file() else None


def normalised(notebook: dict[str, Any]) -> dict[str, Any]:
    """Give a notebook that ran without what varies from run to run; execution counts become 1, 2, 3."""
    cells = []
    count = 0
    for number, cell in enumerate(notebook["cells"], 1):
        kept = {key: value for key, value in cell["metadata"].items() if key in _KEPT_CELL_METADATA}
        clean = {**cell, "metadata": kept, "id": f"cell-{number:02d}"}
        if cell["cell_type"] == "code":
            count += 1
            outputs = [
                {**output, "execution_count": count} if "execution_count" in output else output
                for output in map(_without_widget, _joined(_settled(cell["outputs"])))
            ]
            clean |= {"execution_count": count, "outputs": outputs}
        cells.append(clean)
    metadata = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _joined(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join what was printed in a row, which a kernel sends in pieces as it comes."""
    whole: list[dict[str, Any]] = []
    for output in outputs:
        if output["output_type"] == "stream" and whole and whole[-1].get("name") == output["name"]:
            whole[-1] = {**output, "text": "".join((*whole[-1]["text"], *output["text"]))}
        else:
            whole.append(output)
    return whole


def _without_widget(output: dict[str, Any]) -> dict[str, Any]:
    """Leave of a widget what reads without a kernel; its view names a model that ended with the run."""
    data = output.get("data", {})
    if _WIDGET_VIEW not in data or len(data) == 1:
        return output
    return {**output, "data": {kind: shown for kind, shown in data.items() if kind != _WIDGET_VIEW}}


def _settled(value: Any) -> Any:
    """Put what is stored in the place of what varies, in every text."""
    if isinstance(value, str):
        for pattern, replacement in VARYING:
            value = re.sub(pattern, replacement, value)
        return value
    if isinstance(value, list):
        return [_settled(entry) for entry in value]
    if isinstance(value, dict):
        return {key: _settled(entry) for key, entry in value.items()}
    return value


def blemishes(path: Path) -> list[str]:
    """Name what a stored notebook holds that it should not, or lacks; empty if it is clean."""
    text, notebook = _read(path)
    found = []
    if text != _text_of(normalised(notebook)):
        found.append("It is not normalised.")
    if _MACHINE_FOLDER.search(text):
        found.append("It names a folder of one machine.")
    if len(text) > _MOST_CHARACTERS:
        found.append("It is larger than 400 KB.")
    code_cells = (cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    return found + [f"{cell['id']} {blemish}." for cell in code_cells for blemish in _of_a_cell(cell)]


def _read(path: Path) -> tuple[str, dict[str, Any]]:
    """Read a notebook, as text and as what it says; raise `LeadpingError` for what is none."""
    try:
        text = path.read_text(encoding="utf-8")
        notebook: dict[str, Any] = json.loads(text)
        nbformat.validate(notebook)
    except OSError as error:
        raise LeadpingError(
            f"{path} cannot be read: {error.strerror}.", hint="Name files of notebooks, which end in .ipynb."
        ) from error
    except (*_NO_NOTEBOOK, nbformat.ValidationError) as error:
        raise LeadpingError(
            f"{path} is no notebook in UTF-8.", hint="Name files of notebooks, which end in .ipynb."
        ) from error
    return text, notebook


def _of_a_cell(cell: dict[str, Any]) -> Iterator[str]:
    source = "".join(cell["source"])
    if any(output["output_type"] == "error" for output in cell["outputs"]):
        yield "holds an error"
    if len(source.splitlines()) > _MOST_LINES:
        yield "has ten lines or more"
    if any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) for node in ast.walk(ast.parse(source))
    ):
        yield "defines a function or a class"


def main(arguments: Sequence[str] | None = None) -> int:
    """Refresh or check the notebooks of this checkout; give the exit code."""
    return ended(lambda: _run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    parser = argparse.ArgumentParser(prog="python -m leadping_nb.notebooks", description=__doc__)
    parser.add_argument("command", choices=("refresh", "check"))
    parser.add_argument("paths", nargs="*", type=Path, help="all notebooks unless named")
    chosen = parser.parse_args(arguments)
    paths = chosen.paths or sorted(kept_notebooks().glob("**/*.ipynb"))
    wrong = 0
    for path in paths:
        if chosen.command == "refresh":
            _read(path)
            path.write_text(_text_of(normalised(_executed(path))), encoding="utf-8")
        problems = blemishes(path)
        wrong += bool(problems)
        sys.stdout.write(f"{path.name}: {' '.join(problems) or 'clean'}\n")
    return 1 if wrong else 0


def _executed(path: Path) -> dict[str, Any]:
    try:
        import nbclient
    except ImportError as error:
        raise LeadpingError("nbclient is missing.", hint="Install it: pip install nbclient.") from error
    notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)  # type: ignore[no-untyped-call]  # nbformat ships no types
    client = nbclient.NotebookClient(notebook, kernel_name="python3", store_widget_state=False, timeout=120)
    client.execute(cwd=str(path.parent))
    result: dict[str, Any] = json.loads(json.dumps(notebook))  # plain dicts; sources and outputs as they are
    return result


def _text_of(notebook: dict[str, Any]) -> str:
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
