"""Removing leaks from files: first the plan, then the change, each file whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Final

from leadping_nb.errors import LeadpingError
from leadping_nb.leaks.allow import AllowLists
from leadping_nb.leaks.files import encoding_of, leaks_in_bytes, masked, read
from leadping_nb.leaks.known import Known, KnownSecret, known_secrets
from leadping_nb.leaks.notebook import matches_in
from leadping_nb.leaks.places import printable
from leadping_nb.leaks.report import LeakReport
from leadping_nb.leaks.rewriting import rewritten

__all__ = ["FilePlan", "Plan", "plan_fixes"]

_ROUNDS: Final = 4  # what stands around a removed secret may show another one


@dataclass(frozen=True, slots=True)
class FilePlan:
    """What becomes of one file."""

    path: Path = field(repr=False)
    """The file."""
    shown: str
    """Its path as it may be shown."""
    changes: tuple[str, ...]
    """What is done to it, as words."""
    before: bytes = field(repr=False)
    """Its content when the plan was made."""
    after: bytes = field(repr=False)
    """What its content will be."""


@dataclass(frozen=True, slots=True, repr=False)
class Plan:
    """What would be changed, for a person to read before it is; :meth:`apply` does it.

    Examples
    --------
    >>> Plan(())
    Nothing to change.
    """

    files: tuple[FilePlan, ...]
    """One plan a file."""

    def apply(self) -> tuple[Path, ...]:
        """Change the files, and give those that were changed.

        Raises
        ------
        LeadpingError
            If a file is no longer as it was when the plan was made, or cannot be written; it then stays as it is.
        """
        return tuple(_written(file) for file in self.files if file.after != file.before)

    def __repr__(self) -> str:
        lines = [f"{file.shown}: {change}" for file in self.files for change in file.changes]
        return "\n".join(lines) or "Nothing to change."


def plan_fixes(
    report: LeakReport,
    *,
    known: KnownSecret | Iterable[KnownSecret] = (),
    allow: str | PathLike[str] | Iterable[str] | None = None,
) -> Plan:
    """Plan how to remove the leaks of a report; nothing is changed yet.

    Outputs of a cell with a secret in them are cleared. Elsewhere a placeholder with the secret's kind and hash takes
    its place. Notebooks keep their formatting, so that a diff shows these changes and no other. Files that are no text
    stay as they are, and the plan says so.

    Parameters
    ----------
    report
        What :func:`leadping_nb.leak_check` gave.
    known, allow
        What it was given.

    Raises
    ------
    LeadpingError
        If a file cannot be read any more, or cannot be freed of its secrets.

    Examples
    --------
    >>> plan_fixes(LeakReport(searched=7))
    Nothing to change.
    """
    wanted, known = known_secrets(known), ()  # before anything may fail: a traceback may show this frame's variables
    lists = AllowLists(allow)
    return Plan(tuple(_plan(path, wanted, lists.hashes_for(path)) for path in report.files))


def _plan(path: Path, known: tuple[Known, ...], allowed: frozenset[str]) -> FilePlan:
    shown = printable(masked(str(path), known))
    before = after = read(path)
    changes: list[str] = []
    if encoding_of(before) is None:
        return FilePlan(path, shown, ("it is no text and stays as it is: remove the secret by hand",), before, after)
    for _ in range(_ROUNDS):
        leaks = leaks_in_bytes(after, name=path.name, known=known)
        if all(leak.hash in allowed for leak in leaks):
            break
        made, after = rewritten(after, path.name, known=known, allowed=allowed)
        changes += made
    else:
        raise LeadpingError(f"{shown} cannot be freed of its secrets here.", hint="Remove them by hand.")
    if any(match.digest not in allowed for match in matches_in(path.name, known)):
        changes.append("its name holds a secret: rename it by hand")
    return FilePlan(path, shown, tuple(dict.fromkeys(changes)), before, after)


def _written(file: FilePlan) -> Path:
    target = file.path.resolve()  # a link stays a link
    try:
        if target.read_bytes() != file.before:
            raise LeadpingError(f"{file.shown} was changed meanwhile.", hint="Nothing was written; check it again.")
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".leadping-")
        try:
            with os.fdopen(handle, "wb") as whole:
                whole.write(file.after)
            shutil.copymode(target, name)
            Path(name).replace(target)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise LeadpingError(f"{file.shown} cannot be written.", hint="Check its permissions and the disk.") from error
    return file.path
