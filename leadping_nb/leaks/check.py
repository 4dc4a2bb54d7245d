"""The leak check: files and folders in, a report out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Set
from dataclasses import replace
from os import PathLike
from pathlib import Path

from leadping_nb.errors import LeadpingError
from leadping_nb.leaks.allow import AllowLists
from leadping_nb.leaks.archives import is_compressed
from leadping_nb.leaks.files import Unreadable, files_below, leaks_in_bytes, masked, read
from leadping_nb.leaks.known import Known, KnownSecret, known_secrets
from leadping_nb.leaks.leak import Leak
from leadping_nb.leaks.notebook import matches_in
from leadping_nb.leaks.places import printable
from leadping_nb.leaks.report import LeakReport

__all__ = ["leak_check"]


def leak_check(
    path: str | PathLike[str] | Iterable[str | PathLike[str]],
    *,
    known: KnownSecret | Iterable[KnownSecret] = (),
    allow: str | PathLike[str] | Iterable[str] | None = None,
) -> LeakReport:
    """Look for Leadping keys, user tokens, webhook secrets and bearer headers in notebooks and other texts.

    Parameters
    ----------
    path
        A file, a folder with all that is below it, or several of them, at least one; what is in two of them counts
        once.
    known
        A credential, or several, to look for in every form, encoded and in pieces too. What
        looks like a credential is found without.
    allow
        A file with an allow-list, a hash (12 hexadecimal digits), or several. Unless given, each
        ``.leadping-leaks-allow`` beside a file or above it, up to the top of the repository.

    Returns
    -------
    LeakReport
        Where each secret is, of which kind, its hash and what to do; never the secret.

    Raises
    ------
    LeadpingError
        If there is no path, a path is none, there is nothing at it, a known secret is shorter than eight characters,
        or an allow-list is no such.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, ".env").write_text("LEADPING_SOURCE_KEY=lp_src_test0123example456789XYZ")
    ...     [leak] = leak_check(folder)
    >>> leak.kind, leak.hash, leak.where
    ('source key', 'a7e350b53508', 'text, line 1')
    """
    wanted, known = known_secrets(known), ()  # before anything may fail: a traceback may show this frame's variables
    try:
        several = list(path) if isinstance(path, list | tuple | Set | Iterator) else [path]
        paths = [Path(one) for one in several]  # type: ignore[arg-type]  # what is none raises
        if "" in several:  # it would be the current folder
            raise LeadpingError("The path is empty.", hint='Name a file or a folder; "." is the current one.')
    except TypeError:
        raise LeadpingError(
            f"A path is a text or a Path, and this is of type {type(path).__name__}.",
            hint="Pass a file, a folder, or a list of them; for a notebook in memory there is leaks_in_notebook.",
        ) from None
    if not paths:  # nothing was searched, which is not clean
        raise LeadpingError("There is no path to look at.", hint="Name a file or a folder.")
    lists = AllowLists(allow)
    for one in paths:
        if _is_missing(one):
            raise LeadpingError(
                f"There is no file or folder at {printable(masked(str(one), wanted))}.",
                hint="Check the path and where you are.",
            )
    leaks: list[Leak] = []
    unreadable: list[tuple[str, str]] = []
    with_leaks: list[Path] = []
    searched = compressed = hidden = 0
    seen: set[Path] = set()

    def closed(error: OSError) -> None:
        unreadable.append((masked(str(error.filename), wanted), error.strerror or "It cannot be read"))

    for one in paths:
        for file in files_below(one, closed) if os.path.isdir(one) else (one,):  # noqa: PTH112  # closed ones are none
            if len(paths) > 1:
                if (real := file.resolve()) in seen:
                    continue
                seen.add(real)
            try:
                data = read(file)
            except Unreadable as why:
                unreadable.append((masked(str(file), wanted), str(why)))
                continue
            found = list(_in_file(file, data, wanted))
            if not found and is_compressed(data):
                compressed += 1
                continue
            searched += 1
            allowed = lists.hashes_for(file) if found else frozenset()
            kept = [leak for leak in found if leak.hash not in allowed]
            hidden += len(found) - len(kept)
            leaks += kept
            with_leaks += [file] if kept else []
    return LeakReport(tuple(leaks), searched, tuple(unreadable), hidden, tuple(with_leaks), compressed)


def _is_missing(path: Path) -> bool:
    try:
        return not path.exists()
    except OSError:  # nobody says so, where its folder is closed; reading it says that
        return False


def _in_file(file: Path, data: bytes, known: tuple[Known, ...]) -> Iterator[Leak]:
    shown = str(file)
    in_name = matches_in(file.name, known)
    if in_name or matches_in(shown, known):
        shown = masked(shown, known)
    for match in in_name:
        yield Leak(
            kind=match.kind.name,
            hash=match.digest,
            place="file name",
            file=shown,
            encoding=match.encoding,
            may_be_hash=match.may_be_hash,
        )
    for leak in leaks_in_bytes(data, name=file.name, known=known):
        yield replace(leak, file=shown)
