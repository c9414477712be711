"""Rules and oddities over a whole dataset, its years and bodies together. 跨年度、跨机关核对整个数据集。"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from gongkai.audit import Series
from gongkai.commands import Refused
from gongkai.commands.options.rules import Rules, read_rules
from gongkai.commands.output.screen import write
from gongkai.model import Severity
from gongkai.normalize import templates
from gongkai.run.check import Checked
from gongkai.run.check import check as engine

_OUTCOMES = ("pass", "fail", "uncertain", "not_assessable")


def command(
    dataset: Annotated[
        Path, typer.Argument(metavar="DIR", help="A folder that `gongkai run` wrote. 数据集文件夹")
    ],
    rules: Annotated[
        Path | None, typer.Option(help="TOML file with rules of your own; docs/rules.md. 自定义规则")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The summary for programs.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No summary.")] = False,
) -> int:
    """Try the rules over years and bodies; write series and series_findings into DIR. 1: a rule of severity error fails."""
    own = read_rules(rules) if rules is not None else Rules()
    try:
        told = engine(dataset, Series(templates(), own.rules, own.severities), severities(own))
    except (
        ValueError,
        OSError,
    ) as error:  # a rule that speaks of no box; a folder that is not ours, a full disk
        raise Refused(str(error), 2, rules if isinstance(error, ValueError) else None) from error
    if as_json:
        write(json.dumps(_plain(told), ensure_ascii=False, indent=1) + "\n")
    elif not quiet:
        write(_summary(told, dataset, own))
    sys.stdout.flush()
    return 1 if told.errors else 0


def severities(own: Rules) -> dict[str, Severity]:
    """What a sum of the form, or a number of the narrative, that fails is, by its code."""
    sums = [s for form in templates() for table in form.tables for s in table.sums]
    wordings = [w for form in templates() for w in form.wordings]
    said = {s.name: s.severity for s in sums} | {w.code: w.severity for w in wordings}
    return {code: own.severities.get(code, severity) for code, severity in said.items()}


def _titles(own: Rules) -> dict[str, str]:
    forms = templates()
    found = {s.name: s.zh for form in forms for table in form.tables for s in table.sums}
    found |= {r.code: r.zh for form in forms for r in form.rules}
    found |= {w.code: w.zh for form in reversed(forms) for w in reversed(form.wordings)}
    return found | {r.code: r.zh for r in own.rules} | {"narrative_repeats": "正文与上一年几乎相同"}


def _summary(told: Checked, dataset: Path, own: Rules) -> str:
    """What was tried, what came of it, and what a person does next."""
    years = "" if told.years is None else f", {told.years[0]} to {told.years[1]}"
    lines = [f"{told.reports} reports of {told.bodies} bodies{years}"]
    if told.left_out:
        lines.append(f"{told.left_out} left out: no body, no year or no values 未计入（缺机关、年度或数据）")
    lines += ["", f"{'rule':<24}{'pass':>9}{'fail':>9}{'unsure':>9}{'no data':>9}"]
    titles = _titles(own)
    for rule in sorted({rule for rule, _ in told.outcomes}):
        counts = "".join(f"{told.outcomes[rule, o]:>9}" for o in _OUTCOMES)
        lines.append(f"{rule:<24}{counts}  {titles.get(rule, '')}")
    if told.findings:
        lines += ["", "findings 提示"]
        lines += [f"  {n:>8}  {severity:<8} {code}" for (code, severity), n in sorted(told.findings.items())]
    if told.first:
        lines += ["", "look at first / 请先查看:"]
        lines += [f"  {name}   {why}" for _, name, why in told.first]
    lines += [
        "",
        f"why: {dataset / 'series_findings.csv'} (several reports), {dataset / 'findings.csv'} (one report)",
        f"every rule tried: {dataset / 'series.csv'}, {dataset / 'checks.csv'}",
    ]
    return "\n".join(lines) + "\n"


def _plain(told: Checked) -> dict[str, object]:
    rules = sorted({rule for rule, _ in told.outcomes})
    return {
        "reports": told.reports,
        "bodies": told.bodies,
        "left_out": told.left_out,
        "years": told.years,
        "rules": {rule: {o: told.outcomes[rule, o] for o in _OUTCOMES} for rule in rules},
        "findings": [
            {"code": code, "severity": severity, "count": n}
            for (code, severity), n in sorted(told.findings.items())
        ],
        "first": [{"source_file": name, "why": why} for _, name, why in told.first],
    }
