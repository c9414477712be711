"""A text → the places that it names, which tell one 高桥镇 from another."""

from __future__ import annotations

import re
import unicodedata

from gongkai.normalize.identity.division import division, find_places
from gongkai.record import dataclass

#: Characters of the names that are looked for. Two are too few: 和县 stands in 区和县.
_LONGEST, _LEAST = 15, 3
_END = re.compile(r"[省市州盟县旗区]")
#: Provinces that are a city: 北京, 天津, 上海, 重庆.
MUNICIPALITIES = ("11", "12", "31", "50")


@dataclass(frozen=True, slots=True)
class Localities:
    """Codes of the provinces, cities and counties that a text names in full."""

    codes: frozenset[str]

    def include(self, code: str) -> bool:
        """Whether this division is one of the places that the text names, or lies in one."""
        return any(code.startswith(named) for named in self.codes)

    def around(self, code: str) -> str:
        """The smallest of the named places that this division lies in, "" where none is."""
        return max((named for named in self.codes if code.startswith(named)), key=len, default="")

    def single_out(self, code: str) -> bool:
        """Whether the text tells this division from others of its name.

        It must name the county or city around it, and no other county or city. A province is not
        enough; a municipality is.
        """
        ranked = {c for c in self.codes if len(c) > 2 or c in MUNICIPALITIES}
        return any(code.startswith(c) for c in ranked) and all(code.startswith(c) for c in ranked)


def find_localities(text: str) -> Localities:
    """The places that a text names. A name of several counties counts with its city before it."""
    folded = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    codes: set[str] = set()
    for hit in _END.finditer(folded):
        for start in range(max(0, hit.end() - _LONGEST), hit.end() - _LEAST + 1):
            found = [n.code for n in find_places(folded[start : hit.end()]) if n.rule != "stem"]
            if found:
                codes |= set(found) if len(found) == 1 else {c for c in found if _before(folded[:start], c)}
                break
    return Localities(frozenset(codes))


def _before(text: str, code: str) -> bool:
    parents = division(code).parents
    return bool(parents) and text.endswith(parents[-1])
