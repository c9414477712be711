"""The text of style sheets → rules: a selector and what it declares, as a reader at a desk sees the page.

A sheet may be hostile: everything here takes time that grows with its length alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from gongkai.model import TooLarge
from gongkai.record import dataclass

#: The names behind a colon that a browser knows.
_KNOWN = frozenset(
    {
        "hover", "focus", "focus-visible", "focus-within", "active", "visited", "link", "any-link", "target", "target-within",
        "local-link", "root", "empty", "first-child", "last-child", "only-child", "first-of-type", "last-of-type",
        "only-of-type", "nth-child", "nth-last-child", "nth-of-type", "nth-last-of-type", "not", "is", "where", "has", "matches",
        "any", "lang", "dir", "checked", "disabled", "enabled", "required", "optional", "valid", "invalid", "in-range",
        "out-of-range", "read-only", "read-write", "placeholder-shown", "default", "indeterminate", "before", "after",
        "first-line", "first-letter", "selection", "marker", "placeholder", "backdrop", "cue", "part", "slotted", "host",
        "host-context", "defined", "fullscreen", "modal", "popover-open", "open", "autofill", "user-valid", "user-invalid",
        "scope", "playing", "paused", "muted", "picture-in-picture", "file-selector-button", "grammar-error", "spelling-error",
        "target-text", "highlight", "details-content", "view-transition", "state", "nth-col", "nth-last-col",
    }
)  # fmt: skip
_PSEUDO = re.compile(r"(?<!\\):{1,2}(-?[A-Za-z][\w-]*)")
_INSIDE = re.compile(r"\[[^\]]*\]|\\.|\"[^\"]*\"|'[^']*'")

#: Style sheets of a page with more characters than this are refused.
MOST_CHARACTERS = 4_000_000
#: A longer selector names nothing on a page.
LONGEST_SELECTOR = 500
#: Rules in rules are followed so deep, and their selectors are put together up to so many characters.
_DEEPEST, _LONGEST_INNER = 20, 4_000
#: The width of the window in which the page is seen, in pixels.
_WINDOW = 1280
_MARK = re.compile(r"[{};\"']")
_FEATURE = re.compile(r"\(\s*(min|max)-(?:device-)?width\s*:\s*(\d{1,5}(?:\.\d{1,3})?)\s*(px|em|rem)?\s*\)")
#: The layer of rules that stand in none: they weigh more than all that do.
UNLAYERED = 1 << 20
_GROUPS = ("@media", "@supports", "@layer", "@container", "@scope")
_IMPORTANT = re.compile(r"\s*!\s*important\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Declaration:
    """A property's value, and whether it is !important."""

    value: str
    important: bool = False


@dataclass(frozen=True, slots=True)
class StyleRule:
    """One selector of a rule, and what it declares, by property; rules in a later `layer` weigh more."""

    selector: str
    declarations: Mapping[str, Declaration]
    layer: int = 0


def is_sheet_shown(attributes: Mapping[str, str | None]) -> bool:
    """Whether a <style> of these attributes is a sheet for a screen."""
    kind, media = (attributes.get("type") or "text/css").strip().lower(), attributes.get("media") or ""
    return kind == "text/css" and (not media.strip() or _applies(f"@media {media.lower()}"))


def read_rules(text: str) -> Iterator[StyleRule]:
    """The rules of a sheet in their order, one for each selector; one with a selector that no browser knows is dropped.

    Raises TooLarge.
    """
    if len(text) > MOST_CHARACTERS:
        raise TooLarge(f"style sheets of {len(text):,} characters; the limit is {MOST_CHARACTERS:,}")
    for prelude, body, layer in _split_rules(_drop_comments(text)):
        declarations = read_declarations(body)
        selectors = list(_split_selectors(prelude)) if declarations else []
        if not any(is_unknown(selector) for selector in selectors):
            for selector in selectors:
                if 0 < len(selector) <= LONGEST_SELECTOR:
                    yield StyleRule(selector, declarations, layer)


def read_declarations(body: str) -> dict[str, Declaration]:
    """Properties and their values; of one property the last, unless one before is !important."""
    found: dict[str, Declaration] = {}
    for part in body.split(";"):
        name, colon, value = part.partition(":")
        if not colon or len(value) > 500:
            continue
        plain = _IMPORTANT.sub("", value)
        declared = Declaration(plain.strip(), plain != value)
        name = name.strip()
        name = name if name.startswith("--") else name.lower()
        if name and not (name in found and found[name].important and not declared.important):
            found[name] = declared
    return found


