"""The allow-list: hashes of what looks like a secret and is none, each with the reason why."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from leadping_nb.errors import LeadpingError

__all__ = ["FILE_NAME", "IS_HASH", "allow_file_for", "allowed_by"]

FILE_NAME: Final = ".leadping-leaks-allow"
"""Its name, in the folder that is checked or in one above it, up to the top of the repository."""

IS_HASH: Final = re.compile(r"[0-9a-f]{12}")
"""What a hash looks like."""

_LINE: Final = re.compile(rf"(?P<hash>{IS_HASH.pattern})\s+#\s*\S.*")
_TOP: Final = ".git"


def allow_file_for(path: Path) -> Path | None:
    """Give the allow-list that holds for a path, if there is one."""
    start = path.resolve()
    for folder in (start, *start.parents):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
        if (folder / _TOP).exists():
            return None
    return None


def allowed_by(text: str) -> frozenset[str]:
    r"""Read an allow-list: one hash a line, then ``#`` and the reason; other lines are blank or begin with ``#``.

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
                f"Line {number} of the allow-list is no hash with a reason.",
                hint="Write twelve hexadecimal digits, as reports show them, then # and why this is no secret.",
            )
        hashes.add(match["hash"])
    return frozenset(hashes)
