"""The recorder: keeps every answer to a read of one connection while it runs."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from leadping_nb.arguments import FUNCTION, demand, path
from leadping_nb.durable import held, make_folder
from leadping_nb.errors import LeadpingError
from leadping_nb.recording.folder import HEADER, Entry, Recording
from leadping_nb.session.http import Session
from leadping_nb.session.reads import Read

__all__ = ["record"]


@contextmanager
def record(session: Session, folder: str | Path, *, say: Callable[[str], None] | None = None) -> Iterator[Recording]:
    """Keep the answers to the reads of a session until the block ends.

    Parameters
    ----------
    session
        What is watched.
    folder
        Where the answers go; made if it is not there. A recording that is there goes on.
    say
        Is told beforehand what will lie in the folder; the standard output unless given.

    Raises
    ------
    LeadpingError
        If the folder holds something else, a recording of another revision, or one that was pseudonymised.
    """
    demand(FUNCTION.or_none, say=say)
    place = path("folder", folder)
    recording = _begun(session, place)
    with held(place, "recording"):
        recording.begin()
        keeper = _Recorder(recording, session)
        (say or _print)(
            f"Recording into {place}: what is read lies there as it came, customers included, until lp.pseudonymise."
        )
        with session.watched(keeper.keep):
            yield recording


class _Recorder:
    """Writes one answer after another, whichever thread reads it."""

    def __init__(self, recording: Recording, session: Session) -> None:
        self._recording = recording
        self._scrub = session.scrub
        self._next = recording.mend()
        self._lock = threading.Lock()

    def keep(self, read: Read) -> None:
        """Keep an answer, or note that it was no success."""
        body = read.answer.body if read.answer.ok else None
        with self._lock:
            entry = Entry(
                self._next,
                read.operation.id,
                dict(read.path),
                read.query,
                read.body,
                read.answer.status,
                read.answer.headers.get("content-type"),
                _utc(read.at),
                None if body is None else f"{self._next:06}.json",
            )
            try:
                self._recording.add(entry, None if body is None else self._scrubbed(body))
            except OSError as error:
                raise LeadpingError(
                    f"The answer could not be kept in {self._recording.folder}: {error.strerror}.",
                    hint="Make room or choose another folder; what was kept before counts.",
                ) from error
            self._next += 1

    def _scrubbed(self, body: bytes) -> bytes:
        """Take the credential out, in case the server repeats it; every other byte stays."""
        return self._scrub(body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def _begun(session: Session, folder: Path) -> Recording:
    kind = session.credential.key_type.value if session.credential else None
    if not (folder / HEADER).exists():
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise LeadpingError(f"{folder} holds something else.", hint="Name a folder that is empty or not there.")
        make_folder(folder)
        return Recording(folder, session.contract.revision, kind, _utc(session.now()))
    found = Recording.read(folder)
    if found.pseudonymised:
        raise LeadpingError(
            f"The recording in {folder} is pseudonymised; nothing raw may join it.", hint="Name another folder."
        )
    if found.revision != session.contract.revision:
        raise LeadpingError(
            f"The recording in {folder} is of revision {found.revision}, and this connection goes by "
            f"{session.contract.revision}.",
            hint="Name another folder.",
        )
    return found


def _utc(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _print(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
