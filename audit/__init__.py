"""Report → Checks and Findings: does what is printed add up?"""

from __future__ import annotations

from collections.abc import Sequence

from model import Check, Finding, Report, Template

from . import sums
from .diagnose import diagnose

__all__ = ["audit", "diagnose"]

#: Each sees one report; their order is that of the checks in the dataset.
CHECKS = (sums.check,)


def audit(report: Report, templates: Sequence[Template]) -> tuple[tuple[Check, ...], tuple[Finding, ...]]:
    """Every rule of the report's forms, tried; a failed one is a Finding too. Nothing is altered."""
    checks = tuple(c for check in CHECKS for c in check(report, templates))
    return checks, tuple(sums.findings(report, checks, templates))
