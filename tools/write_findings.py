"""Write docs/findings.md from the rules, so that the page cannot differ from the code.

python tools/write_findings.py
"""

from __future__ import annotations

from pathlib import Path

from leadping_nb.findings import RULES

PAGE = Path(__file__).parent.parent / "docs" / "findings.md"


def page() -> str:
    """Give the page: one table for each thing that rules look at."""
    lines = [
        "# Findings of a discovery",
        "",
        f"`lp.discover(url).findings` holds what was seen against {len(RULES)} rules. An *error* stops strict clients;",
        "a *warning* may stop one; a *note* is only good to know. `tools/write_findings.py` writes this page.",
    ]
    for about in dict.fromkeys(rule.about for rule in RULES):
        lines += ["", f"## {about.capitalize()}", "", "| code | severity | what | where it says so | what to do |"]
        lines.append("| --- | --- | --- | --- | --- |")
        lines += [
            f"| `{rule.code}` | {rule.severity} | {rule.title} | {rule.spec} | {rule.hint} |"
            for rule in RULES
            if rule.about == about
        ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
