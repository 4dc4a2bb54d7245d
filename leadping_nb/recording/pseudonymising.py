"""Turning a recording into one without its people: read twice, written anew, searched, and only then put in place."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Set
from pathlib import Path

from leadping_nb.arguments import FLAG, NAME, Wanted, demand, path
from leadping_nb.durable import held, make_folder, write_durably
from leadping_nb.errors import LeadpingError
from leadping_nb.recording.folder import Recording
from leadping_nb.recording.report import PseudonymisationReport
from leadping_nb.recording.rewriting import Rewriting

__all__ = ["pseudonymise"]

_SEED = Wanted(
    "a text, bytes or a whole number",
    "Leave {name} out, and one is drawn by chance.",
    lambda value: isinstance(value, int | str | bytes) and not isinstance(value, bool),
)


_WORDS = Wanted(
    "a list of texts",
    "Write {name}=['…'], with words and keys as the report lists them.",
    lambda value: isinstance(value, list | tuple | Set) and all(map(NAME.holds, value)),
)


def pseudonymise(
    folder: str | Path,
    *,
    seed: int | str | bytes | None = None,
    to: str | Path | None = None,
    shift_times: bool = False,
    also: Collection[str] = (),
) -> PseudonymisationReport:
    """Replace the people in a recording by stable stand-ins, and say of every field what became of it.

    Names, telephone numbers, addresses of every kind, ids and free text are replaced; the same original has the same
    stand-in everywhere, so that what joined goes on joining, and no stand-in is what another original of its kind was.
    Dates of birth become others within three years, years of birth alone likewise, and states become others with the
    same clock, or codes of no state where those are used up, so that time zones stay true. Dates before 2005 that no
    model calls a time count as births. Words of the API, numbers and times stay, unless they write an original. The
    result is searched for every original before it takes the place of what came, which is then removed.

    What nothing says is about people stays, and the report names it: each field with its key, and every word and key
    itself. A name that stands where a word does, and nowhere as a name, is found by reading those, and replaced by
    ``also``.

    Parameters
    ----------
    folder
        What ``api.record`` wrote. One whose removal did not end is finished.
    seed
        Gives the same stand-ins for the same recording. Whoever knows it can find out which stand-in is whose: keep it,
        or leave it out, and one is drawn by chance and forgotten.
    to
        Another folder for the result; what came then stays where it is.
    shift_times
        Whether all times become earlier by the same number of weeks, up to two years. Weekdays, hours, order and
        durations stay, and whoever knows the time of one event can no longer look for it. Off unless told, because
        charts then show other dates than the account, local hours are off by one where summer time begins or ends,
        and whoever recognises one event by something else knows the shift of all: it hides less than it seems to.
    also
        Words and keys that an earlier report lists and that are about people after all: each is replaced wherever it
        comes, as the name of a thing, in any case and as a part of other texts. What came must be there still, so give
        the earlier result another place by ``to``.

    Returns
    -------
    PseudonymisationReport
        Every field with what became of it, and the words and keys that stayed; also in the folder, as ``report.json``.

    Raises
    ------
    LeadpingError
        If there is no recording, ``to`` holds something, an answer is gone, the disk takes no more, or an original
        would survive; if ``also`` has a word of the API, or one that is not there. What came is then as it was.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import leadping_nb as lp
    >>> with TemporaryDirectory() as folder, lp.Sandbox(leads=50) as sandbox, lp.connect(sandbox) as api:
    ...     with api.record(f"{folder}/demo", say=lambda _: None):
    ...         _ = api.frame("leads", progress=False)
    ...     report = lp.pseudonymise(f"{folder}/demo", seed="example")
    ...     print(report.replaced > 500, report.leftovers)
    True ()
    """
    demand(_SEED.or_none, seed=seed)
    demand(FLAG, shift_times=shift_times)
    demand(_WORDS, also=also)
    place = None if to is None else path("to", to)
    source = Recording.read(path("folder", folder))
    if source.pseudonymised:
        if to is not None:
            raise LeadpingError(f"{folder} is pseudonymised already.", hint="Copy the folder if you want it twice.")
        source.discard_originals()
        source.describe()
        if also:
            raise LeadpingError(
                f"{folder} is pseudonymised already, and what came is gone.",
                hint="Record once more, and name another folder with to=… until you have read the report.",
            )
        return _earlier_report(source)
    key = _key(seed)
    target = _target(source, place)
    with held(source.folder, "pseudonymisation"):
        try:
            target.discard_answers()
            make_folder(target.answers)
            rewriting = Rewriting(source, target, key, shift_times=shift_times, also=also)
            report = rewriting.run()
            write_durably(target.report, lambda file: file.write(report.as_json()))
        except BaseException as error:
            target.discard_answers()
            if isinstance(error, OSError):
                raise LeadpingError(
                    f"The result could not be written to {target.folder}: {error.strerror}.",
                    hint="Make room or name another folder with to=…; what came is as it was.",
                ) from error
            raise
        rewriting.target.begin()  # from here on the result counts
        if target.folder == source.folder:
            target.discard_originals()
        target.describe()
    return report


def _target(source: Recording, folder: Path | None) -> Recording:
    """Say where the result goes; raise `LeadpingError` where something else would be lost or mixed with it."""
    if not source.answers.is_dir():
        raise LeadpingError(f"The recording in {source.folder} lacks its answers.", hint="Record once more.")
    if folder is None or folder.resolve() == source.folder.resolve():
        return source.as_pseudonymised(source.folder)
    if source.folder.resolve() in folder.resolve().parents:
        raise LeadpingError(f"{folder} lies within the recording.", hint="Name a folder beside it.")
    target = source.as_pseudonymised(folder)
    if folder.exists() and not (folder.is_dir() and (target.is_unfinished or not any(folder.iterdir()))):
        raise LeadpingError(f"{folder} holds something already.", hint="Name a folder that is not there.")
    return target


def _earlier_report(recording: Recording) -> PseudonymisationReport:
    try:
        return PseudonymisationReport.of_json(recording.folder, recording.report.read_bytes())
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LeadpingError(
            f"{recording.folder} is pseudonymised already, and its {recording.report.name} cannot be read.",
            hint="lp.Sandbox(replay=…) serves it all the same. For a report, record and pseudonymise once more.",
        ) from error


def _key(seed: int | str | bytes | None) -> bytes:
    if seed is None:
        return secrets.token_bytes(32)
    if seed in ("", b""):
        raise LeadpingError(
            "The seed is empty, so that anybody knows it.", hint="Give a text that you keep, or leave it out."
        )
    return seed if isinstance(seed, bytes) else str(seed).encode("utf-8", "surrogatepass")
