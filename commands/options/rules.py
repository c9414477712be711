"""A user's own rules: a TOML file to Rules, and what is wrong with it in one line. docs/rules.md shows it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from gongkai.commands import Refused
from gongkai.model import Rule, Severity
from gongkai.normalize import templates

_SEVERITIES = ("error", "warning", "note")
_CODE = re.compile(r"\w[\w.-]{0,39}")
_KEYS = {"code", "left", "right", "relation", "severity", "zh", "en", "source", "templates", "tolerance"}


@dataclass(frozen=True, slots=True)
class Rules:
    """Further rules, and severities that replace those of the forms, by code."""

    rules: tuple[Rule, ...] = ()
    severities: Mapping[str, Severity] = field(default_factory=dict)


def read(path: Path) -> Rules:
    """The rules of a file. Raises Refused where it is not one."""
    try:
        data = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    except OSError as error:
        raise Refused(f"{error.strerror or error}", 2, path) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(f"not TOML in UTF-8: {error}; docs/rules.md shows a file", 2, path) from error
    except RecursionError as error:
        raise Refused("lists in lists without end; docs/rules.md shows a file", 2, path) from error
    try:
        return _rules(data)
    except ValueError as error:
        raise Refused(str(error), 2, path) from error


def _rules(data: Mapping[str, Any]) -> Rules:
    """Raises ValueError with what is wrong and what is wanted."""
    strange = set(data) - {"rules", "severity"}
    if strange:
        raise ValueError(f"{sorted(strange)[0]} is not known; a file has [[rules]] and [severity]")
    known = _codes()
    rules = tuple(_rule(spec, n) for n, spec in enumerate(_tables(data.get("rules", [])), start=1))
    codes = [rule.code for rule in rules]
    taken = [c for c in codes if c in known or codes.count(c) > 1]
    if taken:
        raise ValueError(f"{taken[0]}: the code is taken; give every rule one of its own")
    severities = data.get("severity", {})
    for code, severity in severities.items() if isinstance(severities, dict) else [("severity", severities)]:
        if code not in known or severity not in _SEVERITIES:
            raise ValueError(f'[severity] {code}: wants the code of a rule and a severity, R1 = "error"')
    return Rules(rules, severities)


def _codes() -> set[str]:
    """The codes of the forms' own rules."""
    forms = templates()
    sums = {s.name for form in forms for table in form.tables for s in table.sums}
    over_years = {r.code for form in forms for r in form.rules}
    return sums | over_years | {w.code for form in forms for w in form.wordings}


def _tables(found: object) -> list[dict[str, Any]]:
    if not isinstance(found, list) or not all(isinstance(spec, dict) for spec in found):
        raise ValueError("rules are written as [[rules]], one heading a rule")
    return found


def _rule(spec: dict[str, Any], n: int) -> Rule:
    """One rule; its terms are read when the check begins."""
    code = spec.get("code", f"rule {n}")
    strange = set(spec) - _KEYS
    if strange:
        raise ValueError(f"{code}: {sorted(strange)[0]} is not known; there are {', '.join(sorted(_KEYS))}")
    if not isinstance(code, str) or not _CODE.fullmatch(code) or "code" not in spec:
        raise ValueError(f'rule {n}: wants a code of letters, digits, "." and "_", code = "U1"')
    relation, severity = spec.get("relation", "="), spec.get("severity", "warning")
    if relation not in ("=", "<=", ">="):
        raise ValueError(f"{code}: relation is =, <= or >=")
    if severity not in _SEVERITIES:
        raise ValueError(f"{code}: severity is error, warning or note")
    tolerance = spec.get("tolerance", 0)
    known = isinstance(tolerance, int | Decimal) and not isinstance(tolerance, bool)
    if not known or not Decimal(tolerance).is_finite() or tolerance < 0:
        raise ValueError(f"{code}: tolerance is a number from 0 on, tolerance = 0.5")
    lists = {name: _texts(spec, name, code) for name in ("left", "right", "templates")}
    forms = [form.id for form in templates()]
    strange = set(lists["templates"]) - set(forms)
    if strange:
        raise ValueError(f"{code}: there is no form {sorted(strange)[0]}; templates are {', '.join(forms)}")
    texts = {name: spec.get(name, "") for name in ("zh", "en", "source")}
    for name, text in texts.items():
        if not isinstance(text, str):
            raise ValueError(f'{code}: {name} is a text, {name} = "…"')
    return Rule(
        code,
        lists["left"],
        lists["right"],
        relation,
        severity,
        texts["zh"],
        texts["en"],
        texts["source"],
        lists["templates"],
        Decimal(tolerance),
    )


def _texts(spec: Mapping[str, Any], name: str, code: str) -> tuple[str, ...]:
    found = spec.get(name, [])
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        raise ValueError(f'{code}: {name} is a list of texts, {name} = ["…"]')
    return tuple(found)
