"""The save guard: an extension of Jupyter's server that refuses to save a notebook with a credential in it.

It comes with the package and is on once that is installed in the server's environment. ``--SaveGuard.mode=warn`` lets
such a notebook be saved and warns in the server's log; ``--SaveGuard.mode=off`` does nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadping_nb.save_guard.doors import guard_doors
from leadping_nb.save_guard.guard import SaveGuard

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

__all__ = ["SaveGuard"]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(app: ServerApp) -> None:
    guard = SaveGuard(parent=app)
    app.contents_manager.register_pre_save_hook(guard.look)  # type: ignore[no-untyped-call]  # no stubs
    guard_doors(app.contents_manager, guard)
    app.log.info("leadping_nb.save_guard: mode %s", guard.mode)
