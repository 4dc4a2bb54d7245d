"""The folder of a recording: what was asked, line by line, and each answer in a file of its own.

::

    recording.json             what this is, and which of the two folders counts
    raw/                       as the API answered, with the customers in it
        requests.jsonl         one line a request, in order
        000001.json            the body of its answer
    pseudonymised/             the same after `pseudonymise`, in place of raw/
    report.json                what that replaced and left alone
    README.txt, .gitignore     words to whoever finds the folder, and a guard against committing it raw

An answer counts when its line is there, and the line is written after the answer lies on the disk.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadping_nb.arguments import path
from leadping_nb.contracts import REVISIONS
from leadping_nb.durable import make_folder, partials, write_durably
from leadping_nb.errors import LeadpingError
from leadping_nb.table import Table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["HEADER", "Entry", "Recording"]

HEADER = "recording.json"
"""The name of the file that makes a folder a recording."""
_RAW, _PSEUDONYMISED = "raw", "pseudonymised"
_REQUESTS = "requests.jsonl"
_README, _IGNORE, _REPORT = "README.txt", ".gitignore", "report.json"
_FORMAT = 1
_RAW_WORDS = """\
This folder holds answers of the Leadping API as they came: names, telephone numbers, addresses and messages of real
people. Keep it as you keep the account itself. Do not share it and do not commit it.

leadping_nb.pseudonymise(folder) replaces the people, and then removes what came.
"""
_PSEUDONYMISED_WORDS = """\
This folder holds answers of the Leadping API in which leadping_nb.pseudonymise replaced names, telephone numbers,
e-mail and other addresses, ids and free text. report.json lists every field, and what was left alone: read that list
before you share the folder.

