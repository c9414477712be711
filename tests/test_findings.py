"""Every finding code has a paragraph with its cure, and every paragraph a code in use."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def used() -> set[str]:
    """The codes of Finding(...), of DocumentError classes and of what becomes of a killed child."""
    codes: set[str] = set()
    for path in [
        ROOT / "model.py",
        *(p for f in ("extract", "normalize", "audit", "run") for p in (ROOT / f).glob("*.py")),
    ]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding":
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant):
                    codes.add(str(first.value))
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.targets[0], ast.Name)
                and node.targets[0].id == "code"
            ) and isinstance(node.value, ast.Constant):
                codes.add(str(node.value.value))
    return codes | {"timeout", "memory", "crashed"}


def test_every_code_has_a_paragraph_and_every_paragraph_a_code() -> None:
    text = (ROOT / "docs" / "findings.md").read_text("utf-8")
    written = set(re.findall(r"^## (\S+)$", text, re.MULTILINE))
    assert written == used()
