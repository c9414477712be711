"""Report → Checks and Findings: does what is printed add up?"""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.audit import implausible_amount, mention_check, sums
from gongkai.audit.diagnose import diagnose
from gongkai.audit.format_conflicts import editions
from gongkai.audit.reread import doubtful, numbers, weigh
from gongkai.audit.series import Series
from gongkai.audit.status import status
from gongkai.model import Check, Finding, Report, Template

__all__ = ["Series", "audit", "diagnose", "doubtful", "editions", "numbers", "status", "weigh"]

#: Each sees one report; their order is that of the checks in the dataset.
CHECKS = (sums.check, mention_check.check)


def audit(report: Report, templates: Sequence[Template]) -> tuple[tuple[Check, ...], tuple[Finding, ...]]:
    """Every rule of the report's forms, tried; a failed one is a Finding too. Nothing is altered."""
    checks = tuple(c for check in CHECKS for c in check(report, templates))
    findings = (
        *sums.findings(report, checks, templates),
        *mention_check.findings(report, templates),
        *implausible_amount.findings(report),
    )
    return checks, findings
