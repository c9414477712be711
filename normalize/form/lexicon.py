"""The forms, the listed wordings and a user's alias file → a Lexicon: printed label → id, as a Match.

Exact before alias before fuzzy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from gongkai.model import Label, Match
from gongkai.normalize.form.label import (
    key,
    level,
    names_group_before,
    numeral,
    own_key,
    own_part,
    part_starts,
    short_key,
    simplify,
    spellings,
)
from gongkai.normalize.form.likeness import likeness
from gongkai.normalize.form.template import templates
from gongkai.record import dataclass
from gongkai.startup_cache import parse_toml, read_toml

#: A fuzzy score (0 to 100) below this is no match: 予以公开 and 不予公开 score 75.
CUT_OFF = 80.0
#: The best candidate must lead the next by as many points; 本年新收 and 上年结转 score 79.
MARGIN = 8.0
#: Candidates that a label keeps, the best first.
_MOST_CANDIDATES = 8
#: Two boxes of a text in one: a wide gap parts a value from the label before it.
_WITH_VALUE = re.compile(r"\S[ \xa0]{3,}(?:\d[\d,.]*|[/—-]{1,2}|无)\s*")

#: Wordings by table, "rows" or "columns", and id, as alias files have them.
Aliases = Mapping[str, Mapping[str, Mapping[str, list[str]]]]


# eq=False: compared and hashed by identity, so that it is a cheap key of caches.
@dataclass(frozen=True, slots=True, eq=False)
class Glossary:
    """Every wording of one table's rows, or of its columns, over all forms, and the id that it means.

    `wordings` are key → (id, rule), `printed` those of them that a page may have: all but the ids themselves.
    `groups` are the keys of labels that stand over several rows.
    `levels` and `numerals` are, by id, the kinds of number and the numbers that the forms print.
    """

    wordings: Mapping[str, tuple[str, str]]
    printed: Mapping[str, tuple[str, str]]
    groups: frozenset[str]
    levels: Mapping[str, str | None]
    numerals: Mapping[str, frozenset[int | None]]

    @lru_cache(maxsize=16384)  # noqa: B019  a glossary lives as long as the process
    def match(self, printed: str) -> Match | None:
        """The Match of one label alone, or None where no candidate is near enough.

        Where a label stands is not looked at: 其他 or 总计 get the id that the table knows them by.
        """
        listed = self.exact(printed)
        if listed is not None:
            return listed
        best = self.ranked(printed)
        if not best:
            return None
        (id, score), *rest = best
        lead = score - rest[0][1] if rest else score
        if score < CUT_OFF or lead < MARGIN:
            return None
        if self.contradicts_number(printed, id) or self._begins_with_another(printed, id):
            return None
        return Match(printed, id, score, "fuzzy", best[:3])

    @lru_cache(maxsize=16384)  # noqa: B019  as above
    def exact(self, printed: str) -> Match | None:
        """The Match of a label that stands as the form or an alias has it, else None."""
        for spelling in spellings(printed):
            hit = self.wordings.get(spelling)
            if hit is not None:
                # in this order: few labels have groups before them, and own_key is slow
                by_own_part = own_part(printed) != printed and spelling == own_key(printed)
                return (
                    None
                    if by_own_part and self.is_mingled(printed)
                    else Match(printed, hit[0], 100.0, hit[1])
                )
        return None

    @lru_cache(maxsize=16384)  # noqa: B019  as above
    def ranked(self, printed: str) -> tuple[tuple[str, float], ...]:
        """Every id with its best score (0 to 100) for this label, best first; at most eight.

        None for a label that has parts of two, or two whole ones.
        """
        if self.is_mingled(printed) or self._names_two(printed) or _WITH_VALUE.search(printed):
            return ()
        if names_group_before(printed):
            # the whole begins with （六）其他处理, which is a row of another form, and is none
            own = self._rank({own_key(printed)} - {""})
            if own and own[0][1] >= CUT_OFF:
                return own
        return self._rank({simplify(s) for s in spellings(printed)} - {""})

    def _rank(self, spelled: set[str]) -> tuple[tuple[str, float], ...]:
        best: dict[str, float] = {}
        for spelling in spelled:
            for wording, (id, _) in self.printed.items():
                score = likeness(spelling, wording)
                if score > best.get(id, 0.0):
                    best[id] = score
        order = sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))
        return tuple((id, round(score, 1)) for id, score in order[:_MOST_CANDIDATES])

    @lru_cache(maxsize=16384)  # noqa: B019  as above
    def is_mingled(self, printed: str) -> bool:
        """Whether a label has parts of two rows' labels: a line of the one slid into the box of the other.

        Before its own part a box may repeat the labels of its groups and nothing else. Which of the
        rows it is remains open: what stands first may be its own label, or the end of the row above.
        """
        starts = part_starts(printed)
        if not starts:
            return False
        parts = _cut(printed, [0, *starts])
        # OCR reads （五） before a group's words as (1）
        if sum(level(part) == "line" and simplify(key(part)) not in self.groups for part in parts) > 1:
            return True
        return any(self._is_of_a_row(simplify(k)) for part in parts[:-1] if (k := key(part)))

    def _begins_with_another(self, printed: str, id: str) -> bool:
        """Whether the first line of a box is by itself the label of another row, with its number, than the whole is like."""
        first, _, rest = printed.partition("\n")
        if not rest or level(first) is None:
            return False
        alone = self.exact(first)
        return alone is not None and alone.id != id

    def _names_two(self, printed: str) -> bool:
        """Whether a box holds the whole labels of two rows or columns: 自然人商业企业, where no wall was seen between them."""
        whole = simplify(key(printed))
        halves = (
            (self.wordings.get(whole[:n]), self.wordings.get(whole[n:])) for n in range(2, len(whole) - 1)
        )
        return any(a is not None and b is not None and a[0] != b[0] for a, b in halves)

    def _is_of_a_row(self, part: str) -> bool:
        """Whether these words are a row's own label, or a piece of one, and not those of a group."""
        if any(part in group or group in part for group in self.groups):
            return False
        return any(part in wording for wording in self.wordings)

    def split_rows(self, text: str) -> list[str] | None:
        """The labels of rows that stand one after the other in a text, those of groups left out.

        None where the text does not begin with a number: what stands first is the end of another label.
        """
        starts = part_starts(text)
        if not starts or key(text[: starts[0]]):
            return None
        only_groups = self.groups - self.wordings.keys()
        return [part for part in _cut(text, starts) if simplify(key(part)) not in only_groups]

    def contradicts_number(self, printed: str, id: str) -> bool:
        """Whether a label's number is not the form's: （六） cannot be 3.其他, nor 一、 the row 二、上年结转.

        For labels that are not spelled as the form or an alias has them. The numbers of lines (2.危机
        “三安全一稳定”) are often typed wrongly and do not count; those of the table's own items do.
        """
        part = own_part(printed)  # the labels of groups before it have numbers of their own
        own, due = level(part), self.levels.get(id)
        if own is None or due is None:
            return False
        return own != due or (own == "item" and numeral(part) not in self.numerals[id])


