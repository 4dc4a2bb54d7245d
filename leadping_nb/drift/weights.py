"""What each sort of change breaks for an analyst, in words, and the order of sorts: what breaks most comes first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["RANKS", "WEIGHTS", "ChangeKind", "Happened", "Severity", "Subject", "Weight"]

Happened = Literal["gone", "renamed", "required", "changed", "appeared", "disagree", "not read"]
ChangeKind = Literal[
    "operation", "parameter", "body", "answer", "model", "field", "security", "credential", "flow", "document"
]
Severity = Literal["error", "warning", "note"]
Subject = Literal[
    "list", "one", "send", "read", "write",
    "load lock", "send lock", "read lock", "write lock",
    "load input", "send input", "read input", "write input", "input",
    "load body", "send body", "write body", "body",
    "load answer", "send answer", "read answer", "write answer",
    "used status", "other status", "errors",
    "rows", "paging", "option", "column", "column empty", "column values",
    "lead field", "lead null", "lead values", "field", "null", "format", "values", "model",
    "key", "place", "flow", "document", "page", "words",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Weight:
    """What one sort of change means."""

    kind: ChangeKind
    """What it is about."""
    severity: Severity
    """How bad it is."""
    breaks: str
    """What it breaks, with places for words."""
    hint: str
    """What to do, with places for words."""


_NOT_OURS = "Nothing here: the toolkit does not make this call."
_OWN = "Programs of your own that read or send it may fail."

# What it means, by what it is about and what happened. The order is the rank: what fails before what may mislead, and
# in each loads before sending; then credentials, other reads, what is new, and what only looks otherwise. {use},
# {columns}, {after} and {remedy} stand for what the toolkit would do and what changed.
WEIGHTS: Mapping[tuple[Subject, Happened], Weight] = {
    ("document", "disagree"): Weight("document", "warning",
                                     "What one document names may not be there yet, or no more.",
                                     "Try a read under each contract, and go by the one that is answered."),
    # loads that fail
    ("list", "gone"): Weight("operation", "error", "{use} loads a list that is not named any more.",
                             "Load another list; api.resources shows what there is."),
    ("list", "renamed"): Weight("operation", "error", "{use} asks under a name that is gone.", "{remedy}"),
    ("one", "gone"): Weight("operation", "error", "{use} makes a call that is not named any more.",
                            "Filter the list instead."),
    ("one", "renamed"): Weight("operation", "error", "{use} asks under a name that is gone.", "{remedy}"),
    ("load lock", "changed"): Weight("security", "error", "{use} may be refused with the credential that did before.",
                                     "lp.permissions(credential) says which key type would do."),
    ("load input", "required"): Weight("parameter", "error", "{use} is refused without the {columns}.",
                                       "{remedy}"),
    ("load body", "required"): Weight("body", "error", "{use} is refused without a body.",
                                      "Wait for a revision of the toolkit that sends one."),
    ("load body", "gone"): Weight("body", "error", "{use} asks with a body that the call does not take any more.",
                                  "Load the first page only, and see whether it is what you asked for."),
    ("load body", "changed"): Weight("body", "error", "{use} asks with a body that the call may not understand.",
                                     "Load the first page only, and see whether it is what you asked for."),
    ("option", "required"): Weight("field", "error", "Every load that does not give {columns} is refused.",
                                   "Give it where api.frame has an option for it."),
    ("option", "gone"): Weight("field", "error",
                               "Loads that give {columns} may be refused, or get what they did not ask for.",
                               "Load without it, and narrow the rows in pandas."),
    ("option", "renamed"): Weight("field", "error",
                                  "Loads that give {columns} may be refused, or get what they did not ask for.",
                                  "Load without it, and narrow the rows in pandas."),
    ("option", "changed"): Weight("field", "error", "Loads that give {columns} may be refused.",
                                  "Load without it, and narrow the rows in pandas."),
    ("paging", "gone"): Weight("field", "error", "Loads go by {columns}: they may end early, or fail.",
                               "Compare the number of rows with what you expect."),
    ("paging", "renamed"): Weight("field", "error", "Loads go by {columns}: they may end early, or fail.",
                                  "Compare the number of rows with what you expect."),
    ("paging", "changed"): Weight("field", "error", "Loads go by {columns}: they may end early, or fail.",
                                  "Compare the number of rows with what you expect."),
    ("load answer", "changed"): Weight("answer", "error", "{use} gets another kind of answer than it reads.",
                                       "Load it with a client of your own until a revision of the toolkit reads it."),
    # sending that fails
    ("send", "gone"): Weight("operation", "error", "Leads are sent by a call that is not named any more.",
                             "Send them by another of the calls that take source keys."),
    ("send", "renamed"): Weight("operation", "error", "Leads are sent to a name that is gone.", "{remedy}"),
    ("send lock", "changed"): Weight("security", "error", "Leads may be refused with the key that did before.",
                                     "lp.permissions(credential) says which key type would do."),
    ("send input", "required"): Weight("parameter", "error", "A lead is refused without the {columns}.",
                                       "Send leads by another of the calls that take source keys."),
    ("send body", "required"): Weight("body", "error", "A lead is refused without a body.",
                                      "Send leads by another of the calls that take source keys."),
    ("send body", "gone"): Weight("body", "error", "Leads are sent in a body that the call does not take any more.",
                                  "Send leads by another of the calls that take source keys."),
    ("send body", "changed"): Weight("body", "error", "Leads are sent in a body that the call may not understand.",
                                     "Send leads by another of the calls that take source keys."),
    ("lead field", "required"): Weight("field", "error", "A lead without {columns} may be refused.",
                                       "Give it with each lead; lp.check_lead goes by the shipped revisions."),
    # loads that may mislead
    ("load input", "gone"): Weight("parameter", "warning",
                                   "The {columns} of {use} may be ignored: more rows come than asked for.",
                                   "Narrow the rows in pandas, and look whether it held."),
    ("load input", "renamed"): Weight("parameter", "warning",
                                      "The {columns} of {use} may be ignored: more rows come than asked for.",
                                      "Narrow the rows in pandas, and look whether it held."),
    ("load input", "changed"): Weight("parameter", "warning",
                                      "The {columns} of {use} may be read otherwise, or refused.",
                                      "Look whether the rows are those that you asked for."),
    ("rows", "changed"): Weight("model", "warning", "{use} has other columns.",
                                "Look at the columns before you rely on one."),
    ("column", "gone"): Weight("field", "warning", "The {columns} may stay empty.", "Leave it out, or take another."),
    ("column", "renamed"): Weight("field", "warning", "The {columns} may stay empty; its values come as {after}.",
                                  "Take the new name."),
    ("column", "changed"): Weight("field", "warning", "The {columns} holds another kind of value.",
                                  "Look at its dtype; the passport's notes say what fell back."),
    ("column values", "changed"): Weight("field", "warning",
                                         "The {columns} loses values: what looks for them finds nothing.",
                                         "Count the values before you rely on one."),
    ("column empty", "changed"): Weight("field", "warning",
                                        "The {columns} may have gaps: joins and sums over it may lose rows.",
                                        "Count the gaps before you rely on it: df[column].isna().sum()."),
    ("used status", "changed"): Weight("answer", "warning",
                                       "{use} is answered with another status; any from 200 to 299 is a success.",
                                       "Change programs of your own that wait for one status."),
    # sending that may mislead
    ("send input", "gone"): Weight("parameter", "warning",
                                   "Leads sent with the {columns} may lose what it says.",
                                   "api.send_lead gives the key in a header and the lead in a body."),
    ("send input", "renamed"): Weight("parameter", "warning",
                                      "Leads sent with the {columns} may lose what it says.",
                                      "api.send_lead gives the key in a header and the lead in a body."),
    ("send input", "changed"): Weight("parameter", "warning",
                                      "The {columns} may be read otherwise, or a lead refused for it.",
                                      "api.send_lead gives the key in a header and the lead in a body."),
    ("lead field", "gone"): Weight("field", "warning", "A lead's {columns} may be dropped or refused.",
                                   "Leave it out, and look at one lead that arrived."),
    ("lead field", "renamed"): Weight("field", "warning", "A lead's {columns} may be dropped; it goes as {after} now.",
                                      "Send the new name, and look at one lead that arrived."),
    ("lead field", "changed"): Weight("field", "warning", "A lead's {columns} may be refused.", "Send the new type."),
    ("lead values", "changed"): Weight("field", "warning", "A lead may be refused for a value of {columns} that went.",
                                       "Send one of the values that are left."),
    ("lead null", "changed"): Weight("field", "warning", "A lead may be refused where {columns} is null.",
                                     "Leave out what is empty; lp.check_lead does."),
    ("send answer", "changed"): Weight("answer", "warning", "What comes back for a lead is something else.",
                                       "Look whether the lead arrived before you send it again."),
    # credentials and ways to sign in
    ("key", "renamed"): Weight("credential", "warning",
                               "Such a key may be refused; no source says whether old ones still work.",
                               "Ask for one of the new kind; lp.permissions says in words what it may do."),
    ("key", "gone"): Weight("credential", "warning", "Such a credential may be refused.",
                            "Ask Leadping which credential takes its place."),
    ("place", "changed"): Weight("credential", "warning", "Credentials are asked for in another place.",
                                 "The toolkit sends them in the Authorization header and nowhere else."),
    ("flow", "gone"): Weight("flow", "warning", "Programs that sign in by it cannot any more.",
                             "Sign in by another flow, and go by the server's metadata."),
    ("document", "gone"): Weight("document", "warning", "What it would say could not be compared.",
                                 "Try again later, or give the document to lp.Discovery.from_documents."),
    ("document", "not read"): Weight("document", "warning", "A part of the document could not be compared.",
                                     "Look at the document yourself."),
    # other reads
    ("read", "gone"): Weight("operation", "warning", "{use} makes a call that is not named any more.",
                             "Read something else."),
    ("read", "renamed"): Weight("operation", "warning", "{use} asks under a name that is gone.", "{remedy}"),
    ("read lock", "changed"): Weight("security", "warning",
                                     "{use} may be refused with the credential that did before.",
                                     "lp.permissions(credential) says which key type would do."),
    ("read input", "required"): Weight("parameter", "warning", "{use} is refused without the {columns}.",
                                       "{remedy}"),
    ("read input", "gone"): Weight("parameter", "warning", "The {columns} of {use} may be ignored.", "Leave it out."),
    ("read input", "renamed"): Weight("parameter", "warning", "The {columns} of {use} may be ignored.",
                                      "Give the new name."),
    ("read input", "changed"): Weight("parameter", "warning",
                                      "The {columns} of {use} may be read otherwise, or refused.",
                                      "Give the new type."),
    ("read answer", "changed"): Weight("answer", "warning", "{use} gives something else.",
                                       "Look at it before you rely on a member."),
    # calls that only programs of the analyst's own make
    ("write", "gone"): Weight("operation", "note", _NOT_OURS, "Programs of your own that make it will fail."),
    ("write", "renamed"): Weight("operation", "note", _NOT_OURS, "Change the name in programs of your own."),
    ("write lock", "changed"): Weight("security", "note", _NOT_OURS, "Send the credential that it takes now."),
    ("write input", "required"): Weight("parameter", "note", _NOT_OURS, "Give it in programs of your own."),
    ("write input", "gone"): Weight("parameter", "note", _NOT_OURS, "Leave it out of programs of your own."),
    ("write input", "renamed"): Weight("parameter", "note", _NOT_OURS, "Change the name in programs of your own."),
    ("write input", "changed"): Weight("parameter", "note", _NOT_OURS, "Give the new type in programs of your own."),
    ("write body", "required"): Weight("body", "note", _NOT_OURS, "Send a body in programs of your own."),
    ("write body", "gone"): Weight("body", "note", _NOT_OURS, "Send no body in programs of your own."),
    ("write body", "changed"): Weight("body", "note", _NOT_OURS, "Send the new body in programs of your own."),
    ("write answer", "changed"): Weight("answer", "note", _NOT_OURS, "Read the new answer in programs of your own."),
    ("field", "required"): Weight("field", "note", "Programs of your own that do not send it may fail.", "Send it."),
    ("key", "appeared"): Weight("credential", "note", "Nothing: another form of credential is taken.",
                                "Read auth.md on how to get one."),
    ("key", "disagree"): Weight("credential", "note", "Two documents name different forms of credential.",
                                "Go by the OpenAPI document."),
    ("flow", "disagree"): Weight("flow", "note", "auth.md and the metadata differ.", "Go by the metadata."),
    ("flow", "appeared"): Weight("flow", "note", "Nothing: there is another way to sign in.",
                                 "Read auth.md; the toolkit signs nobody in."),
    ("page", "gone"): Weight("document", "note", "The words for agents could not be compared.", "Go by the metadata."),
    ("field", "gone"): Weight("field", "note", _OWN, "Leave it out."),
    ("field", "renamed"): Weight("field", "note", _OWN, "Take the new name."),
    ("field", "changed"): Weight("field", "note", _OWN, "Take the new type."),
    ("model", "gone"): Weight("model", "note", "Nothing by itself: calls and fields have rows of their own.",
                              "Nothing to do."),
    # what is new
    ("list", "appeared"): Weight("operation", "note", "Nothing: there is more to load.", "{remedy}"),
    ("one", "appeared"): Weight("operation", "note", "Nothing: there is more to read.", "{remedy}"),
    ("send", "appeared"): Weight("operation", "note", "Nothing: there is another way to send leads.", "{remedy}"),
    ("read", "appeared"): Weight("operation", "note", "Nothing: there is more to read.", "{remedy}"),
    ("write", "appeared"): Weight("operation", "note", _NOT_OURS, "Nothing to do."),
    ("column", "appeared"): Weight("field", "note", "Nothing: what is new is loaded too.", "Look at the {columns}."),
    ("lead field", "appeared"): Weight("field", "note", "Nothing: a lead may say more.",
                                       "lp.check_lead goes by the shipped revisions, and warns of it."),
    ("option", "appeared"): Weight("field", "note", "Nothing: loads may ask for more.", "Nothing to do."),
    ("paging", "appeared"): Weight("field", "note", "Nothing: unknown fields are kept.", "Nothing to do."),
    ("field", "appeared"): Weight("field", "note", "Nothing: unknown fields are kept.", "Nothing to do."),
    ("input", "appeared"): Weight("parameter", "note", "Nothing: what is new may be left out.",
                                    "Give the {columns} if you need it."),
    ("body", "appeared"): Weight("body", "note", "Nothing: the body may be left out.", "Nothing to do."),
    ("model", "appeared"): Weight("model", "note", "Nothing: new models break nothing.", "Nothing to do."),
    ("values", "changed"): Weight("field", "note", "Comparisons with a fixed set of values may miss some.",
                                  "Count the values before you rely on the set."),
    # what only looks otherwise
    ("model", "renamed"): Weight("model", "note", "Nothing: names of models are never sent.", "Nothing to do."),
    ("format", "changed"): Weight("field", "note", "Nothing: the values are read alike.", "Nothing to do."),
    ("null", "changed"): Weight("field", "note", "Nothing: it is read whether it is there or not.", "Nothing to do."),
    ("other status", "changed"): Weight("answer", "note", _NOT_OURS,
                                        "Change programs of your own that wait for one status."),
    ("errors", "gone"): Weight("answer", "note", "Nothing: refusals are known by what comes, whatever is documented.",
                               "Nothing to do."),
    ("errors", "appeared"): Weight("answer", "note",
                                   "Nothing: refusals are known by what comes, whatever is documented.",
                                   "Nothing to do."),
    ("input", "changed"): Weight("parameter", "note", "Nothing: what had to be given may be left out.",
                                   "Leave out the {columns}."),
    ("input", "renamed"): Weight("parameter", "note", "Nothing: only capitals differ.", "Nothing to do."),
    ("body", "changed"): Weight("body", "note", "Nothing: the body may be left out now.", "Nothing to do."),
    ("words", "changed"): Weight("operation", "note", "Nothing: only words and names in braces differ.",
                                 "Nothing to do."),
}  # fmt: skip

RANKS: Mapping[tuple[Subject, Happened], int] = {about: rank for rank, about in enumerate(WEIGHTS, 1)}
"""The place of each sort of change in the order: 1 breaks most."""
