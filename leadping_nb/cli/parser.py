"""The words of the command line: commands and options, with examples and exit codes of each."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

from leadping_nb.contracts import REVISIONS

__all__ = ["parser"]


@dataclass(frozen=True, slots=True)
class _Command:
    """What the help says of a command besides its options."""

    summary: str
    """What it does, in a line."""
    more: str
    """What else there is to know before."""
    below: str
    """Examples and exit codes."""


_COMMANDS: Final = {
    "demo": _Command(
        "walk the five questions for each credential type, on the sandbox",
        "It needs no account and no internet, and takes some seconds.",
        """\
examples:
  leadping-nb demo
  leadping-nb demo --leads 200 > tour.txt

exit codes: 0 all parts succeeded, 1 a part failed""",
    ),
    "lab": _Command(
        "open JupyterLab at the first notebook",
        """\
The notebooks are those of this clone. Elsewhere they are copied into the folder
leadping-notebooks of the current one; what you changed there stays.""",
        """\
examples:
  leadping-nb lab
  leadping-nb lab --no-browser --port=8890""",
    ),
    "sandbox": _Command(
        "run the sandbox until Ctrl-C",
        "It prints its address and a key of each type, for programs in any language.",
        """\
examples:
  leadping-nb sandbox
  leadping-nb sandbox --port 8765 --revision 2026-10-26""",
    ),
    "scan": _Command(
        "look for leaked keys and tokens in notebooks and other files",
        "No key is shown: each has its kind, its place and a hash.",
        """\
examples:
  leadping-nb scan notebooks/
  leadping-nb scan --fix notebooks/
  leadping-nb scan --env --format sarif . > leaks.sarif

exit codes: 0 no leaks, 1 leaks, 2 not all could be read, or called wrongly""",
    ),
}
_BELOW: Final = """\
begin with:
  leadping-nb demo            all five questions answered, here in the terminal
  leadping-nb lab             the notebooks, in JupyterLab
  leadping-nb COMMAND --help  what a command does, with examples

exit codes: 0 done, 1 failed, 2 called wrongly, 130 interrupted"""


def parser() -> argparse.ArgumentParser:
    """Make what reads the arguments of the command line."""
    top = argparse.ArgumentParser(
        prog="leadping-nb",
        description="Open a Leadping credential: a tour, notebooks, a sandbox, and a search for leaked keys.",
        epilog=_BELOW,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"leadping-nb {version('leadping_nb')}")
    commands = top.add_subparsers(dest="command", required=True, metavar=" | ".join(_COMMANDS))
    demo, lab, sandbox, scan = (
        commands.add_parser(
            name,
            help=command.summary,
            description=f"{command.summary[0].upper()}{command.summary[1:]}.\n{command.more}",
            epilog=command.below,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        for name, command in _COMMANDS.items()
    )
    demo.add_argument("--leads", type=_count, default=5_000, help="how many leads the sandbox has (default: 5000)")
    lab.add_argument("jupyter", nargs=argparse.REMAINDER, metavar="OPTION", help="further options go to JupyterLab")
    sandbox.add_argument("--leads", type=_count, default=5_000, help="how many leads it has (default: 5000)")
    sandbox.add_argument(
        "--revision", choices=REVISIONS, default=REVISIONS[0], help=f"the contract it serves (default: {REVISIONS[0]})"
    )
    sandbox.add_argument("--port", type=_port, default=0, help="the port on 127.0.0.1 (default: a free one)")
    scan.add_argument("paths", nargs="+", metavar="PATH", help="files and folders")
    scan.add_argument("--format", choices=("text", "json", "sarif"), default="text", help="how the report is written")
    scan.add_argument("--fix", action="store_true", help="remove what was found, after showing how and asking")
    scan.add_argument("--yes", action="store_true", help="do not ask before fixing")
    scan.add_argument("--allow", metavar="FILE", help="the allow-list (default: .leadping-leaks-allow there or above)")
    scan.add_argument("--env", action="store_true", help="look for the credentials of the environment in every form")
    return top


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
