"""The allow-list: hashes of what looks like a secret and is none, each with the reason why."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Set
from os import PathLike
from pathlib import Path
from typing import Final

from leadping_nb.arguments import Wanted, demand
from leadping_nb.errors import LeadpingError
from leadping_nb.leaks.files import Unreadable, as_text, encoding_of, masked, read
from leadping_nb.leaks.places import printable

__all__ = ["FILE_NAME", "AllowLists", "allowed_by"]

FILE_NAME: Final = ".leadping-leaks-allow"
"""Its name. A list holds for the files of its folder and of all below it; nothing above a repository holds in it."""

_IS_HASH: Final = re.compile(r"[0-9a-f]{12}")
_LINE: Final = re.compile(rf"(?P<hash>{_IS_HASH.pattern})\s+#\s*\S.*")
_TOP: Final = ".git"
_HASHES: Final = Wanted(
    "a file or a list of hashes",
    "Give the path of an allow-list, or hashes as a report shows them.",
    lambda value: isinstance(value, list | tuple | Set | Iterator) and not isinstance(value, bytes),
)


class AllowLists:
    """Which hashes are allowed for a file: those that were given, or those of the lists that hold for it.

    Parameters
    ----------
    allow
        A file with an allow-list, a hash, or several; None for the lists beside and above each file.

    Raises
    ------
    LeadpingError
        If a list that was named cannot be read, or has a line that is none.

    Examples
    --------
    >>> AllowLists("0123456789ab").hashes_for(Path("leads.ipynb"))
    frozenset({'0123456789ab'})
    """

    def __init__(self, allow: str | PathLike[str] | Iterable[str] | None = None) -> None:
        self._given = None if allow is None else _given(allow)
        self._of_folders: dict[Path, frozenset[str]] = {}

    def hashes_for(self, file: Path) -> frozenset[str]:
        """Give the hashes that are allowed for a file, which need not exist.

        Raises
        ------
        LeadpingError
            If a list that holds for it cannot be read, or has a line that is none.
        """
        return self._of_folder(file.resolve().parent) if self._given is None else self._given

    def _of_folder(self, folder: Path) -> frozenset[str]:
        if folder not in self._of_folders:
            hashes, file = frozenset[str](), os.path.join(folder, FILE_NAME)  # noqa: PTH118  # as text, many times faster
            if os.path.isfile(file):  # noqa: PTH113  # pathlib's raises where a folder is closed
                hashes = _listed(Path(file))
            if folder != folder.parent and not os.path.exists(os.path.join(folder, _TOP)):  # noqa: PTH110, PTH118  # as above
                hashes |= self._of_folder(folder.parent)
            self._of_folders[folder] = hashes
        return self._of_folders[folder]


def _given(allow: str | PathLike[str] | Iterable[str]) -> frozenset[str]:
    if isinstance(allow, str) and _IS_HASH.fullmatch(allow):
        allow = (allow,)
    if isinstance(allow, str | PathLike):
        return _listed(Path(allow))
    demand(_HASHES, allow=allow)
    return allowed_by("\n".join(f"{one}  # given" for one in allow))


def _listed(file: Path) -> frozenset[str]:
    """Read the allow-list of a file, in any encoding that it marks, as PowerShell's ``>`` does."""
    shown = printable(masked(str(file)))
    try:
        data = read(file)
    except Unreadable as why:
        raise LeadpingError(
            f"The allow-list {shown} cannot be read: {why}.", hint="Check that it is a file, and who may read it."
        ) from why
    encoding = encoding_of(data)
    if encoding is None:
        raise LeadpingError(f"The allow-list {shown} cannot be read: it is no text.", hint="Save it as UTF-8.")
    return allowed_by(as_text(data, encoding), name=f"the allow-list {shown}")


def allowed_by(text: str, *, name: str = "the allow-list") -> frozenset[str]:
    r"""Read an allow-list: one hash a line, then ``#`` and the reason; other lines are blank or begin with ``#``.

    Parameters
    ----------
    text
        The list.
    name
        What to call it where it has a fault.

    Raises
    ------
    LeadpingError
        If a line is otherwise; it names the number of the line, never the line.

    Examples
    --------
    >>> allowed_by("# Made up.\n0123456789ab  # in the tests of the parser\n")
    frozenset({'0123456789ab'})
    """
    hashes = set()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise LeadpingError(
                f"Line {number} of {name} is no hash with a reason.",
                hint="Write twelve hexadecimal digits, as reports show them, then # and why this is no secret.",
            )
        hashes.add(match["hash"])
    return frozenset(hashes)
