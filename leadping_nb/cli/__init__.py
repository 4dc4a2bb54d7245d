"""The command line: ``leadping-nb demo | lab | sandbox | scan``."""

from __future__ import annotations

import argparse
import os
import subprocess  # starts JupyterLab
import sys
from collections.abc import Callable, Sequence

from leadping_nb.commands import ended
from leadping_nb.contracts import REVISIONS

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; give its exit code: 2 for a wrong call, 1 for a failure, 130 after Ctrl-C."""
    return ended(lambda: _run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    parser = argparse.ArgumentParser(prog="leadping-nb", description="Open a Leadping credential, on the sandbox.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="demo | lab | sandbox | scan")

    demo = commands.add_parser("demo", help="walk the five questions for each credential type, on the sandbox")
    demo.add_argument("--leads", type=_count, default=5_000, help="how many leads the sandbox has (default: 5000)")

    lab = commands.add_parser("lab", help="open JupyterLab at the first notebook")
    lab.add_argument("jupyter", nargs=argparse.REMAINDER, help="further options go to JupyterLab")

    sandbox = commands.add_parser("sandbox", help="run the sandbox until Ctrl-C")
    sandbox.add_argument("--leads", type=_count, default=5_000, help="how many leads it has (default: 5000)")
    sandbox.add_argument("--revision", choices=REVISIONS, default=REVISIONS[0], help="the contract it serves")
    sandbox.add_argument("--port", type=_port, default=0, help="the port on 127.0.0.1 (default: a free one)")

    scan = commands.add_parser("scan", help="look for leaked keys and tokens in notebooks and other files")
    scan.add_argument("paths", nargs="+", metavar="PATH", help="files and folders")
    scan.add_argument("--format", choices=("text", "json", "sarif"), default="text", help="how the report is written")
    scan.add_argument("--fix", action="store_true", help="remove what was found, after showing how and asking")
    scan.add_argument("--yes", action="store_true", help="do not ask before fixing")
    scan.add_argument("--allow", metavar="FILE", help="the allow-list (default: .leadping-leaks-allow there or above)")
    scan.add_argument("--env", action="store_true", help="look for the credentials of the environment in every form")

    chosen, rest = parser.parse_known_args(arguments)
    if rest and chosen.command != "lab":
        parser.error(f"unknown option {rest[0]}")
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

    folder = workspace()
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={folder.parent}",
        f"--LabApp.default_url=/lab/tree/{folder.name}/00_start_here.ipynb",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    try:
        return subprocess.call([*command, *options], cwd=folder.parent)  # noqa: S603  # our own command
    except KeyboardInterrupt:
        return 0


def _count(text: str) -> int:
    return _number(text, "a whole number of 1 or more", lambda count: count >= 1)


def _port(text: str) -> int:
    return _number(text, "a whole number from 0 to 65535", lambda port: 0 <= port <= 65_535)


def _number(text: str, expected: str, fits: Callable[[int], bool]) -> int:
    try:
        number = int(text.replace("_", ""))
    except ValueError:
        number = None
    if number is None or not fits(number):
        raise argparse.ArgumentTypeError(expected)
    return number
