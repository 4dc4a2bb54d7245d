"""Files that survive whatever happens while they are written, and are kept from a second writer."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from leadping_nb.errors import LeadpingError

if sys.platform != "win32":
    import fcntl

__all__ = ["held", "make_folder", "partials", "sync_folder", "write_durably"]

_SUFFIX = ".partial"


def write_durably(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a file under a hidden name, and give it its own once it lies on the disk.

    Parameters
    ----------
    path
        The file; one of that name is replaced.
    write
        Writes the content.

    Raises
    ------
    OSError
        If the disk does not take it; a file of that name stays as it was.
    """
    hidden = path.with_name(f".{path.name}{_SUFFIX}")
    try:
        with hidden.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(hidden, path)  # noqa: PTH105  # the two calls that matter stand side by side
    except OSError:
        with suppress(OSError):
            hidden.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Make a folder if it is not there, so that it survives a failure of power as well."""
    if not folder.is_dir():
        folder.mkdir(parents=True)
        sync_folder(folder.parent)


def partials(folder: Path) -> Iterator[Path]:
    """Give what was being written when something ended the process."""
    return folder.glob(f".*{_SUFFIX}")


@contextmanager
def held(place: Path, what: str) -> Iterator[None]:
    """Keep a folder or file from a second writer; the hold ends with the process, however that ends.

    Parameters
    ----------
    place
        The folder or file, which is there.
    what
        What writes there, for the error: ``export``.

    Raises
    ------
    LeadpingError
        If another process or thread holds it.
    """
    if sys.platform == "win32":
        yield
        return
    opened = os.open(place, os.O_RDONLY)
    try:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LeadpingError(
                f"Another {what} writes to {place} right now.", hint="Wait for its end, or choose another place."
            ) from error
        yield
    finally:
        os.close(opened)


def sync_folder(folder: Path) -> None:
    """Put a folder's list of names on the disk; Windows does so by itself and opens no folders."""
    if sys.platform == "win32":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
