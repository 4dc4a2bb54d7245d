"""Every way in which Python or Jupyter could show what an object holds; runs in the kernel of the leak matrix."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import gc
import io
import json
import logging
import pickle
import pprint
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator

import rich.console
import rich.pretty
import rich.traceback
from IPython.core.formatters import DisplayFormatter
from IPython.core.ultratb import VerboseTB

__all__ = ["VIEWS", "objects", "of_error", "shown"]

_OF_EACH_TYPE = 2
_WITH_KERNEL = (
    "leadping_nb.widgets",
    "leadping_nb.workshop",
    "leadping_nb.progress",
    "leadping_nb.loads",
    "leadping_nb.frames",
)
"""Where objects lead to a kernel's sockets, through widgets and displays; a copy of these would close them."""


def _public(thing: object) -> str:
    """Everything that its public names lead to, but methods."""
    names = [name for name in dir(type(thing)) if not name.startswith("_")]
    names += [name for name in getattr(thing, "__dict__", {}) if not name.startswith("_")]
    return "\n".join(f"{name} = {_tried(getattr, thing, name)!r}" for name in names if name != "comm")


def _hidden(thing: object) -> str:
    """Everything that its attributes hold, slots too, as debuggers and object inspectors read them."""
    slots = [name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]
    held = {name: _tried(getattr, thing, name) for name in slots if isinstance(name, str)}
    return repr({**held, **getattr(thing, "__dict__", {})})


def _rich(thing: object) -> str:
    console = rich.console.Console(file=io.StringIO(), width=200)
    console.print(rich.pretty.Pretty(thing, max_length=40, max_string=1_000))
    return console.file.getvalue()


def _log(thing: object) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.emit(logging.makeLogRecord({"msg": "%s %r", "args": (thing, thing)}))
    return stream.getvalue()


def _warning(thing: object) -> str:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.warn(str(thing), stacklevel=1)
    return str(caught[0])


def _traceback(thing: object) -> str:
    """A traceback of a frame in which it is a variable, as all that show variables write it."""
    try:
        raise RuntimeError(f"{thing} {thing!r}")
    except RuntimeError:
        return of_error(*sys.exc_info())


def of_error(kind: type[BaseException], error: BaseException, trace: object) -> str:
    """Write an error with the variables of its frames, as Python, IPython and rich do."""
    told = rich.traceback.Traceback.from_exception(kind, error, trace, show_locals=True)
    console = rich.console.Console(file=io.StringIO(), width=200)
    console.print(told)
    written = [*VerboseTB(include_vars=True).structured_traceback(kind, error, trace), console.file.getvalue()]
    return "\n".join([*written, *_of_python(kind, error, trace)])


def _of_python(kind: type[BaseException], error: BaseException, trace: object) -> list[str]:
    with contextlib.suppress(AttributeError):  # it fails at a variable that is only half made
        return [*traceback.TracebackException(kind, error, trace, capture_locals=True).format()]
    return []


VIEWS: dict[str, Callable[[object], object]] = {
    "repr": repr,
    "str": str,
    "format": lambda thing: f"{thing} {thing!s:>80} {thing!a}",
    "pprint": pprint.pformat,
    "public names": _public,
    "hidden names": _hidden,
    "rich": _rich,
    "bundle": lambda thing: DisplayFormatter().format(thing),
    "pickle": lambda thing: pickle.dumps(thing, 0).decode("latin-1") + pickle.dumps(thing).decode("latin-1"),
    "copies": lambda thing: [copy.copy(thing), copy.deepcopy(thing)],
    "json": lambda thing: json.dumps(thing, default=vars),
    "json of texts": lambda thing: json.dumps(thing, default=str),
    "dataclass": lambda thing: [dataclasses.asdict(thing), dataclasses.astuple(thing), dataclasses.replace(thing)],
    "iteration": lambda thing: list(thing),
    "log": _log,
    "warning": _warning,
    "traceback": _traceback,
}
"""How to look at an object, by name; one that fails shows its error."""


def _tried(view: Callable[..., object], *arguments: object) -> object:
    try:
        return view(*arguments)
    except BaseException as error:  # whatever it raises is looked at too
        return "\n".join(_of_python(type(error), error, error.__traceback__))


def shown(thing: object) -> Iterator[tuple[str, str]]:
    """Give what each view shows of an object."""
    holds_kernel = type(thing).__module__.startswith(_WITH_KERNEL)
    for name, view in VIEWS.items():
        if not (holds_kernel and name in ("copies", "pickle", "dataclass")):
            yield name, str(_tried(view, thing))


def objects() -> dict[str, list[object]]:
    """Give what there is in this process of each type of ours, a few of each."""
    found: dict[str, list[object]] = {}
    for thing in gc.get_objects():
        kind = type(thing)
        home = str(kind.__module__)
        if home.startswith("leadping_nb") and not home.startswith("leadping_nb.guard"):  # whose copies stop the kernel
            few = found.setdefault(f"{kind.__module__}.{kind.__qualname__}", [])
            if len(few) < _OF_EACH_TYPE:
                few.append(thing)
    return found
