"""The content of a file without its secrets; notebooks keep the form in which they were written."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from leadping_nb.leaks.files import as_text, encoding_of, masked
from leadping_nb.leaks.known import Known
from leadping_nb.leaks.matches import Match, lines_of, spliced
from leadping_nb.leaks.notebook import matches_in, pieces_with_secrets
from leadping_nb.leaks.pieces import Path, Piece, decoded, encoded, join
from leadping_nb.leaks.places import cell_of, in_lines, outputs_above, place_of

__all__ = ["rewritten"]

_Notebook: TypeAlias = dict[str, Any]
_Write: TypeAlias = Callable[[_Notebook], str]


def rewritten(
    data: bytes, name: str, *, known: tuple[Known, ...] = (), allowed: frozenset[str] = frozenset()
) -> tuple[list[str], bytes]:
    """Give a file's content without its secrets, and what was done to it, as words.

    Parameters
    ----------
    data
        Its bytes.
    name
        Its name, which says whether it is a notebook.
    known
        Secrets to look for in every form.
    allowed
        The hashes of what stays.

    Examples
    --------
    >>> rewritten(b"KEY=lp_src_test0123example456789XYZ # ours", ".env")[1]
    b'KEY=<removed: source key #a7e350b53508> # ours'
    """
    encoding = encoding_of(data) or "utf-8"
    text = as_text(data, encoding)
    form = _form_of(text) if name.endswith(".ipynb") else None
    if form is not None:
        notebook, write = form
        if changes := list(_clean(notebook, known, allowed)):
            return changes, write(notebook).encode(encoding, "surrogateescape")
    matches = [match for match in matches_in(text, known) if match.digest not in allowed]
    if _parses(text) and not _parses(spliced(text, matches)):  # a split one reached from one value into another
        matches = [match for match in matches if match.encoding != "split"]
    lines: dict[str, dict[int, None]] = {}
    for match, line in zip(matches, lines_of(text, matches), strict=True):
        lines.setdefault(_replaced(match), {})[line] = None
    changes = [f"{in_lines(list(numbers))}: {done}" for done, numbers in lines.items()]
    return changes, spliced(text, matches).encode(encoding, "surrogateescape")


def _parses(text: str) -> bool:
    try:
        json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return False
    return True


def _replaced(match: Match) -> str:
    return f"{match.placeholder} takes the place of the {match.kind.name}"


# -- notebooks ---------------------------------------------------------------------------------------------------------

_INDENT: Final = re.compile(r"\{\r?\n([ \t]*)")
_COMPACT: Final = (",", ":")


def _form_of(text: str) -> tuple[_Notebook, _Write] | None:
    """Read a notebook and tell how it is written, if writing it so gives the same text again."""
    core = text.removeprefix("\ufeff")
    try:
        notebook = json.loads(core)
    except (ValueError, RecursionError):
        return None
    if not isinstance(notebook, dict):
        return None
    start, end = text[: len(text) - len(core)], core[len(core.rstrip()) :]
    line_end = "\r\n" if "\r\n" in core else "\n"
    indented = _INDENT.match(core)

    def writes(ascii_only: bool, separators: tuple[str, str] | None) -> _Write:
        def write(value: _Notebook) -> str:
            indent = indented[1] if indented else None
            body = json.dumps(value, ensure_ascii=ascii_only, indent=indent, separators=separators)
            return start + body.replace("\n", line_end) + end

        return write

    forms = (writes(ascii_only, separators) for ascii_only in (False, True) for separators in (None, _COMPACT))
    return next(((notebook, write) for write in forms if write(notebook) == text), None)


def _clean(notebook: _Notebook, known: tuple[Known, ...], allowed: frozenset[str]) -> Iterator[str]:
    """Change a notebook in place, value by value, and say how, in the notebook's order."""
    found = [
        (number, piece, kept)
        for number, (piece, matches) in enumerate(pieces_with_secrets(notebook, known))
        if (kept := [match for match in matches if match.digest not in allowed])
    ]
    said: list[tuple[int, str]] = []
    keys: dict[Path, dict[str | int, list[Match]]] = {}
    # Keys come after values, and deeper ones first: a key that was renamed leads nowhere any more.
    for order, piece, matches in sorted(found, key=lambda one: (one[1].is_key, -len(one[1].path))):
        number = cell_of(notebook, piece.path)
        outputs = outputs_above(piece.path)
        if outputs is None:
            place = masked(place_of(notebook, piece.path), known)
            where = place if number is None else f"cell {number}, {place}"
            if piece.is_key:
                keys.setdefault(piece.path[:-1], {})[piece.path[-1]] = matches
            else:
                _replace(notebook, piece, matches)
            said += [(order, f"{where}: {_replaced(match)}") for match in matches]
        elif _at(notebook, outputs):
            cell = _at(notebook, outputs[:-1])
            cell["outputs"] = []
            if "execution_count" in cell:
                cell["execution_count"] = None
            said.append((order, f"cell {number}: the outputs are cleared, as they hold {matches[0].kind.with_article}"))
    for holder, renamed in keys.items():
        _rename(_at(notebook, holder), renamed)
    yield from (change for _, change in sorted(said, key=lambda one: one[0]))


def _at(notebook: _Notebook, path: Path) -> Any:
    found: Any = notebook
    for step in path:
        found = found[step]
    return found


def _replace(notebook: _Notebook, piece: Piece, matches: list[Match]) -> None:
    *above, last = piece.path
    holder = _at(notebook, tuple(above))
    if piece.is_decoded:
        if decoded(holder[last]) == piece.text:  # not so if a known secret's base64 was replaced already
            text = encoded(spliced(piece.text, matches))
            holder[last] = text if isinstance(holder[last], str) else [text]
    elif isinstance(holder[last], str):
        holder[last] = spliced(holder[last], matches)
    else:
        holder[last] = _spliced_list(holder[last], matches, between=join(("", ""), last))


def _rename(holder: _Notebook, keys: Mapping[str | int, list[Match]]) -> None:
    entries = [(spliced(key, keys[key]) if key in keys else key, value) for key, value in holder.items()]
    holder.clear()
    holder.update(entries)


def _spliced_list(texts: list[str], matches: list[Match], *, between: str) -> list[str]:
    """Take matches out of a list of texts that was joined; what began in one text may end in another."""
    result = []
    start = at = 0
    for text in texts:
        body = text.removesuffix(between) if between else text
        end, done, clean = start + len(body), 0, []
        while at < len(matches) and matches[at].start < end:
            match = matches[at]
            if match.end > start:
                clean.append(body[done : max(match.start - start, 0)])
                clean.append(match.placeholder if match.start >= start else "")
                done = min(match.end, end) - start
            if match.end > end:
                break  # it goes on in the next text
            at += 1
        result.append("".join((*clean, text[done:])))
        start = end + len(between)
    return result
