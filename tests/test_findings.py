"""Every code of a finding, and every wording of the commands, stands in its catalogue in both languages and is in use."""

from __future__ import annotations

import ast
import re
import runpy
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from builders.wordings import bare, helped, needs_chinese, refused, said, texts
from gongkai.commands.output.catalogue import sections, wordings
from gongkai.model import Severity, catalogue, flag

ROOT = Path(__file__).parents[1]
FOLDERS = ("extract", "normalize", "audit", "correct", "emit", "run", "commands", "review")


@cache
def nodes() -> list[tuple[Path, ast.AST]]:
    """Everything that stands in the source, with its file."""
    paths = [
        ROOT / "model.py",
        ROOT / "pipeline.py",
        *sorted(p for f in FOLDERS for p in (ROOT / f).rglob("*.py")),
    ]
    return [(path, node) for path in paths for node in ast.walk(ast.parse(path.read_text("utf-8")))]


def made(node: ast.AST) -> ast.expr | None:
    """The code that a call of Finding or model.Finding is given, None for anything else."""
    if not isinstance(node, ast.Call):
        return None
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if name not in ("Finding", "flag"):
        return None
    return node.args[0] if node.args else next(k.value for k in node.keywords if k.arg == "code")


def stated(node: ast.AST) -> ast.expr | None:
    """What `code = …` gives, with or without a type: the code of a DocumentError."""
    if isinstance(node, ast.Assign):
        target, value = node.targets[0], node.value
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        target, value = node.target, node.value
    else:
        return None
    return value if isinstance(target, ast.Name) and target.id == "code" else None


def verdicts() -> set[str]:
    """What run/ says of a child that ended: the first of every pair that `_verdict` makes."""
    codes = set()
    for _, node in nodes():
        if isinstance(node, ast.FunctionDef) and node.name == "_verdict":
            firsts = [n.elts[0] for n in ast.walk(node) if isinstance(n, ast.Tuple)]
            codes |= {str(n.value) for n in firsts if isinstance(n, ast.Constant)}
    return codes


def used() -> set[str]:
    """The codes of findings, of DocumentError classes and of what becomes of a killed child."""
    codes = verdicts()
    for _, node in nodes():
        for expression in (made(node), stated(node)):
            if isinstance(expression, ast.Constant) and isinstance(expression.value, str):
                codes.add(expression.value)
    return codes


def test_every_code_is_in_the_catalogue_and_every_entry_in_use() -> None:
    assert set(catalogue()) == used()


def test_every_entry_has_its_severity_and_its_words_in_both_languages() -> None:
    for code, entry in catalogue().items():
        assert set(entry) == {"severity", "en", "cure_en", "zh", "cure_zh"}, code
        assert entry["severity"] in get_args(Severity), code
        assert all(text.strip() for text in entry.values()), code
        assert re.search("[一-鿿]", entry["zh"]) and re.search("[一-鿿]", entry["cure_zh"]), code
    assert list(catalogue()) == sorted(catalogue())


def test_the_pages_are_made_from_the_catalogue() -> None:
    for name, text in runpy.run_path(str(ROOT / "docs" / "make.py"))["pages"]().items():
        assert (ROOT / "docs" / name).read_text("utf-8") == text, f"{name}: run `make findings`"


def test_a_code_that_nobody_listed_is_a_bug() -> None:
    with pytest.raises(KeyError):
        flag("no-such-code", "a message")


def test_a_place_may_say_otherwise_how_bad_it_is() -> None:
    assert flag("pictures", "two pictures").severity == "note"
    assert flag("pictures", "two pictures", severity="warning").severity == "warning"


def test_a_code_is_written_out_where_the_finding_is_made() -> None:
    # `Report.failed` is handed its code: that of a DocumentError, or of a verdict. A dataset that
    # is read back holds the codes of findings that were made before.
    handed = [
        f"{path.name}:{node.lineno}"
        for path, node in nodes()
        if isinstance(node, ast.Call)
        and (code := made(node)) is not None
        and not isinstance(code, ast.Constant)
        and path.name not in ("model.py", "restore.py")
    ]
    assert handed == []


def test_the_end_of_a_child_is_told_by_its_own_codes() -> None:
    assert verdicts() == {"timeout", "memory", "crashed"}


def test_what_the_commands_say_has_a_chinese_wording() -> None:
    known = {bare(english) for english in wordings()}
    lacking = {
        f"{file.relative_to(ROOT)}: {text}"
        for file, text in (*helped(), *said(), *refused())
        if needs_chinese(text) and bare(text) not in known
    }
    assert lacking == set(), (
        "give commands/messages.toml a line for each, English on the left, Chinese on the right"
    )


def test_the_holes_of_a_chinese_wording_are_those_of_the_english_one() -> None:
    hole = re.compile(r"\{(\w+)\}")
    for english, chinese in wordings().items():
        # the Chinese one may leave one out: a rule's English title beside its Chinese one
        assert set(hole.findall(chinese)) <= set(hole.findall(english)), english


def test_every_code_is_named_by_a_test() -> None:
    told = "\n".join(p.read_text("utf-8") for p in (ROOT / "tests").rglob("*.py"))
    assert [code for code in catalogue() if not re.search(rf"\b{code}\b", told)] == []


def test_a_wording_that_nothing_says_any_more_is_taken_out() -> None:
    source = " ".join(texts().split())
    stale = {
        f"[{section}] {english}"
        for section in ("help", "commands", "errors", "findings")
        for english in sections()[section]
        for part in re.split(r"\{\w+\}", english)
        if len(part.strip()) > 3 and " ".join(part.split()) not in source
    }
    assert stale == set(), (
        "the code says it otherwise now: change or remove the line in commands/messages.toml"
    )


def test_no_wording_stands_in_two_sections() -> None:
    assert sum(map(len, sections().values())) == len(wordings())
