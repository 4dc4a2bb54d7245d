"""What uploads in pieces replace: kept until the last piece has come, to be put back if one of them is refused."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import Final

__all__ = ["Replaced"]

_IN_MEMORY: Final = 1024 * 1024
"""From how many bytes on a notebook is kept in a file without a name."""

_MOST: Final = 64
"""How many uploads are thought of at once: one that was given up says nothing, and stays until as many began later."""


class Replaced:
    """What stood where an upload has begun, by its path.

    Examples
    --------
    >>> replaced = Replaced()
    >>> replaced.keep("leads.ipynb", b"{}")
    >>> replaced.keep("new.ipynb", None)
    >>> replaced.is_new("leads.ipynb"), replaced.is_new("new.ipynb")
    (False, True)
    >>> replaced.take("leads.ipynb"), "leads.ipynb" in replaced
    (b'{}', False)
    """

    def __init__(self) -> None:
        self._files: dict[str, SpooledTemporaryFile[bytes] | None] = {}

    def __contains__(self, path: str) -> bool:
        return path in self._files

    def is_new(self, path: str) -> bool:
        """Whether nothing was there."""
        return self._files[path] is None

    def keep(self, path: str, before: bytes | None) -> None:
        """Keep what is at a path, None where nothing is."""
        while path in self._files or len(self._files) >= _MOST:
            self.take(path if path in self._files else next(iter(self._files)))
        file = None
        if before is not None:
            file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  # it is closed when it is taken
            file.write(before)
        self._files[path] = file

    def take(self, path: str) -> bytes | None:
        """Give what was there, and forget it."""
        file = self._files.pop(path)
        if file is None:
            return None
        with file:
            file.seek(0)
            return file.read()
