"""Report → Checks and Findings: do the printed numbers add up?"""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.audit import implausible_amount, mention_check, sums
from gongkai.audit.diagnose import diagnose
from gongkai.audit.format_conflicts import compare_editions
from gongkai.audit.reread import find_doubtful, parse_numbers, weigh
from gongkai.audit.series import Series
from gongkai.audit.status import status
from gongkai.model import Check, Finding, Report, Template

__all__ = [
    "Series",
    "audit",
    "compare_editions",
    "diagnose",
    "find_doubtful",
    "parse_numbers",
    "status",
    "weigh",
]

#: The checks of one report, in the order in which the dataset has them.
CHECKS = (sums.check, mention_check.check)


def audit(report: Report, templates: Sequence[Template]) -> tuple[tuple[Check, ...], tuple[Finding, ...]]:
    """Try every rule of the report's forms; a rule that fails is a Finding too. Nothing is changed."""
    checks = tuple(c for check in CHECKS for c in check(report, templates))
    findings = (
        *sums.findings(report, checks, templates),
        *mention_check.findings(report, templates),
        *implausible_amount.findings(report),
    )
    return checks, findings
