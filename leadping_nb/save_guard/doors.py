"""Other doors to a notebook on disk than saving: uploads in pieces, renaming, and restoring a checkpoint.

Jupyter's server calls no hook there, so the methods of its contents manager are wrapped. Copies of files are saved by
it, and need no door of their own.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import inspect
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, Final, TypeAlias

from tornado.web import HTTPError

from leadping_nb.save_guard.guard import LAST, NOTEBOOK, PutBack, SaveGuard, bytes_of
from leadping_nb.save_guard.refusal import ADDING, RENAMING, REPLACING, RESTORING, UPLOADING
from leadping_nb.save_guard.replaced import Replaced

__all__ = ["guard_doors"]

_Steps: TypeAlias = Generator[Any, Any, Any]
"""What a door does: it yields what a contents manager gives, which may have to be awaited, and gets the result."""
_Method: TypeAlias = Callable[..., Any]
_FIRST: Final = 1


def guard_doors(contents: Any, guard: SaveGuard) -> None:
    """Put a guard before the methods by which a contents manager writes notebooks without its hooks.

    Parameters
    ----------
    contents
        The contents manager of a server, with methods that are awaited or not.
    guard
        Who looks.
    """
    upload = functools.partial(_upload, Replaced())
    for name, door in (("save", upload), ("rename_file", _rename), ("restore_checkpoint", _restore)):
        method = getattr(contents, name)
        steps = functools.partial(door, contents, guard, method)
        setattr(contents, name, (_awaited if inspect.iscoroutinefunction(method) else _called)(steps, method))


def _upload(
    replaced: Replaced, contents: Any, guard: SaveGuard, save: _Method, model: dict[str, Any], path: str = ""
) -> _Steps:
    """Look at each piece, and at the last one at the whole; the hooks see the first."""
    chunk, place = model.get("chunk"), path.strip("/")
    if chunk is None or not place.endswith(NOTEBOOK):
        return (yield save(model, path))
    if chunk == _FIRST:
        before = (yield from _bytes_at(contents, place)) if guard.mode == "refuse" else None
        saved = yield save(model, path)  # a refusal has written nothing
        replaced.keep(place, before)
        return saved
    try:
        deed = ADDING if place not in replaced else UPLOADING if replaced.is_new(place) else REPLACING
        before = (yield from _bytes_at(contents, place)) if chunk == LAST else None
        guard.judge(model, path=place, contents_manager=contents, deed=deed, before=before or b"")
    except HTTPError:
        if place in replaced:
            yield from _put_back(contents, save, place, replaced.take(place))
        raise
    saved = yield save(model, path)
    if chunk == LAST and place in replaced:
        replaced.take(place)
    return saved


def _bytes_at(contents: Any, path: str) -> _Steps:
    """Give what is at a path; None where nothing is."""
    if not (yield contents.file_exists(path)):
        return None
    return bytes_of((yield contents.get(path, type="file", format="base64")))


def _put_back(contents: Any, save: _Method, path: str, before: bytes | None) -> _Steps:
    """Put back what was at a path before an upload began there."""
    content = base64.b64encode(before or b"").decode()
    yield save(PutBack(type="file", format="base64", content=content), path)
    if before is None:
        with contextlib.suppress(HTTPError):  # as where there is no trash can; it is empty at least
            yield contents.delete_file(path)


def _rename(contents: Any, guard: SaveGuard, rename: _Method, old_path: str, new_path: str) -> _Steps:
    """Look at a file that becomes a notebook by its name."""
    if new_path.endswith(NOTEBOOK) and not old_path.endswith(NOTEBOOK) and (yield contents.file_exists(old_path)):
        model = yield contents.get(old_path, type="file", format="base64")
        guard.judge(model, path=new_path.strip("/"), contents_manager=contents, deed=RENAMING)
    return (yield rename(old_path, new_path))


def _restore(contents: Any, guard: SaveGuard, restore: _Method, checkpoint_id: str, path: str) -> _Steps:
    """Look at a checkpoint that is a file; other checkpoints are saved when they are restored."""
    where = getattr(contents.checkpoints, "checkpoint_path", None)
    if where is not None and path.endswith(NOTEBOOK):
        file = Path(where(checkpoint_id, path))
        content = base64.b64encode(file.read_bytes()).decode() if file.is_file() else ""
        model = {"type": "file", "format": "base64", "content": content}
        guard.judge(model, path=path.strip("/"), contents_manager=contents, deed=RESTORING)
    return (yield restore(checkpoint_id, path))


def _called(steps: Callable[..., _Steps], method: _Method) -> _Method:
    @functools.wraps(method)
    def guarded(*args: Any, **options: Any) -> Any:
        running, result = steps(*args, **options), None
        while True:
            try:
                result = running.send(result)
            except StopIteration as end:
                return end.value

    return guarded


def _awaited(steps: Callable[..., _Steps], method: _Method) -> _Method:
    @functools.wraps(method)
    async def guarded(*args: Any, **options: Any) -> Any:
        running, result = steps(*args, **options), None
        while True:
            try:
                result = running.send(result)
                result = await result if inspect.isawaitable(result) else result
            except StopIteration as end:
                return end.value

    return guarded
