"""The command line: ``leadping-nb demo | lab | sandbox | scan``."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from leadping_nb.cli.parser import parser
from leadping_nb.commands import ended
from leadping_nb.errors import LeadpingError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; give its exit code: 2 for a wrong call, 1 for a failure, 130 after Ctrl-C."""
    return ended(lambda: _run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    reads = parser()
    chosen, rest = reads.parse_known_args(arguments)
    if rest and chosen.command != "lab":
        reads.error(f"unknown option {rest[0]}")
    if chosen.command == "demo":
        from leadping_nb.cli.demo import run_demo

        return run_demo(leads=chosen.leads)
    if chosen.command == "lab":
        return _run_lab([*rest, *chosen.jupyter])
    if chosen.command == "scan":
        from leadping_nb.cli.scan import run_scan

        return run_scan(
            chosen.paths,
            form=chosen.format,
            fix=chosen.fix,
            yes=chosen.yes,
            allow=chosen.allow,
            env=chosen.env,
        )
    from leadping_nb.cli.serve import run_sandbox

    return run_sandbox(leads=chosen.leads, revision=chosen.revision, port=chosen.port)


def _run_lab(options: Sequence[str]) -> int:
    from leadping_nb.notebooks import workspace

    _see_that_jupyter_can_write()
    folder = workspace()
    os.chdir(folder.parent)
    options = [
        f"--ServerApp.root_dir={folder.parent}",
        f"--LabApp.default_url=/lab/tree/{folder.name}/00_start_here.ipynb",
        *(["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
        *options,
    ]
    from jupyterlab.labapp import main as run_jupyterlab

    run_jupyterlab(options)  # in this process: what ends the command ends JupyterLab, in its own way
    return 0


def _see_that_jupyter_can_write() -> None:
    """Say in one sentence what Jupyter would say in a traceback, where it has no place for its files."""
    from jupyter_core.paths import jupyter_runtime_dir

    runtime = Path(jupyter_runtime_dir())
    try:
        runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
        writable = os.access(runtime, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        raise LeadpingError(
            f"Jupyter cannot write to {runtime}, where it keeps what runs.",
            hint="Set HOME to a folder that is yours to write in.",
        )
