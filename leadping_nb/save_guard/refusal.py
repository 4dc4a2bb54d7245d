"""What the save guard says: which secret is where, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from leadping_nb.leaks import Leak
from leadping_nb.leaks.allow import FILE_NAME
from leadping_nb.leaks.kinds import kind_named

__all__ = ["ADDING", "RENAMING", "REPLACING", "RESTORING", "SAVING", "UPLOADING", "Deed", "refusal", "warning"]


@dataclass(frozen=True, slots=True)
class Deed:
    """What was about to be done, in the words of a refusal."""

    done: str
    """The deed as a participle."""
    again: str
    """What to do once the notebook is mended."""
    left: str
    """What there is now, as a sentence."""
    source: str = "{path}"
    """What holds the secret, by the path of the notebook."""


SAVING: Final = Deed("saved", "save again", "Nothing was written.")
UPLOADING: Final = Deed("uploaded", "upload it again", "Nothing of it was kept.")
REPLACING: Final = Deed(
    "uploaded", "upload it again", "Nothing of it was kept, and what was there before is there again."
)
ADDING: Final = Deed("uploaded", "upload it again", "This piece was not added to what is there.")
"""A piece whose upload did not begin here, so that nobody knows what was there before."""
RENAMING: Final = Deed("renamed", "rename it again", "The file has the name that it had.")
RESTORING: Final = Deed(
    "restored",
    "restore it, or save the notebook as it is now, which makes a new checkpoint",
    "The notebook is as it was, and so is its checkpoint.",
    source="the checkpoint of {path}",
)

_NAMED: Final = 3
_WIDGETS: Final = (
    "Restart the kernel and clear all outputs, and switch Save Widget State Automatically off (menu Settings)"
)
_MENDING: Final[Sequence[tuple[str, str]]] = (
    ("source", "Take it out of the text of {cell}, and read it from the environment with lp.Credential.from_env()"),
    ("output", "Clear the outputs of {cell}, and take out what shows it"),
    ("widget", _WIDGETS),
    ("papermill", "Take it out of the notebook's parameters, and pass it by the environment"),
    ("attachment", "Take the attachment out of {cell}"),
    ("cell", "Take it out of the metadata of {cell} (property inspector, Advanced Tools)"),
    ("notebook", "Take it out of the notebook's metadata (property inspector, Advanced Tools)"),
)
"""How to mend a place, by how its name begins."""


def refusal(leaks: Sequence[Leak], path: str, deed: Deed) -> str:
    r"""Say what a notebook holds and where, how to mend it, and how to end the power of what leaked.

    Examples
    --------
    >>> leak = Leak(kind="source key", hash="0123456789ab", place="output 1, stdout", cell=2)
    >>> print(refusal([leak], "leads.ipynb", SAVING).partition(" If ")[0].replace(". ", ".\n"))
    leads.ipynb holds a secret, a source key (#0123456789ab) in cell 2 (output 1, stdout, line 1).
    Clear the outputs of cell 2, and take out what shows it; then save again.
    Nothing was written.
    """
    return f"{_finding(leaks, path, deed)} {_mending(leaks)}; then {deed.again}. {deed.left} {_ending(leaks)}"


def warning(leaks: Sequence[Leak], path: str, deed: Deed) -> str:
    """Say the same where it was done all the same."""
    return f"{_finding(leaks, path, deed)} {_mending(leaks)}. {_ending(leaks)}"


def _finding(leaks: Sequence[Leak], path: str, deed: Deed) -> str:
    found = [f"{_article(leak)} ({_hash(leak)}) in {_place(leak)}" for leak in leaks[:_NAMED]]
    if len(leaks) > _NAMED:
        found.append(f"{len(leaks) - _NAMED} more")
    secrets = "a secret" if len(leaks) == 1 else f"{len(leaks)} secrets"
    return f"{deed.source.format(path=path)} holds {secrets}, {'; '.join(found)}."


def _mending(leaks: Sequence[Leak]) -> str:
    return ". ".join(dict.fromkeys(map(_way_out, leaks[:_NAMED])))


def _ending(leaks: Sequence[Leak]) -> str:
    rotation = dict.fromkeys(kind_named(leak.kind).rotation for leak in leaks[:_NAMED])
    lines = dict.fromkeys(f"`{leak.hash}  # why it is no secret`" for leak in leaks[:_NAMED])
    return (
        f"If anybody else may have seen it, end its power: {' '.join(rotation)} `leadping-nb scan --fix` cleans files."
        f" What is no secret is allowed by such a line in {FILE_NAME}, beside the notebook or above it:"
        f" {' and '.join(lines)}."
    )


def _article(leak: Leak) -> str:
    return f"{'an' if leak.kind[0] in 'aeio' else 'a'} {leak.kind}"  # a user token


def _hash(leak: Leak) -> str:
    return f"#{leak.hash}, may be a hash" if leak.may_be_hash else f"#{leak.hash}"


def _place(leak: Leak) -> str:
    where = f"{leak.place}, line {leak.line}"
    return where if leak.cell is None else f"cell {leak.cell} ({where})"


def _way_out(leak: Leak) -> str:
    words = next((words for begins, words in _MENDING if leak.place.startswith(begins)), "Take it out")
    return words.format(cell=f"cell {leak.cell}")
