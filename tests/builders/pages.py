"""What stands in a page of Markdown: headings, tables, code, commands, links."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from gongkai.commands import COMMANDS

NAMES = {name for name, _, _ in COMMANDS}
_FENCE = re.compile(r"^```([\w ]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def headings(page: str) -> list[int]:
    """How deep each heading stands."""
    return [len(marks) for marks in re.findall(r"^(#+) ", _FENCE.sub("", page), re.MULTILINE)]


def tables(page: str) -> list[tuple[int, int]]:
    """Rows and columns of each table."""
    found = re.findall(r"(?:^\|.*\|\n)+", page, re.MULTILINE)
    return [(len(table.splitlines()), table.splitlines()[0].count("|") - 1) for table in found]


def blocks(page: str) -> list[tuple[str, str]]:
    """Each fenced block of code with what stands behind its fence."""
    return _FENCE.findall(page)


def code(page: str) -> list[tuple[str, str]]:
    """Each block of code with its language, without comments and spaces."""
    return [(kind, re.sub(r"\s+|#.*", "", text)) for kind, text in blocks(page)]


def commands(page: str) -> set[str]:
    """Every command that is named."""
    return set(re.findall(r"gongkai ([a-z]+)\b", page)) & NAMES


def options(page: str) -> set[str]:
    """Every option that is named."""
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", page))


def links(page: str) -> set[str]:
    """What is linked to, the page in the other language left out; a page counts in any language."""
    return {t.replace(".zh.md", ".md") for t in re.findall(r"\]\(([^)]+)\)", page)}


def indented(page: str) -> list[str]:
    """Each line of a block of code that is indented, not fenced: by four spaces behind an empty line, outside of lists."""
    found: list[str] = []
    before = ""
    for line in _FENCE.sub("", page).splitlines():
        if line.startswith("    ") and (not before.strip() or before.startswith("    ")):
            found.append(line[4:])
        before = line
    return found


def command_lines(page: str) -> Iterator[list[str]]:
    """Every command of ours that stands in a block of code, fenced or indented, as words."""
    lines = [line for kind, text in blocks(page) if kind in ("sh", "") for line in text.splitlines()]
    lines += re.findall(r"^ {4}(gongkai .*)$", page, re.MULTILINE)
    for line in lines:
        if line.startswith("gongkai "):
            yield shlex.split(re.split(r"\s{2,}#", line)[0], comments=True)[1:]


def spoken_commands(page: str) -> Iterator[list[str]]:
    """Every command of ours that stands in running text, with options or without, as words."""
    for span in re.findall(r"`gongkai ([^`\n]+)`", _FENCE.sub("", page)):
        yield span.split()
