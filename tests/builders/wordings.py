"""The English wordings that the code speaks to people in, found in its source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from house import ROOF, STAGES

ROOT = Path(__file__).parents[2]

#: what becomes the text of a Refused when it is raised in a room below
ERRORS = {
    "Refused", "ValueError", "TypeError", "OSError", "FileNotFoundError", "FileExistsError", "BadCorrection", "BadDecision",
    "BadToml", "BadAddress", "ClusterError", "CrawlError",
}  # fmt: skip
#: the rooms and files whose errors a command shows as they are
SPEAKING = (
    "commands", "correct/ledger.py", "run/__init__.py", "run/check.py", "run/diff.py", "run/corrections.py",
    "run/discover.py", "run/review_pages.py", "run/cluster", "emit/read", "emit/write/folder.py", "panel",
    "user_toml.py", "audit/rule_term.py", "crawl/__init__.py", "crawl/site.py", "crawl/try_page.py", "nightly/config.py",
    "nightly/version.py", "normalize/identity/body.py",
)  # fmt: skip


def sources(*places: str) -> Iterator[tuple[Path, ast.AST]]:
    """Every node of the source in some rooms and files, with its file."""
    for place in places:
        path = ROOT / place
        for file in [path] if path.suffix else sorted(path.rglob("*.py")):
            for node in _nodes(file):
                yield file, node


@cache
def _nodes(file: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(file.read_text("utf-8"))))


def wording(node: ast.AST | None) -> str | None:
    """A text with {holes} for what is filled in, each hole named by nothing; None for what is no text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join("{}" if isinstance(v, ast.FormattedValue) else v.value for v in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = wording(node.left), wording(node.right)
        return None if left is None or right is None else left + right
    return None


def bare(text: str) -> str:
    """A wording with its holes without names: two that differ in names alone are one."""
    return re.sub(r"\{\w*\}", "{}", text)


def _called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def needs_chinese(text: str) -> bool:
    """Whether a wording is English alone: it has a word, and nothing Chinese."""
    return bool(re.search(r"[a-z]{3}", re.sub(r"`[^`]*`|\{\w*\}", "", text))) and not re.search(
        "[一-鿿]{3}", text
    )


def said() -> Iterator[tuple[Path, str]]:
    """What commands print: the wordings that say() is given."""
    for file, node in sources("commands"):
        if _called(node) == "say" and isinstance(node, ast.Call) and (text := wording(node.args[0])):
            yield file, text


def refused() -> Iterator[tuple[Path, str]]:
    """What errors say."""
    for file, node in sources(*SPEAKING):
        if _called(node) in ERRORS and isinstance(node, ast.Call):
            at = 1 if _called(node) == "BadToml" else 0
            if len(node.args) > at and (text := wording(node.args[at])):
                yield file, text


def helped() -> Iterator[tuple[Path, str]]:
    """What --help prints: each parameter, and each paragraph of what a command does."""
    for file, node in sources("commands"):
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg == "help" and (text := wording(keyword.value)):
                    yield file, text
        if isinstance(node, ast.FunctionDef) and node.name == "command":
            for paragraph in (ast.get_docstring(node) or "").split("\n\n"):
                yield file, " ".join(paragraph.split())


def texts() -> str:
    """All texts in the source of the product, one after another, holes as {}."""
    places = [*STAGES, *ROOF, *(path.name for path in ROOT.glob("*.py"))]
    return "\n".join(text for _, node in sources(*places) if (text := wording(node)) is not None)
