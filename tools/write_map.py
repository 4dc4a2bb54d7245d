"""Write the code map of CONTRIBUTING.md from the first lines of the modules' docstrings.

python tools/write_map.py
"""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent
BEGIN, END = "<!-- map -->\n", "<!-- end of map -->"


def code_map() -> str:
    """Give the map: one line a module, in the order of their paths."""
    lines = []
    for path in sorted((ROOT / "leadping_nb").rglob("*.py")):
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        lines.append(f"- `{path.relative_to(ROOT / 'leadping_nb').as_posix()}`: {docstring.splitlines()[0]}")
    return "\n".join(lines) + "\n"


def written(text: str) -> str:
    """Give the text of CONTRIBUTING.md with the map of now."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}{code_map()}{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    target = ROOT / "CONTRIBUTING.md"
    target.write_text(written(target.read_text(encoding="utf-8")), encoding="utf-8")
