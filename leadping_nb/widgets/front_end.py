"""What a card brings to the page: one module and one style sheet, joined from the files beside this one."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["module", "style_sheet"]

_FOLDER = Path(__file__).parent / "static"
_SHARED = "card"
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./card\.js";\n', re.MULTILINE)


def module(name: str) -> str:
    """Join what all cards share and the module of one card, because anywidget loads a single text.

    Examples
    --------
    >>> module("credential_card").count("export default")
    1
    """
    return _read(f"{_SHARED}.js") + _IMPORT.sub("", _read(f"{name}.js"))


def style_sheet(name: str) -> str:
    """Join the style sheet of all cards and that of one.

    Examples
    --------
    >>> ".leadping-card" in style_sheet("credential_card")
    True
    """
    return _read(f"{_SHARED}.css") + _read(f"{name}.css")


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
