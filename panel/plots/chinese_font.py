"""Which type on this system draws Chinese: chosen by the characters it has, not by its name alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

#: type that is liked, best first: without serifs and of simplified Chinese
_LIKED = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "Hiragino Sans GB",
    "HarmonyOS Sans SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei", "Noto Sans CJK JP", "Heiti SC", "SimSun",
)  # fmt: skip
#: characters that any type for Chinese has
_TRIED = "政府信息公开年度报告机关申请结转"


class NoFont(ValueError):
    """No type on this system draws Chinese: one line that says what to install."""


@dataclass(frozen=True, slots=True)
class ChineseFont:
    """The type that is taken: its name, its file, and the characters of the plots that it does not have."""

    name: str
    path: Path
    lacks: str = ""


def find_font(text: Iterable[str] = ()) -> ChineseFont:
    """The type that has most of the characters of `text`; of equals the one that is liked most.

    Raises NoFont where none has Chinese at all.
    """
    from matplotlib import font_manager  # the extra "stats" installs it

    wanted = {c for part in (*text, _TRIED) for c in part if ord(c) > 0x2E7F}
    best: tuple[tuple[int, int, str, str], ChineseFont] | None = None
    read: dict[str, frozenset[int]] = {}
    for entry in font_manager.fontManager.ttflist:
        if entry.style != "normal" or entry.weight not in (400, "normal", "regular", "book"):
            continue
        if entry.fname not in read:
            read[entry.fname] = _characters(entry.fname)
        has = read[entry.fname]
        if not all(ord(c) in has for c in _TRIED):
            continue
        lacks = "".join(sorted(c for c in wanted if ord(c) not in has))
        liked = _LIKED.index(entry.name) if entry.name in _LIKED else len(_LIKED)
        rank = (len(lacks), liked, entry.name, entry.fname)
        if best is None or rank < best[0]:
            best = (rank, ChineseFont(entry.name, Path(entry.fname), lacks))
    if best is None:
        raise NoFont(
            "no type with Chinese characters is installed; install one, for instance fonts-noto-cjk "
            "(Debian, Ubuntu) or google-noto-sans-cjk-fonts (Fedora), then try again"
        )
    return best[1]


def _characters(path: str) -> frozenset[int]:
    """The characters that a file of type has; none where it cannot be opened."""
    from matplotlib.ft2font import FT2Font  # the extra "stats" installs it

    try:
        return frozenset(FT2Font(path).get_charmap())
    except (OSError, RuntimeError):  # a broken file, or one without a table of characters
        return frozenset()
