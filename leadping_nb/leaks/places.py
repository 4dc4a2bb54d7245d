"""What people call a place in a notebook: the cell by its number, and the rest in words of a fixed vocabulary."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from leadping_nb.leaks.pieces import Path

__all__ = ["cell_of", "in_lines", "outputs_above", "place_of", "printable"]

_OUTPUT_WORDS: Final = {
    "ename": "error",
    "evalue": "error message",
    "traceback": "traceback",
    "metadata": "metadata",
    "prompt_number": "prompt",
}
_CELL_WORDS: Final = {"source": "source", "input": "source", "metadata": "cell metadata", "id": "cell id"}
_STREAMS: Final = ("stdout", "stderr")
_NAMED: Final = 3
_MIME: Final = re.compile(r"[a-z]+/[a-z0-9.+-]{1,48}")


def cell_of(notebook: Mapping[str, object], path: Path) -> int | None:
    """Give the number of a path's cell, counted from 1 through all worksheets; None outside of cells."""
    before, _, cell, _ = _divided(path)
    if cell is None:
        return None
    sheets = notebook.get("worksheets") if before else None
    earlier = sheets[: int(before[1])] if isinstance(sheets, list) else []
    return cell + 1 + sum(len(sheet["cells"]) for sheet in earlier if isinstance(sheet, dict) and "cells" in sheet)


def place_of(notebook: Mapping[str, object], path: Path) -> str:
    """Give the place of a path in words of a fixed vocabulary, and MIME types: other keys may hold the secret.

    Examples
    --------
    >>> place_of({}, ("metadata", "papermill", "parameters", "key"))
    'papermill parameters'
    >>> place_of({"cells": [{"outputs": [{"data": {}}]}]}, ("cells", 0, "outputs", 0, "data", "text/html"))
    'output 1, text/html'
    """
    _, cells, cell, rest = _divided(path)
    if cell is None:
        return _beside(rest)
    if rest[:1] == ("outputs",) and len(rest) > 1:
        found: object = notebook
        for step in (*cells, cell, *rest[:2]):
            found = found[step]  # type: ignore[index]  # the path was found there
        return f"output {int(rest[1]) + 1}, {_in_output(found, rest[2:])}"
    if rest[:1] == ("attachments",):
        return "attachment"
    return _CELL_WORDS.get(str(rest[0]), "cell") if rest else "cell"


def in_lines(lines: Sequence[int]) -> str:
    """Say in which lines something is, the first of them by their numbers.

    Examples
    --------
    >>> in_lines([7]), in_lines(range(1, 40_001))
    ('line 7', '40,000 lines (1, 2, 3, …)')
    """
    if len(lines) == 1:
        return f"line {lines[0]}"
    first = [str(line) for line in lines[:_NAMED]]
    return f"{len(lines):,} lines ({', '.join([*first, '…'] if len(lines) > _NAMED else first)})"


def printable(name: str) -> str:
    r"""Give the name of a file as a terminal may show it: what would move the cursor or turn the line is escaped.

    Examples
    --------
    >>> print(printable("a\x1b[31m\n.txt"))
    a\x1b[31m\n.txt
    """
    return name if name.isprintable() else "".join(map(_visible, name))


def _visible(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode("ascii")


def outputs_above(path: Path) -> Path | None:
    """Give the path of the outputs that a path is in, if it is."""
    _, cells, cell, rest = _divided(path)
    return None if cell is None or rest[:1] != ("outputs",) or len(rest) < 2 else (*cells, cell, "outputs")


def _divided(path: Path) -> tuple[Path, Path, int | None, Path]:
    """Divide a path: the worksheet, the list of cells, the number there, and the rest."""
    sheet = path[:2] if path[:1] == ("worksheets",) else ()
    rest = path[len(sheet) :]
    if rest[:1] == ("cells",) and len(rest) > 1 and isinstance(rest[1], int):
        return sheet, (*sheet, "cells"), rest[1], rest[2:]
    return sheet, (), None, rest


def _in_output(output: object, rest: Path) -> str:
    names = [word for word in rest if isinstance(word, str)]
    if not names or not isinstance(output, Mapping):
        return "data"
    if names[0] == "text" and output.get("output_type") == "stream":
        stream = output.get("name", output.get("stream"))
        return str(stream) if stream in _STREAMS else "stream"
    if names[0] == "data" and len(names) > 1 and _MIME.fullmatch(names[1]):
        return names[1]
    return _OUTPUT_WORDS.get(names[0], "data")


def _beside(rest: Path) -> str:
    if rest[:2] == ("metadata", "widgets"):
        return "widget state"
    if rest[:3] == ("metadata", "papermill", "parameters"):
        return "papermill parameters"
    return "notebook metadata" if rest[:1] == ("metadata",) else "notebook"
