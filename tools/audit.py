"""Ask PyPI's advisory data about the versions in Binder's lock, by pip-audit.

python tools/audit.py    # needs pip-audit, in an environment of its own

Ends with 1 if an advisory is known for a version in the lock. Where the data cannot be reached it says so, and ends
with 0.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

LOCK = Path(__file__).parent.parent / "binder" / "requirements.txt"
COMMAND = (sys.executable, "-m", "pip_audit", "--requirement", str(LOCK), "--no-deps", "--disable-pip")


def main() -> int:
    """Ask, say what came of it, and give the exit code."""
    run = subprocess.run([*COMMAND, "--format", "json", "--progress-spinner", "off"], capture_output=True, text=True)  # noqa: S603  # a command of the project
    try:
        found: Sequence[Mapping[str, Any]] = json.loads(run.stdout)["dependencies"]
    except (ValueError, KeyError):
        print(f"Advisory data cannot be reached here, so nothing was audited. {_last_line(run.stderr)}")
        return 0
    asked = [one for one in found if "skip_reason" not in one]
    advisories = [f"{one['name']} {one['version']}: {each['id']}" for one in asked for each in one["vulns"]]
    if not asked:
        print("Advisory data cannot be reached here, so nothing was audited.")
    else:
        print("\n".join([*advisories, f"{len(asked)} of {len(found)} packages audited, {len(advisories)} advisories."]))
    return 1 if advisories else 0


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2]


if __name__ == "__main__":
    sys.exit(main())
