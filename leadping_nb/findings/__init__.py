"""Findings over discovery: rules over the challenge, the documents and the keys, each with its section of a standard.

A rule is a row; `docs/findings.md` lists them all and is written from them.
"""

from leadping_nb.findings.agreement_rules import AGREEMENT_RULES
from leadping_nb.findings.challenge_rules import CHALLENGE_RULES
from leadping_nb.findings.key_rules import KEY_RULES
from leadping_nb.findings.resource_rules import RESOURCE_RULES
from leadping_nb.findings.rule import Absence, Evidence, Finding, Hit, Rule
from leadping_nb.findings.server_rules import SERVER_RULES

__all__ = ["RULES", "Absence", "Evidence", "Finding", "Hit", "Rule", "judge"]

RULES: tuple[Rule, ...] = (*CHALLENGE_RULES, *RESOURCE_RULES, *SERVER_RULES, *KEY_RULES, *AGREEMENT_RULES)
"""All rules, in the order in which findings of one severity are given."""

_SEVERITIES = ("error", "warning", "note")


def judge(evidence: Evidence) -> tuple[Finding, ...]:
    """Hold what was seen against every rule; errors come first.

    Examples
    --------
    >>> [finding.code for finding in judge(Evidence("https://api.example", {}))]
    ['prm-missing']
    """
    found = [finding for rule in RULES for finding in rule.findings(evidence)]
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: _SEVERITIES.index(finding.severity)))
