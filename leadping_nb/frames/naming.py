"""The names of columns: one for each path, also where a key and an object's member spell the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import chain, count

from leadping_nb.frames.pieces import Pieces
from leadping_nb.frames.shapes import Path
from leadping_nb.models import Field

__all__ = ["is_object", "named"]


def named(
    leaves: Iterable[Path], pieces: Mapping[Path, Pieces], fields: Mapping[str, Field], notes: list[str]
) -> dict[Path, str]:
    """Name the columns: those of the model first, and an object's members before a key that spells the same."""
    by_name: dict[str, Path] = {}
    odd: list[Path] = []
    parents = {name[:end] for name in fields for end in range(len(name)) if name[end] == "."}
    for path in dict.fromkeys((*leaves, *pieces)):
        name = _spelled(path)
        if any("." in key for key in path) or name != ".".join(path):
            odd.append(path)
        elif name not in parents:
            by_name[name] = path
        elif path in pieces:
            by_name[name] = path
            notes.append(
                f"{name}: not all values are objects, so it is one column, and those promised below are empty."
            )
    for path in odd:
        spelled = _spelled(path)
        name = _free(spelled, {*by_name, *fields})
        if name != spelled:
            notes.append(f"{spelled}: a key with a dot in it stands beside an object; see {name}.")
        by_name[name] = path
    promised = {by_name.pop(name, tuple(name.split("."))): name for name in fields}
    return promised | {path: name for name, path in by_name.items()}


def is_object(name: str, fields: Iterable[str]) -> bool:
    """Whether a model promises an object of this name; that it is none is noted where columns are named."""
    return any(promised.startswith(f"{name}.") for promised in fields)


def _spelled(path: Path) -> str:
    """Give the name of a column; half a character is written as JSON escapes it, because pandas refuses it in names."""
    return ".".join(path).encode("utf-8", "backslashreplace").decode()


def _free(name: str, taken: Collection[str]) -> str:
    """Give a name that no column has yet."""
    others = (f"{name} (key{'' if number == 1 else f' {number}'})" for number in count(1))
    return next(free for free in chain([name], others) if free not in taken)
