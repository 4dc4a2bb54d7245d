"""The journal of sent leads: what is about to be sent and what came of it, on the disk before anything goes on.

A line is a JSON object. The first says which API the journal is of; of each lead there is one before it is sent and one
when something came of it. No person is in it: leads are known by salted hashes, and by the numbers of their rows.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import Any, Final, Literal

from leadping_nb.durable import held, sync_folder
from leadping_nb.errors import LeadpingError
from leadping_nb.sending.calls import external_id

__all__ = ["Entry", "Journal", "State"]

State = Literal["sending", "sent", "refused", "unknown", "not sent"]
"""How far a lead has come. One that is still ``sending`` in a journal that nobody writes may have arrived or not."""

_KIND: Final = "leads sent by leadping_nb"
_HEAD: Final = f'{{"journal": "{_KIND}"'.encode()
"""How the first line begins."""
_ANOTHER: Final = "Give another path to begin anew; a lead that was sent would then be sent again."


@dataclass(frozen=True, slots=True)
class Entry:
    """What a journal says of one lead."""

    state: State
    """How far it has come."""
    row: int
    """The position of its row in the table that it was sent from."""
    content: str
    """The hash of what was sent."""
    status: int | None = None
    """The status of the answer, if there was one."""
    id: str | None = None
    """The id that the API gave it."""


@dataclass(slots=True)
class Journal:
    """What became of leads; made by `read`, or by `opened` to be written."""

    salt: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    """Goes into every hash, so that those of two journals do not compare."""
    entries: dict[str, Entry] = field(default_factory=dict, repr=False)
    """The leads by their hashes: of externalId, or of all of it where there is none."""
    _file: FileIO | None = field(default=None, repr=False)
    _now: Callable[[], float] = field(default=time.time, repr=False)

    @classmethod
    def read(cls, path: Path | None, api: str) -> Journal:
        """Read a journal; an empty one if there is none.

        Parameters
        ----------
        path
            The file, or None.
        api
            The address that the leads are sent to.

        Raises
        ------
        LeadpingError
            If the file is no journal, is damaged, or is of another API.
        """
        if path is None or not path.exists():
            return cls()
        try:
            return cls._parsed(path.read_bytes(), path, api)
        except OSError as error:
            raise LeadpingError(
                f"{path} cannot be read: {error.strerror}.", hint="Give the path of a file that you may read."
            ) from error

    @classmethod
    @contextmanager
    def opened(cls, path: Path, api: str, *, now: Callable[[], float] = time.time) -> Iterator[Journal]:
        """Open a journal to go on with, or begin it; no other process can have it meanwhile.

        Parameters
        ----------
        path, api
            As of `read`.
        now
            Gives the epoch seconds that stand beside what is written.

        Raises
        ------
        LeadpingError
            As of `read`, or if another process has it or the disk does not take it.
        """
        try:
            path.touch(mode=0o600)
            with held(path, "run"), path.open("r+b", buffering=0) as file:
                content = file.read()
                journal = cls._parsed(content, path, api)
                file.truncate(content.rfind(b"\n") + 1)  # the rest was being written when something ended the process
                file.seek(0, os.SEEK_END)
                journal._file, journal._now = file, now
                if file.tell() == 0:
                    journal._append({"journal": _KIND, "version": 1, "api": api, "salt": journal.salt})
                    sync_folder(path.resolve().parent)
                yield journal
        except OSError as error:
            raise _unwritable(error) from error

    @classmethod
    def _parsed(cls, content: bytes, path: Path, api: str) -> Journal:
        whole = content[: content.rfind(b"\n") + 1]
        if not whole:
            if content[: len(_HEAD)] != _HEAD[: len(content)]:  # else it ended while the head was being written
                raise LeadpingError(f"{path} is no journal of leads.", hint="Give another path.")
            return cls()
        try:
            head, *lines = map(json.loads, whole.splitlines())
            if head["journal"] != _KIND:
                raise KeyError("journal")
            journal = cls(head["salt"])
            for line in lines:
                journal._take(line)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise LeadpingError(f"{path} is no journal of leads, or is damaged.", hint=_ANOTHER) from error
        if head["api"] != api:
            raise LeadpingError(f"{path} is of leads sent to {head['api']}, and these go to {api}.", hint=_ANOTHER)
        return journal

    def hashes(self, lead: Mapping[str, object]) -> tuple[str, str]:
        """Give the hash that a lead is known by, and that of all of it.

        A lead with externalId is the same lead when something else of it is mended.
        """
        own = external_id(lead)
        content = self._hash(json.dumps(lead, sort_keys=True, ensure_ascii=True))
        return (content if own is None else self._hash(f"externalId {own}"), content)

    def begin(self, key: str, content: str, row: int) -> None:
        """Say that a lead is about to be sent; when this returns, it lies on the disk."""
        self._say({"key": key, "state": "sending", "row": row, "content": content})

    def end(self, key: str, state: State, *, status: int | None = None, id: str | None = None) -> None:
        """Say what came of a lead that was begun."""
        known = self.entries[key]
        self._say({"key": key, "state": state, "row": known.row, "content": known.content, "status": status, "id": id})

    def _say(self, line: dict[str, Any]) -> None:
        self._append(line | {"at": datetime.fromtimestamp(self._now(), UTC).isoformat(timespec="seconds")})
        self._take(line)

    def _take(self, line: Mapping[str, Any]) -> None:
        self.entries[line["key"]] = Entry(
            line["state"], line["row"], line["content"], line.get("status"), line.get("id")
        )

    def _append(self, line: Mapping[str, object]) -> None:
        assert self._file is not None  # noqa: S101  # only an opened one is written
        content = json.dumps(line).encode("ascii") + b"\n"
        try:
            if self._file.write(content) != len(content):  # a disk that is full takes a part
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(self._file.fileno())
        except OSError as error:
            raise _unwritable(error) from error

    def _hash(self, text: str) -> str:
        return hashlib.blake2b(text.encode(), key=bytes.fromhex(self.salt), digest_size=16).hexdigest()


def _unwritable(error: OSError) -> LeadpingError:
    return LeadpingError(
        f"The journal cannot be written: {error.strerror}.",
        hint="Nothing is sent that is not in it: make room for it, or give another path, and run again.",
    )
