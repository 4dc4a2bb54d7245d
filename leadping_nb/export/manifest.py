"""The manifest of an export: which files count, what is in them, and where to go on."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from leadping_nb.durable import write_durably
from leadping_nb.errors import LeadpingError
from leadping_nb.frames import Passport

__all__ = ["MANIFEST", "Manifest", "Part", "damaged"]

MANIFEST = "_manifest.json"
"""Its name; readers of Parquet pass over names that begin so."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of an export."""

    name: str
    """Its name in the folder."""
    rows: int
    """How many rows it has."""


@dataclass(slots=True)
class Manifest:
    """What an export holds; written after each file, so that a file it does not name does not count."""

    passport: Passport
    """Where the rows came from, whether they are all, and where to go on."""
    parts: list[Part] = field(default_factory=list)
    """The files, in order."""

    @classmethod
    def read(cls, folder: Path) -> Manifest | None:
        """Read the manifest of a folder; None if it has none.

        Raises
        ------
        LeadpingError
            If it is no manifest of an export, or cannot be read.
        """
        path = folder / MANIFEST
        try:
            if not path.exists():
                return None
            found: dict[str, Any] = json.loads(path.read_bytes())
            parts = [Part(**entry) for entry in found.pop("parts")]
            return cls(Passport(**{entry.name: found[entry.name] for entry in fields(Passport)}), parts)
        except OSError as error:
            raise unreadable(path, error) from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise LeadpingError(
                f"{path} is no manifest of an export.", hint="Export into another folder, or remove this one."
            ) from error

    def files(self, folder: Path) -> list[Path]:
        """Give the files that count, in order.

        Raises
        ------
        LeadpingError
            If one is missing.
        """
        for part in self.parts:
            if not (folder / part.name).is_file():
                raise damaged(part)
        return [folder / part.name for part in self.parts]

    def write(self, folder: Path) -> None:
        """Write it, durably."""
        content = {**asdict(self.passport), "parts": [asdict(part) for part in self.parts]}
        text = json.dumps(content, indent=1, ensure_ascii=False)
        write_durably(folder / MANIFEST, lambda file: file.write(text.encode("utf-8", "surrogatepass")))

    def demand(self, operation: str, options: dict[str, Any], revision: str) -> None:
        """Raise `LeadpingError` that names both sides if the export is of something else."""
        before, now = self.passport, (operation, options, revision)
        if (before.operation, before.options, before.revision) != now:
            raise LeadpingError(
                f"The folder holds an export of {before.operation} with {_words(before.options)} by the contract of "
                f"{before.revision}, and this is {operation} with {_words(options)} by {revision}.",
                hint="Ask for the same to go on, or export into another folder.",
            )


def damaged(part: Part) -> LeadpingError:
    """Make the error for a file that is not what was written."""
    return LeadpingError(
        f"{part.name} is missing or damaged, and the manifest counts {part.rows:,} rows in it.",
        hint="Put it back from a copy, or export into another folder.",
    )


def _words(options: dict[str, Any]) -> str:
    return json.dumps(options, sort_keys=True, ensure_ascii=False)


def unreadable(path: Path, error: OSError) -> LeadpingError:
    """Make the error for what the system does not let us read."""
    return LeadpingError(
        f"{path} cannot be read ({error.strerror or error}).", hint="See to who may read it, or name another folder."
    )
