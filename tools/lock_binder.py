"""Write binder/requirements.txt anew: what the package needs, pinned and with hashes, for Binder's Python.

python tools/lock_binder.py    # needs uv: pip install uv, in an environment of its own
"""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "binder" / "requirements.txt"
HEADER = "# Written by tools/lock_binder.py from pyproject.toml. The package itself is installed by postBuild.\n"
COMMAND = (
    "uv", "pip", "compile", "--quiet", "--upgrade", "--generate-hashes", "--no-header", "--no-annotate",
    "--no-build", "--python-platform", "x86_64-manylinux_2_28", "--default-index", "https://pypi.org/simple",
)  # fmt: skip


def requirements() -> str:
    """Give what the package needs to run, and what builds it, one a line."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return "\n".join([*project["project"]["dependencies"], *project["build-system"]["requires"]])


def python_version() -> str:
    """Give the version of Python that the image has, such as 3.12."""
    return (ROOT / "binder" / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-")


def main() -> None:
    """Resolve today's versions and write them."""
    command = [*COMMAND, "--python-version", python_version(), "-"]
    found = subprocess.run(command, input=requirements(), stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603  # a command of the project
    LOCK.write_text(HEADER + found.stdout, encoding="utf-8")
    count = len(re.findall(r"(?m)^\w", found.stdout))
    print(f"{LOCK.relative_to(ROOT)}: {count} packages for Python {python_version()}")


if __name__ == "__main__":
    main()