def _cut(text: str, starts: list[int]) -> list[str]:
    """The pieces of a text that begin at each of these places."""
    return [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]


class TableGlossaries(NamedTuple):
    """The wordings of one table."""

    rows: Glossary
    columns: Glossary


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """The wordings of every table of the forms, by the table's id."""

    tables: Mapping[str, TableGlossaries]

    def __getitem__(self, table: str) -> TableGlossaries:
        return self.tables[table]


def read_lexicon(aliases: Path | None = None) -> Lexicon:
    """The Lexicon with a user's own alias file, which has the shape of aliases.toml.

    Built once for each content. Raises OSError, UnicodeDecodeError or tomllib.TOMLDecodeError
    where the file is none.
    """
    return _build("" if aliases is None else aliases.read_text("utf-8-sig"))


@lru_cache(maxsize=16)
def _build(users: str) -> Lexicon:
    own = read_toml(__package__, "aliases.toml")
    aliases = _merge(own, parse_toml(users) if users else {})
    tables = dict.fromkeys(t.id for form in templates() for t in form.tables)
    return Lexicon({table: _build_table(table, aliases.get(table, {})) for table in tables})


def _merge(own: dict[str, dict[str, dict[str, list[str]]]], users: Aliases) -> Aliases:
    """The listed wordings and a user's, which stand before those of the same id."""
    for table, kinds in users.items():
        for kind, ids in kinds.items():
            for id, printed in ids.items():
                slot = own.setdefault(table, {}).setdefault(kind, {})
                slot[id] = [*printed, *slot.get(id, [])]
    return own


def _build_table(table: str, aliases: Mapping[str, Mapping[str, list[str]]]) -> TableGlossaries:
    forms = [t for form in templates() for t in form.tables if t.id == table]
    rows = [label for t in forms for label in t.rows]
    columns = [label for t in forms for label in t.columns]
    return TableGlossaries(
        _build_glossary(rows, aliases.get("rows", {})),
        _build_glossary(columns, aliases.get("columns", {})),
    )


def _build_glossary(labels: Iterable[Label], aliases: Mapping[str, list[str]]) -> Glossary:
    """The wordings of the forms' labels first, then the aliases: a key keeps the meaning it has first."""
    wordings: dict[str, tuple[str, str]] = {}
    groups: set[str] = set()
    levels: dict[str, str | None] = {}
    # a label whose number cannot be read contradicts nothing
    numerals: dict[str, frozenset[int | None]] = {}
    for label in labels:
        leaf = label.path[-1]
        for k in (key(leaf), short_key(leaf)):
            wordings.setdefault(k, (label.id, "exact"))
        groups |= {key(text) for text in label.path[:-1]}
        levels.setdefault(label.id, level(leaf))
        numerals[label.id] = numerals.get(label.id, frozenset({None})) | {numeral(leaf)}
    for id, printed in aliases.items():
        for wording in printed:
            wordings.setdefault(key(wording), (id, "alias"))
    # What an interface sends may have the ids themselves. They are matched exactly: a word that is only
    # like an id is no label.
    ids = {key(label.id): (label.id, "alias") for label in labels if key(label.id) not in wordings}
    return Glossary(wordings | ids, wordings, frozenset(groups - {""}), levels, numerals)


#: Tables whose rows and columns have labels; the list of 2014 has labels of rows alone.
_TABLES = ("proactive", "requests", "review")
#: table, "rows" or "columns", the Match if any, the best candidates with their scores
LabelMatch = tuple[str, str, Match | None, tuple[tuple[str, float], ...]]


def match_label(text: str, table: str | None = None, aliases: Path | None = None) -> list[LabelMatch]:
    """What a printed label would mean in one table or in each, the likeliest first."""
    lexicon = read_lexicon(aliases)
    matches = [
        (name, kind, glossary.match(text), glossary.ranked(text)[:5])
        for name in ((table,) if table else _TABLES)
        for kind, glossary in zip(("rows", "columns"), lexicon[name], strict=True)
    ]
    return sorted(matches, key=lambda m: (m[2] is None, -(m[3][0][1] if m[3] else 0.0)))
