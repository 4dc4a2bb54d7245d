"""The leaks of a notebook that is in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from leadping_nb.errors import LeadpingError
from leadping_nb.leaks.known import Known, KnownSecret, known_in, known_secrets
from leadping_nb.leaks.leak import Leak
from leadping_nb.leaks.matches import Match, apart, lines_of, without
from leadping_nb.leaks.memory import Memory
from leadping_nb.leaks.patterns import secrets_in
from leadping_nb.leaks.pieces import Piece, parts, pieces, texts_of
from leadping_nb.leaks.places import cell_of, place_of

__all__ = ["leaks_in_notebook", "leaks_of_pieces", "matches_in", "pieces_with_secrets"]


def leaks_in_notebook(
    content: Mapping[str, object], *, known: KnownSecret | Iterable[KnownSecret] = ()
) -> tuple[Leak, ...]:
    r"""Find the secrets in a notebook that is in memory.

    Parameters
    ----------
    content
        The notebook as nbformat or Jupyter's contents manager has it; texts may be lists of lines.
    known
        A credential, or several, to look for in every form, beside what looks like one.

    Returns
    -------
    tuple of Leak
        In the notebook's order; one for each line of each place and secret.

    Raises
    ------
    LeadpingError
        If it is no notebook, or a known secret is shorter than eight characters.

    Examples
    --------
    >>> cell = {"cell_type": "code", "source": ["key = (\n", "  'lp_src_test0123example456789XYZ')"], "outputs": []}
    >>> [leak] = leaks_in_notebook({"cells": [cell], "metadata": {}})
    >>> leak.kind, leak.cell, leak.place, leak.line
    ('source key', 1, 'source', 2)
    """
    wanted, known = known_secrets(known), ()  # before anything may fail: a traceback may show this frame's variables
    if not isinstance(content, Mapping):
        raise LeadpingError(
            f"A notebook in memory is a dict, and this is of type {type(content).__name__}.",
            hint="Pass what json.load or nbformat.read gives; for files and folders there is leak_check.",
        )
    return leaks_of_pieces(content, wanted)


def leaks_of_pieces(
    content: Mapping[str, object],
    known: tuple[Known, ...] = (),
    *,
    signs: Collection[str] | None = None,
    clean: Memory | None = None,
) -> tuple[Leak, ...]:
    """Find the same, with known secrets that were prepared once for many notebooks.

    Parameters
    ----------
    content
        The notebook.
    known
        The known secrets.
    signs
        Texts one of which each part with a secret has, where that is known; it saves looking at the others.
    clean
        What was searched before, without known secrets; it saves looking at the same again.
    """
    leaks: dict[Leak, None] = {}
    for piece, matches in pieces_with_secrets(content, known, signs=signs, clean=clean):
        place, cell = _safe(place_of(content, piece.path), known), cell_of(content, piece.path)
        for match, line in zip(matches, lines_of(piece.text, matches), strict=True):
            leak = Leak(
                kind=match.kind.name,
                hash=match.digest,
                place=place,
                cell=cell,
                line=1 if piece.is_decoded else line,  # base64 is one line
                encoding=match.encoding,
                may_be_hash=match.may_be_hash,
            )
            leaks[leak] = None
    return tuple(leaks)


def matches_in(text: str, known: tuple[Known, ...] = (), *, in_pieces: bool = True) -> list[Match]:
    """Find all secrets in a text: the known ones, also in pieces unless told otherwise, and what looks like one."""
    likely = secrets_in(text)
    certain = known_in(text, known, in_pieces=in_pieces)
    return apart([*certain, *without(likely, certain)]) if certain else likely


def pieces_with_secrets(
    content: Mapping[str, object],
    known: tuple[Known, ...] = (),
    *,
    signs: Collection[str] | None = None,
    clean: Memory | None = None,
) -> Iterator[tuple[Piece, list[Match]]]:
    """Give the pieces of a notebook that hold secrets, and where in them."""
    for path, part in parts(content):
        # Most parts hold none, and one look at their texts as a whole shows it.
        if any(_holds_one(text, known, signs, clean) for text in texts_of(part)):
            for piece in pieces(part, path):
                if matches := matches_in(piece.text, known):
                    yield piece, [replace(one, encoding="base64") for one in matches] if piece.is_decoded else matches


def _holds_one(text: str, known: tuple[Known, ...], signs: Collection[str] | None, clean: Memory | None) -> bool:
    if signs is not None:
        return any(sign in text for sign in signs)
    if clean is None:
        return bool(matches_in(text, known))
    if clean.has(text):
        return False
    holds_one = bool(matches_in(text, known))
    if not holds_one:
        clean.add(text)
    return holds_one


def _safe(place: str, known: tuple[Known, ...]) -> str:
    """Give a place without the MIME type that somebody named after a secret."""
    return place.partition(",")[0] if matches_in(place, known) else place