def is_unknown(selector: str) -> bool:
    """Whether a selector has a name behind a colon that no browser knows; what is made for one browser is known."""
    if ":" not in selector:
        return False
    names = _PSEUDO.findall(_INSIDE.sub("", selector))
    return any(name.lower() not in _KNOWN and not name.startswith("-") for name in names)


def _drop_comments(text: str) -> str:
    """A sheet without its comments; one that does not end takes the rest with it."""
    parts = []
    at = 0
    while (start := text.find("/*", at)) >= 0:
        parts.append(text[at:start])
        end = text.find("*/", start + 2)
        if end < 0:
            return "".join(parts)
        at = end + 2
    return "".join((*parts, text[at:])).replace("<!--", "").replace("-->", "")


class _Block(NamedTuple):
    """Braces while they are open: a rule, a group of rules or something skipped, and where its inside begins."""

    kind: str
    selectors: str
    begin: int
    layer: int


def _split_rules(text: str) -> Iterator[tuple[str, str, int]]:
    """What stands before and in the braces of each rule that applies on a screen, of rules in rules too, and its layer."""
    outside = _Block("group", "", 0, UNLAYERED)
    open_blocks: list[_Block] = []
    layers: dict[str, int] = {}
    start = at = 0
    while (mark := _MARK.search(text, at)) is not None:
        at = mark.end()
        if mark[0] in "\"'":
            at = _skip_string(text, at, mark[0])
            continue
        before = text[start : mark.start()].strip()
        if mark[0] == "{":
            around = open_blocks[-1] if open_blocks else outside
            is_deep = len(open_blocks) >= _DEEPEST
            kind, selectors = ("skipped", "") if is_deep else _open(before, around)
            layer = _number_layers(before, layers) or around.layer
            open_blocks.append(_Block(kind, selectors, at, layer))
        elif mark[0] == "}":
            block = open_blocks.pop() if open_blocks else outside
            if block.kind == "rule":
                yield block.selectors, text[block.begin : mark.start()], block.layer
        else:
            _number_layers(before, layers)
        start = at


def _number_layers(prelude: str, layers: dict[str, int]) -> int:
    """The number of the layer that a block opens, 0 where it opens none; layers are numbered as they are first named."""
    if not prelude.lower().startswith("@layer"):
        return 0
    number = 0
    for name in prelude[len("@layer") :].split(","):
        number = layers.setdefault(name.strip() or f"{len(layers)}", len(layers) + 1)
    return number


def _open(prelude: str, around: _Block) -> tuple[str, str]:
    """What a brace opens in another block, and for which selectors: a rule, a group of rules, or something skipped."""
    if around.kind == "skipped":
        return "skipped", ""
    if prelude.startswith("@"):
        word = prelude.lower()
        applies = word.startswith(_GROUPS) and _applies(word)
        return (around.kind, around.selectors) if applies else ("skipped", "")
    if around.kind == "group":
        return "rule", prelude
    inner = ",".join(
        own.replace("&", outer) if "&" in own else f"{outer} {own}"
        for outer in list(_split_selectors(around.selectors))[:20]
        for own in list(_split_selectors(prelude))[:20]
    )
    return ("rule", inner) if len(inner) <= _LONGEST_INNER else ("skipped", "")


def _skip_string(text: str, at: int, quote: str) -> int:
    """Where a string ends: behind its quotation mark, or with its line."""
    end = text.find(quote, at)
    line = text.find("\n", at, end if end >= 0 else len(text))
    if line >= 0:
        return line
    return end + 1 if end >= 0 else len(text)


def _applies(prelude: str) -> bool:
    """Whether a group of rules is for a screen of a desk."""
    if prelude.startswith("@supports"):
        return not prelude.removeprefix("@supports").strip().startswith("not")
    if not prelude.startswith(("@media", "@container")):
        return True
    queries = prelude.removeprefix("@media").removeprefix("@container").split(",")
    return any(_is_query_true(query) for query in queries[:50])


def _is_query_true(query: str) -> bool:
    words = query.strip()
    if words.startswith("not"):
        return "print" in words and "(" not in words
    if "print" in words or "speech" in words or "dark" in words or "portrait" in words or "<" in words:
        return False
    for bound, number, unit in _FEATURE.findall(words):
        pixels = float(number) * (1 if unit in ("", "px") else 16)
        if (pixels > _WINDOW) if bound == "min" else (pixels < _WINDOW):
            return False
    return True


def _split_selectors(prelude: str) -> Iterator[str]:
    """The selectors between commas; a comma in brackets parts none."""
    depth = start = 0
    for i, c in enumerate(prelude):
        if c in "([":
            depth += 1
        elif c in ")]":
            depth -= 1
        elif c == "," and depth <= 0:
            yield prelude[start:i].strip()
            start = i + 1
    yield prelude[start:].strip()