leadping_nb.Sandbox(replay=folder) serves it.
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One request of a recording, and where its answer is."""

    number: int
    """Its place, from 1."""
    operation: str
    """Method and path of the operation."""
    path: Mapping[str, str] = field(repr=False)
    """A value for each name in the operation's path."""
    query: tuple[tuple[str, str], ...] = field(repr=False)
    """The query, name by name."""
    body: object = field(repr=False)
    """What was sent as JSON; None where nothing was."""
    status: int
    """The status of the answer."""
    content_type: str | None
    """The content type that the answer names."""
    at: str
    """When it came, in UTC."""
    answer: str | None
    """The name of the file with the answer's body; None where it was not kept."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Reads that were kept in a folder.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import leadping_nb as lp
    >>> with TemporaryDirectory() as folder, lp.Sandbox(leads=500) as sandbox, lp.connect(sandbox) as api:
    ...     with api.record(f"{folder}/demo", say=lambda _: None) as recording:
    ...         _ = api.frame("leads", page_size=250, progress=False)
    ...     print(recording.table.text())
    operation           answers  refused
    POST /leads/all/my  2        0
    """

    folder: Path
    """Where it is."""
    revision: str
    """The revision of the API that was read."""
    key_type: str | None
    """The type of the credential that read; never the credential."""
    began: str
    """When it was begun, in UTC."""
    pseudonymised: bool = False
    """Whether `pseudonymise` has replaced the people in it."""

    @classmethod
    def read(cls, folder: Path) -> Recording:
        """Open a recording; raise `LeadpingError` if there is none in the folder."""
        folder = path("folder", folder)
        try:
            found: dict[str, Any] = json.loads((folder / HEADER).read_bytes())
            if found.pop("format") != _FORMAT or found["revision"] not in REVISIONS:
                raise ValueError(HEADER)
            return cls(folder, **found)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise LeadpingError(
                f"{folder} holds no recording.", hint=f"Give the folder that api.record wrote: it has a {HEADER}."
            ) from error
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise LeadpingError(
                f"{folder / HEADER} is not of a recording that this version reads.", hint="Record once more."
            ) from error

    @property
    def holds_originals(self) -> bool:
        """Whether anything in the folder is as it came, also where a removal did not end."""
        return not self.pseudonymised or (self.folder / _RAW).exists()

    @property
    def is_unfinished(self) -> bool:
        """Whether the folder holds no more than what `pseudonymise` left there when something ended it."""
        own = {self.answers.name, _REPORT}
        return {path.name for path in self.folder.iterdir()} - {path.name for path in partials(self.folder)} <= own

    @property
    def answers(self) -> Path:
        """The folder of the answers that count."""
        return self.folder / (_PSEUDONYMISED if self.pseudonymised else _RAW)

    @property
    def report(self) -> Path:
        """The file that says what was replaced."""
        return self.folder / _REPORT

    def entries(self) -> Iterator[Entry]:
        """Give the requests in order; a last line that was cut off by a crash does not count."""
        path = self.answers / _REQUESTS
        for line in path.read_bytes().splitlines(keepends=True) if path.exists() else ():
            if line.endswith(b"\n"):
                try:
                    found: dict[str, Any] = json.loads(line)
                    yield Entry(**{**found, "query": tuple((name, text) for name, text in found["query"])})
                except (ValueError, KeyError, TypeError) as error:
                    raise LeadpingError(f"A line of {path} is not of a recording.", hint="Record once more.") from error

    def body(self, entry: Entry) -> bytes:
        """Give the body of an answer; raise `LeadpingError` if its file is gone."""
        try:
            return (self.answers / str(entry.answer)).read_bytes()
        except OSError as error:
            raise LeadpingError(
                f"The recording in {self.folder} lacks answer {entry.number}.", hint="Record once more."
            ) from error

    def describe(self) -> None:
        """Write words to whoever finds the folder: those of a pseudonymised one once nothing else is in it."""
        words = _PSEUDONYMISED_WORDS if self.pseudonymised else _RAW_WORDS
        write_durably(self.folder / _README, lambda file: file.write(words.encode()))

    def begin(self) -> None:
        """Write the folder and the file that makes it count; of a raw one the guards before that."""
        make_folder(self.folder)
        if os.name == "posix" and not self.pseudonymised:
            self.folder.chmod(0o700)
        make_folder(self.answers)
        if not self.pseudonymised:
            self.describe()
            write_durably(self.folder / _IGNORE, lambda file: file.write(b"*\n"))
        content = {name: value for name, value in asdict(self).items() if name != "folder"}
        text = json.dumps({"format": _FORMAT, **content}, indent=1)
        write_durably(self.folder / HEADER, lambda file: file.write(text.encode()))

    def add(self, entry: Entry, body: bytes | None) -> None:
        """Write an answer, and then the line that makes it count."""
        if body is not None:
            write_durably(self.answers / str(entry.answer), lambda file: file.write(body))
        line = json.dumps(asdict(entry)).encode() + b"\n"
        with (self.answers / _REQUESTS).open("ab") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    def mend(self) -> int:
        """Cut off a line that a crash left unfinished, and give the number of the next request."""
        path = self.answers / _REQUESTS
        if not path.exists():
            return 1
        text = path.read_bytes()
        whole = text[: text.rfind(b"\n") + 1]
        if whole != text:
            write_durably(path, lambda file: file.write(whole))
        return whole.count(b"\n") + 1

    def as_pseudonymised(self, folder: Path) -> Recording:
        """Give the recording that this one becomes in a folder, which may be its own."""
        return replace(self, folder=folder, pseudonymised=True)

    def discard_answers(self) -> None:
        """Remove the answers that count, as before they are written anew."""
        if self.answers.exists():
            shutil.rmtree(self.answers)

    def discard_originals(self) -> None:
        """Remove what came from the API; what is pseudonymised stays."""
        if (self.folder / _RAW).exists():
            shutil.rmtree(self.folder / _RAW)
        (self.folder / _IGNORE).unlink(missing_ok=True)

    @property
    def table(self) -> Table:
        """One row an operation: how many answers were kept, and how many were no success."""
        kept: Counter[str] = Counter()
        refused: Counter[str] = Counter()
        for entry in self.entries():
            (refused if entry.answer is None else kept)[entry.operation] += 1
        names = dict.fromkeys((*kept, *refused))
        return Table(("operation", "answers", "refused"), tuple((name, kept[name], refused[name]) for name in names))

    @property
    def frame(self) -> pd.DataFrame:
        """The same as a DataFrame."""
        return self.table.frame()

    def __str__(self) -> str:
        return f"{self._line}\n{self.table.text()}"

    def _repr_html_(self) -> str:
        return self.table.html(caption=self._line)

    @property
    def _line(self) -> str:
        state = "with the customers in it" if self.holds_originals else "pseudonymised"
        return f"Recording in {self.folder}, {state}."
