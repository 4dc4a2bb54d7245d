"""One change: what one description has otherwise than another, what it breaks, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from leadping_nb.drift.sorts import ChangeKind, Happened, Severity, Subject
from leadping_nb.drift.weights import RANKS, WEIGHTS
from leadping_nb.identifiers import shown

__all__ = ["Change", "change_of"]

_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Change:
    """Something that one description has otherwise than another; short, and safe to print.

    Examples
    --------
    >>> change_of("model", "appeared", "Mood", after="Mood").severity
    'note'
    """

    rank: int
    """Its place in the order: 1 breaks most."""
    severity: Severity
    """``error`` where a call of the toolkit fails, ``warning`` where results may, ``note`` where nothing does."""
    change: Happened
    """``gone``, ``renamed``, ``required``, ``changed``, ``appeared``, ``deprecated``, ``disagree`` or ``not read``."""
    kind: ChangeKind
    """What it is about: ``operation``, ``parameter``, ``body``, ``answer``, ``model``, ``field``, ``security``,
    ``credential``, ``flow``, ``address`` or ``document``."""
    name: str
    """What it is about."""
    before: str
    """What was; empty if nothing."""
    after: str
    """What is; empty if nothing."""
    breaks: str
    """What it breaks, in words."""
    hint: str
    """What to do."""
    evidence: str
    """Where it stands; where it is inferred, from what."""
    use: str = ""
    """The line of Python that meets it; empty where none does."""
    instead: str = ""
    """The line of Python that takes its place; empty where none does, or the same."""
    columns: str = ""
    """The columns, fields or parameters that show it, in words."""
    remedy: str = ""
    """What to do, where that depends on the revisions."""
    against: tuple[str, ...] = ()
    """The revisions that say otherwise, in a check for drift."""


def change_of(
    subject: Subject,
    happened: Happened,
    name: str,
    *,
    before: str = "",
    after: str = "",
    use: str = "",
    instead: str = "",
    columns: str = "",
    remedy: str = "",
    evidence: str = "",
) -> Change:
    """Give a change with its rank, its severity and what it breaks.

    Parameters
    ----------
    subject, happened
        What it is about, and what happened to it; each sort of change has a row in ``WEIGHTS``.
    name
        What it is called.
    before, after
        What was and what is.
    use
        The line of Python that meets it.
    instead
        The line of Python that takes its place.
    columns
        The columns, fields or parameters that show it, in words.
    remedy
        What to do, where that depends on the revisions.
    evidence
        Where it stands.

    Examples
    --------
    >>> found = change_of("list", "gone", "GET /tags", use='api.frame("tags")')
    >>> found.severity, found.breaks
    ('error', 'api.frame("tags") loads a list that is not named any more.')
    """
    weight = WEIGHTS[subject, happened]
    name, before, after, use, instead, columns, remedy, evidence = (
        shown(text, _LONGEST) for text in (name, before, after, use, instead, columns, remedy, evidence)
    )
    words = {"use": use, "columns": columns, "after": after, "remedy": remedy}
    breaks, hint = (text.format(**words) for text in (weight.breaks, weight.hint))
    return Change(
        RANKS[subject, happened],
        weight.severity,
        happened,
        weight.kind,
        name,
        before,
        after,
        breaks,
        hint,
        evidence,
        use,
        instead,
        columns,
        remedy,
    )
