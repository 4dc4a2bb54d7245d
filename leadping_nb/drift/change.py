"""One change, what it breaks for an analyst, and the order of changes: the worst first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from leadping_nb.identifiers import shown

__all__ = ["RANKS", "Change", "ChangeKind", "Happened", "Severity", "Subject", "change_of"]

Happened = Literal["gone", "renamed", "changed", "appeared", "disagree", "not read"]
ChangeKind = Literal["operation", "model", "field", "security", "credential", "flow", "document"]
Severity = Literal["error", "warning", "note"]
Subject = Literal[
    "list", "rows", "column", "one", "send", "lock", "other lock", "key", "place", "flow", "document", "page",
    "read", "write", "field", "model", "null", "format", "values", "words",
]  # fmt: skip

_LONGEST = 300


@dataclass(frozen=True, slots=True)
class _Weight:
    kind: ChangeKind
    severity: Severity
    breaks: str
    hint: str


# What it means, by what it is about and what happened; the order is the rank. {use}, {columns}, {after} and {remedy}
# stand for what the toolkit would do and what changed.
_WEIGHTS: Mapping[tuple[Subject, Happened], _Weight] = {
    ("document", "disagree"): _Weight("document", "warning",
                                      "What one document names may not be there yet, or no more.",
                                      "Try a read under each contract, and go by the one that is answered."),
    ("list", "gone"): _Weight("operation", "error", "{use} loads a list that is not named any more.",
                              "Load another list; api.resources shows what there is."),
    ("list", "renamed"): _Weight("operation", "error", "{use} asks under a name that is gone.", "{remedy}"),
    ("send", "gone"): _Weight("operation", "error", "Leads are sent by a call that is not named any more.",
                              "Send them by another of the calls that take source keys."),
    ("send", "renamed"): _Weight("operation", "error", "Leads are sent to a name that is gone.", "{remedy}"),
    ("one", "gone"): _Weight("operation", "error", "{use} makes a call that is not named any more.",
                             "Filter the list instead."),
    ("one", "renamed"): _Weight("operation", "error", "{use} asks under a name that is gone.", "{remedy}"),
    ("lock", "changed"): _Weight("security", "error", "{use} may be refused with the credential that did before.",
                                 "lp.permissions(credential) says which key type would do."),
    ("rows", "changed"): _Weight("model", "warning", "{use} has other columns.",
                                 "Look at the columns before you rely on one."),
    ("column", "gone"): _Weight("field", "warning", "The {columns} may stay empty.", "Leave it out, or take another."),
    ("column", "renamed"): _Weight("field", "warning", "The {columns} may stay empty; its values come as {after}.",
                                   "Take the new name."),
    ("column", "changed"): _Weight("field", "warning", "The {columns} holds another kind of value.",
                                   "Look at its dtype; the passport's notes say what fell back."),
    ("key", "renamed"): _Weight("credential", "warning",
                                "Such a key may be refused; no source says whether old ones still work.",
                                "Ask for one of the new kind; lp.permissions says in words what it may do."),
    ("key", "gone"): _Weight("credential", "warning", "Such a credential may be refused.",
                             "Ask Leadping which credential takes its place."),
    ("place", "changed"): _Weight("credential", "warning", "Credentials are asked for in another place.",
                                  "The toolkit sends them in the Authorization header and nowhere else."),
    ("flow", "gone"): _Weight("flow", "warning", "Programs that sign in by it cannot any more.",
                              "Sign in by another flow, and go by the server's metadata."),
    ("document", "gone"): _Weight("document", "warning", "What it would say could not be compared.",
                                  "Try again later, or give the document to lp.Discovery.from_documents."),
    ("document", "not read"): _Weight("document", "warning", "A part of the document could not be compared.",
                                      "Look at the document yourself."),
    ("read", "gone"): _Weight("operation", "warning", "{use} makes a call that is not named any more.",
                              "Read something else."),
    ("read", "renamed"): _Weight("operation", "warning", "{use} asks under a name that is gone.", "{remedy}"),
    ("write", "gone"): _Weight("operation", "note", "Nothing here: the toolkit does not make this call.",
                               "Programs of your own that make it will fail."),
    ("write", "renamed"): _Weight("operation", "note", "Nothing here: the toolkit does not make this call.",
                                  "Change the name in programs of your own."),
    ("key", "appeared"): _Weight("credential", "note", "Nothing: another form of credential is taken.",
                                 "Read auth.md on how to get one."),
    ("key", "disagree"): _Weight("credential", "note", "Two documents name different forms of credential.",
                                 "Go by the OpenAPI document."),
    ("flow", "disagree"): _Weight("flow", "note", "auth.md and the metadata differ.", "Go by the metadata."),
    ("flow", "appeared"): _Weight("flow", "note", "Nothing: there is another way to sign in.",
                                  "Read auth.md; the toolkit signs nobody in."),
    ("page", "gone"): _Weight("document", "note", "The words for agents could not be compared.", "Go by the metadata."),
    ("other lock", "changed"): _Weight("security", "note", "Nothing here: the toolkit does not make this call.",
                                       "Send the credential that it takes now."),
    ("field", "gone"): _Weight("field", "note", "Programs of your own that read or send it may fail.",
                                  "Leave it out."),
    ("field", "renamed"): _Weight("field", "note", "Programs of your own that read or send it may fail.",
                                  "Take the new name."),
    ("field", "changed"): _Weight("field", "note", "Programs of your own that read or send it may fail.",
                                  "Take the new type."),
    ("model", "gone"): _Weight("model", "note", "Nothing by itself: its calls and fields have rows.", "Nothing to do."),
    ("model", "renamed"): _Weight("model", "note", "Nothing: names of models are never sent.", "Nothing to do."),
    ("list", "appeared"): _Weight("operation", "note", "Nothing: there is more to load.", "{remedy}"),
    ("one", "appeared"): _Weight("operation", "note", "Nothing: there is more to read.", "{remedy}"),
    ("send", "appeared"): _Weight("operation", "note", "Nothing: there is another way to send leads.", "{remedy}"),
    ("read", "appeared"): _Weight("operation", "note", "Nothing: there is more to read.", "{remedy}"),
    ("write", "appeared"): _Weight("operation", "note", "Nothing: the toolkit does not make this call.",
                                   "Nothing to do."),
    ("column", "appeared"): _Weight("field", "note", "Nothing: the {columns} is loaded too.", "Nothing to do."),
    ("field", "appeared"): _Weight("field", "note", "Nothing: unknown fields are kept.", "Nothing to do."),
    ("model", "appeared"): _Weight("model", "note", "Nothing: it is new.", "Nothing to do."),
    ("values", "changed"): _Weight("field", "note", "Comparisons with a fixed set of values may miss some.",
                                   "Count the values before you rely on the set."),
    ("format", "changed"): _Weight("field", "note", "Nothing: the values are texts either way.", "Nothing to do."),
    ("null", "changed"): _Weight("field", "note", "Whether it can be empty is said otherwise.",
                                 "Empty values are read whatever is said."),
    ("words", "changed"): _Weight("operation", "note", "Nothing: only words and names in braces differ.",
                                  "Nothing to do."),
}  # fmt: skip

RANKS: Mapping[tuple[Subject, Happened], int] = {about: rank for rank, about in enumerate(_WEIGHTS, 1)}
"""The place of each sort of change in the order: 1 breaks most."""


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
    """``gone``, ``renamed``, ``changed``, ``appeared``, ``disagree`` or ``not read``."""
    kind: ChangeKind
    """``operation``, ``model``, ``field``, ``security``, ``credential``, ``flow`` or ``document``."""
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
    columns: str = "",
    remedy: str = "",
    evidence: str = "",
) -> Change:
    """Give a change with its rank, its severity and what it breaks.

    Parameters
    ----------
    subject, happened
        What it is about, and what happened to it; each sort of change has a row in the table above.
    name
        What it is called.
    before, after
        What was and what is.
    use
        The line of Python that meets it.
    columns
        The columns that show it, in words.
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
    weight = _WEIGHTS[subject, happened]
    words = {"use": use, "columns": columns, "after": after, "remedy": remedy}
    breaks, hint = (
        text.format(**{key: shown(word, _LONGEST) for key, word in words.items()})
        for text in (weight.breaks, weight.hint)
    )
    name, before, after, evidence = (shown(text, _LONGEST) for text in (name, before, after, evidence))
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
    )
