"""Report → Checks and Findings: does what is printed add up?"""

from __future__ import annotations

from collections.abc import Sequence

from model import Check, Finding, Report, Template

from . import amount, mention, sums
from .diagnose import diagnose

__all__ = ["audit", "diagnose"]

#: Each sees one report; their order is that of the checks in the dataset.
CHECKS = (sums.check, mention.check)


def audit(report: Report, templates: Sequence[Template]) -> tuple[tuple[Check, ...], tuple[Finding, ...]]:
    """Every rule of the report's forms, tried; a failed one is a Finding too. Nothing is altered."""
    checks = tuple(c for check in CHECKS for c in check(report, templates))
    findings = (
        *sums.findings(report, checks, templates),
        *mention.findings(report, templates),
        *amount.findings(report),
    )
    return checks, findings
