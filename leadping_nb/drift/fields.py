"""What changed in the models: fields that went, have another name, or came, and the columns that show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from leadping_nb.drift.change import Change, change_of
from leadping_nb.drift.pairing import Pairing, missing, used_first
from leadping_nb.drift.promises import changed_promises
from leadping_nb.drift.renames import moved_fields, renamed_fields
from leadping_nb.drift.sorts import Happened
from leadping_nb.drift.types import differs_in_type, written_type
from leadping_nb.models import Field

__all__ = ["changed_models"]

_PAGE = "PagedResultOf"


def changed_models(pairing: Pairing) -> Iterator[Change]:
    """Give the changes in models and their fields, those that loaded rows hold first; what wraps a page has no rows.

    Parameters
    ----------
    pairing
        The two descriptions.
    """
    now = pairing.after.models
    for name, fields in used_first(pairing.before.models, pairing.reach_before.columns):
        rename = pairing.models.get(name)
        if name in now:
            yield from _fields(pairing, name, fields, name)
        elif rename is not None:
            if not name.startswith(_PAGE):
                yield change_of("model", "renamed", name, before=name, after=rename.after, evidence=str(rename))
            yield from _fields(pairing, name, fields, rename.after)
        elif not name.startswith(_PAGE):
            yield change_of("model", "gone", name, before=name, evidence=pairing.not_here)
    renamed = {rename.after for rename in pairing.models.values()}
    shown = renamed | pairing.after.parts | pairing.after.in_place  # what holds them, or is made of them, has its row
    for name in missing(now, pairing.before.models):
        if name not in shown and not name.startswith(_PAGE):
            yield change_of("model", "appeared", name, after=name, evidence=pairing.here)


def _fields(pairing: Pairing, model: str, fields: Mapping[str, Field], new_model: str) -> Iterator[Change]:
    others = pairing.after.models[new_model]
    gone, new = missing(fields, others), missing(others, fields)
    renames = {pair.before: pair for pair in renamed_fields(gone, new, pairing.model_names, pairing.exchange)}
    left = missing(gone, renames)
    renames |= {pair.before: pair for pair in moved_fields(left, new, pairing.after.models, pairing.exchange)}
    for name, entry in gone.items():
        rename = renames.get(name)
        if rename is None:
            evidence = pairing.not_here
            yield from _changes(pairing, "gone", model, name, before=written_type(entry), evidence=evidence)
        else:
            evidence = str(rename)
            yield from _changes(pairing, "renamed", model, name, before=name, after=rename.after, evidence=evidence)
    renamed = {rename.after for rename in renames.values()}
    required = pairing.after.required.get(new_model, frozenset())
    for name, entry in new.items():
        if name in renamed:
            continue
        sent = pairing.reach_after.sent_as(new_model) if name in required else None
        if sent is not None:
            yield change_of(sent, "required", f"{new_model}.{name}", after=written_type(entry),
                            columns=f"{name} ({new_model})", evidence=pairing.here)  # fmt: skip
        else:
            after, here = written_type(entry), pairing.here
            yield from _changes(pairing, "appeared", new_model, name, after=after, evidence=here)
    already = pairing.before.deprecated.get(model, frozenset())
    now_deprecated = pairing.after.deprecated.get(new_model, frozenset()) - already
    for name, entry in fields.items():
        if name in others:
            before, after, here = written_type(entry), written_type(others[name]), pairing.here
            if name in now_deprecated:
                yield from _changes(pairing, "deprecated", model, name, evidence=here)
            if differs_in_type(entry, others[name], pairing.model_names):
                yield from _changes(pairing, "changed", model, name, before=before, after=after, evidence=here)
            else:
                yield from changed_promises(pairing, model, new_model, entry, others[name])


def _changes(
    pairing: Pairing,
    happened: Happened,
    model: str,
    name: str,
    *,
    before: str = "",
    after: str = "",
    evidence: str,
) -> Iterator[Change]:
    """Give one change for each way in which the toolkit meets the field, or one where it does not."""
    is_new = happened == "appeared"
    reach = pairing.reach_after if is_new else pairing.reach_before
    is_row = model in (pairing.after if is_new else pairing.before).row_models
    for subject, words in reach.met(model, name, is_row=is_row):
        yield change_of(subject, happened, f"{model}.{name}", before=before, after=after, columns=words,
                        evidence=evidence)  # fmt: skip
