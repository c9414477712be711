"""Rules and oddities over a whole dataset, its years and bodies together. 跨年度、跨机关核对整个数据集。"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from gongkai.audit import Series
from gongkai.commands import Refused
from gongkai.commands.options.named_files import Dataset
from gongkai.commands.options.rules import Rules, read_rules
from gongkai.commands.output.help_page import wrap
from gongkai.commands.output.language import say
from gongkai.commands.output.screen import cells, pad, pad_left, write, write_json
from gongkai.model import Severity
from gongkai.normalize import templates
from gongkai.run.check import Checked
from gongkai.run.check import check as check_dataset

OUTCOMES = ("pass", "fail", "uncertain", "not_assessable")


#: characters of a line where no terminal says how many
_WIDE = 200


def command(
    dataset: Dataset,
    rules: Annotated[
        Path | None, typer.Option(help="TOML file with rules of your own; docs/rules.md.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The summary for programs.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No summary.")] = False,
) -> int:
    """Check the rules over years and bodies; write series and series_findings into DIR. 1: a rule of severity error fails."""
    own = read_rules(rules) if rules is not None else Rules()
    try:
        checked = check_dataset(dataset, Series(templates(), own.rules, own.severities), severities(own))
    except (
        ValueError,
        OSError,
    ) as error:  # a rule whose terms no form has; a folder of other files, a full disk
        raise Refused(str(error), 2, rules if isinstance(error, ValueError) else None) from error
    if as_json:
        write_json(_as_json(checked))
    elif not quiet:
        write(_summary(checked, dataset, own))
    sys.stdout.flush()
    return 1 if checked.errors else 0


def severities(own: Rules) -> dict[str, Severity]:
    """Code of a rule → the severity of a finding where the rule fails."""
    sums = [s for form in templates() for table in form.tables for s in table.sums]
    wordings = [w for form in templates() for w in form.wordings]
    by_form = {s.name: s.severity for s in sums} | {w.code: w.severity for w in wordings}
    return {code: own.severities.get(code, severity) for code, severity in by_form.items()}


def _titles(own: Rules) -> dict[str, str]:
    forms = templates()
    titles = {s.name: s.zh for form in forms for table in form.tables for s in table.sums}
    titles |= {r.code: r.zh for form in forms for r in form.rules}
    titles |= {w.code: w.zh for form in reversed(forms) for w in reversed(form.wordings)}
    return titles | {r.code: r.zh for r in own.rules} | {"narrative_repeats": "正文与上一年几乎相同"}


def _summary(checked: Checked, dataset: Path, own: Rules) -> str:
    """How often each rule passed and failed, and what a person does next. A terminal's lines are not broken by itself."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _WIDE
    lines = [say("{n} reports of {bodies} bodies", n=checked.reports, bodies=checked.bodies)]
    if checked.years is not None:
        lines[0] += say(", {first} to {last}", first=checked.years[0], last=checked.years[1])
    if checked.left_out:
        lines.append(say("{n} left out: no body, no year or no values", n=checked.left_out))
    heads = (say(head) for head in ("pass", "fail", "unsure", "no data"))
    lines += ["", pad(say("rule"), 24) + "".join(pad_left(h, 9) for h in heads)]
    titles = _titles(own)
    for rule in sorted({rule for rule, _ in checked.outcomes}):
        counts = "".join(f"{checked.outcomes[rule, o]:>9}" for o in OUTCOMES)
        line, title = f"{rule:<24}{counts}", titles.get(rule, "")
        if cells(f"{line}  {title}") <= width:
            lines.append(f"{line}  {title}")
        else:
            lines += [line, *(f"    {part}" for part in wrap(title, max(20, width - 4)))]
    if checked.findings:
        lines += ["", say("findings")]
        lines += [
            f"  {n:>8}  {pad(say(severity), 8)} {code}"
            for (code, severity), n in sorted(checked.findings.items())
        ]
    if checked.first:
        lines += ["", say("look at first:")]
        lines += [f"  {name}   {why}" for _, name, why in checked.first]
    lines += [
        "",
        say(
            "why: {several} (several reports), {one} (one report)",
            several=dataset / "series_findings.csv",
            one=dataset / "findings.csv",
        ),
        say(
            "every rule tried: {series}, {checks}",
            series=dataset / "series.csv",
            checks=dataset / "checks.csv",
        ),
    ]
    return "\n".join(lines) + "\n"


def _as_json(checked: Checked) -> dict[str, object]:
    rules = sorted({rule for rule, _ in checked.outcomes})
    return {
        "reports": checked.reports,
        "bodies": checked.bodies,
        "left_out": checked.left_out,
        "years": checked.years,
        "rules": {rule: {o: checked.outcomes[rule, o] for o in OUTCOMES} for rule in rules},
        "findings": [
            {"code": code, "severity": severity, "count": n}
            for (code, severity), n in sorted(checked.findings.items())
        ],
        "first": [{"source_file": name, "why": why} for _, name, why in checked.first],
    }
