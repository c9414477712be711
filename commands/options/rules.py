"""A user's own rules: a TOML file to Rules. docs/rules.md shows a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Self

import msgspec
from msgspec import Meta

from gongkai.commands.options.named_files import read_toml
from gongkai.model import Relation, Rule, Severity
from gongkai.normalize import templates
from gongkai.user_toml import Texts, TomlTable, Written

_CODE = re.compile(r"\w[\w.-]{0,39}")


@dataclass(frozen=True, slots=True)
class Rules:
    """Further rules, and severities that replace those of the forms, by code."""

    rules: tuple[Rule, ...] = ()
    severities: Mapping[str, Severity] = field(default_factory=dict)


class Tolerance(Decimal, Written):
    """A number from 0 on, as it is written; "0.5" in quotes is none."""

    @classmethod
    def read(cls, written: object) -> Self:
        """The number. Raises TypeError."""
        if isinstance(written, bool) or not isinstance(written, int | Decimal):
            raise TypeError("a number is wanted")
        number = cls(written)
        if not number.is_finite() or number < 0:
            raise TypeError("a number from 0 on is wanted")
        return number


_Text = Annotated[str, Meta(description='a text, "…"')]
_Severity = Annotated[Severity, Meta(description="one of error, warning, note")]


class RuleTable(TomlTable, frozen=True):
    """A table [[rules]]; the check reads the terms of `left` and `right` when it begins."""

    code: Annotated[str, Meta(description='letters, digits, "." and "_", code = "U1"')]
    left: Texts = ()
    right: Texts = ()
    relation: Annotated[Relation, Meta(description="one of =, <=, >=")] = "="
    severity: _Severity = "warning"
    zh: _Text = ""
    en: _Text = ""
    source: _Text = ""
    templates: Texts = ()
    tolerance: Annotated[Tolerance, Meta(description="a number from 0 on, 0.5")] = Tolerance(0)

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code):
            raise ValueError('code: wants letters, digits, "." and "_", code = "U1"')
        forms = [form.id for form in templates()]
        for form in self.templates:
            if form not in forms:
                raise ValueError(f"there is no form {form}; templates are {', '.join(forms)}")


class RulesFile(TomlTable, frozen=True):
    """A file of rules."""

    rules: Annotated[tuple[RuleTable, ...], Meta(description="tables [[rules]], one heading a rule")] = ()
    severity: Annotated[
        dict[str, _Severity], Meta(description='a table [severity] of codes and severities, R1 = "error"')
    ] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        known = _codes()
        codes = [rule.code for rule in self.rules]
        for code in codes:
            if code in known or codes.count(code) > 1:
                raise ValueError(f"{code}: the code is taken; give every rule one of its own")
        for code in self.severity:
            if code not in known:
                raise ValueError(f'[severity] {code}: wants the code of a rule and a severity, R1 = "error"')


def read_rules(path: Path) -> Rules:
    """The rules of a file. Raises Refused where it is not one."""
    file = read_toml(path, RulesFile, "docs/rules.md shows a file")
    rules = [msgspec.structs.asdict(rule) for rule in file.rules]
    return Rules(tuple(Rule(**r | {"tolerance": Decimal(r["tolerance"])}) for r in rules), file.severity)


def _codes() -> set[str]:
    """The codes of the forms' own rules."""
    forms = templates()
    sums = {s.name for form in forms for table in form.tables for s in table.sums}
    over_years = {r.code for form in forms for r in form.rules}
    return sums | over_years | {w.code for form in forms for w in form.wordings}
