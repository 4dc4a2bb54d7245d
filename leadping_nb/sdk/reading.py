"""What the official SDK read, as the frame that `to_frame` makes of the same JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from kiota_abstractions.serialization import Parsable
from kiota_serialization_json.json_serialization_writer import JsonSerializationWriter

from leadping_nb.arguments import TEXT, demand, refused
from leadping_nb.contracts import CONTRACT, Contract
from leadping_nb.errors import LeadpingError
from leadping_nb.frames import Backend, to_frame
from leadping_nb.sdk.release import contract_of_release, release

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["frame_of"]

_WANTED = "what the official SDK read"
_HINT = "Give a page of the SDK, its items, or a list of pages."


def frame_of(models: object, model: str | None, *, contract: Contract | None, dtype_backend: Backend) -> pd.DataFrame:
    """Make a frame of objects of the SDK; the parameters and errors are those of `sdk_frame`."""
    demand(CONTRACT.or_none, contract=contract)
    demand(TEXT.or_none, model=model)
    known = contract_of_release() if contract is None else contract
    given = [models] if isinstance(models, Parsable) else _listed(models)
    rows = list(_rows(given))
    kinds = {type(row).__name__ for row in rows}
    if len(kinds) > 1:
        raise LeadpingError(f"The objects are of several kinds: {', '.join(sorted(kinds))}.", hint=_HINT)
    name = model if model is not None else _model(next(iter(kinds), None), given, known)
    frame = to_frame(_json(rows), model=name, contract=known, dtype_backend=dtype_backend)
    frame.attrs["leadping"]["notes"] += _notes(rows)
    return frame


def _listed(models: object) -> list[object]:
    if not isinstance(models, Iterable) or isinstance(models, str | bytes | dict):
        raise refused("models", models, _WANTED, hint=_HINT)
    return list(models)


def _rows(given: Iterable[object]) -> Iterator[Parsable]:
    for entry in given:
        if not isinstance(entry, Parsable):
            raise refused("something in models", entry, _WANTED, hint=_HINT)
        if _is_page(entry):
            yield from entry.items or ()  # type: ignore[attr-defined]  # pages have it
        else:
            yield entry


def _json(rows: list[Parsable]) -> bytes:
    """Let the SDK write its objects; what it writes for none of them differs between releases of Kiota."""
    writer = JsonSerializationWriter()
    writer.write_collection_of_object_values(None, rows)
    return writer.get_serialized_content() if rows else b"[]"


def _is_page(entry: Parsable) -> bool:
    return {"items", "continuationToken"} <= entry.get_field_deserializers().keys()


def _model(kind: str | None, given: Sequence[object], contract: Contract) -> str | None:
    """Name the model of one row: the class's own, or that of an empty page."""
    if kind is not None:
        return kind if kind in contract.models else None
    pages = {type(entry).__name__ for entry in given}
    found = (operation.item_model for operation in contract.operations if operation.response_model in pages)
    return next(found, None)


def _notes(rows: Sequence[Parsable]) -> list[str]:
    """Say what the SDK may have changed."""
    if not rows:
        return []
    notes = [
        f"It came through {release()}, which keeps times to the microsecond, makes floats of numbers, and leaves out"
        " values that are not of the type that it knows. Of enumerations it leaves out also valid values, where Python"
        " needs another name for them, such as those with a blank in them: api.frame has them."
    ]
    unknown = sorted({name for row in rows for name in getattr(row, "additional_data", None) or ()})
    if unknown:
        notes.append(
            f"{type(rows[0]).__name__} of the SDK has no members for {', '.join(unknown)}: they are as they came, but"
            " for texts that look like dates, which are written anew."
        )
    return notes
