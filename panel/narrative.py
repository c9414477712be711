"""sections.parquet → columns of the narrative: lengths, keywords, similarity to the year before, problems and measures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import jieba  # type: ignore[import-untyped]
import numpy as np
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from gongkai.panel.missing import NO_BOX, NO_REPORT, PART_MISSING, PRESENT
from gongkai.panel.panel_table import Panel

SECTIONS = ("overview", "proactive", "requests", "review", "problems", "other")
#: keywords of a report
KEYWORDS = 10
#: a clause that is compared has so many characters; shorter ones stand in every report
LEAST_CLAUSE = 5
_BLANKS = re.compile(r"\s+")
_CLAUSES = re.compile(r"[。；！？，、：;!?,:\n]+")
_FIGURES = re.compile(r"[0-9０-９]+(?:[.．][0-9０-９]+)?")
#: a keyword is Chinese and has two characters or more
_WORD = re.compile(r"[\u4e00-\u9fff]{2,}")
#: what an item begins with: 一是, （一）, 1.
_DIGITS = "一二三四五六七八九"
_NUMERAL = f"[{_DIGITS}十]"
_MARK = rf"(?:{_NUMERAL}{{1,2}}是|（{_NUMERAL}{{1,3}}）|[0-9]{{1,2}}[.．、](?![0-9]))"
_ITEM = re.compile(rf"(?:^|(?<=[：:；;。，,\n]))\s*{_MARK}")
#: words before an item that say what it is; the nearest decides
_PROBLEM = re.compile(
    "不足|改进的?地方|存在[^。；\n]{0,12}(?:问题|情况)|主要问题|问题(?:主要)?[是有：:]|困难|差距|薄弱|短板"
)
_MEASURE = re.compile(
    r"""
    下一步 | 今后 | 改进(?!的?地方) | 整改 | 打算 | 对策 | 措施 | 努力方向 | 为此 | 工作(?:计划|思路|安排)
    | (?:做好|抓好|开展|采取|推进)(?:了)?(?:以下|如下|下列)          # 重点做好以下工作
    | 将(?:要|会)?(?:重点|着力|继续|进一步|切实|从|在|采取|不断|围绕|按照|认真|努力|大力|深入|坚持|主要|着重|以)
    | (?:我们|我[市县区乡镇局办委厅院]|本(?:级|机关|单位|部门))将
    """,
    re.VERBOSE,
)
#: names a problem only to answer it: 针对存在问题，2025年我们将…
_ANSWER = re.compile(
    r"(?:针对(?!性)|为了?(?:解决|改进))[^。；：:\n]{0,30}?(?:问题|不足|情况|短板|差距|困难)|(?:上述|以上)(?:问题|不足|情况|短板)"
)
#: the words of the section's own heading, which speak of both
_BOTH = re.compile("(?:问题|不足)(?:及|和|与|、)(?:其)?(?:改进|整改|下一步)[^。；，：:\n]{0,8}")
#: a numbered heading over problems or measures, which is no item itself: （一）存在的主要问题
_HEADING = re.compile(
    r"""
    (?:(?:工作|公开)中?)?(?:仍然?|还)?(?:存在的?)?(?:主要|突出)?(?:问题|不足|困难)(?:之处)?(?:及(?:其)?原因)?
    | (?:(?:下一步|今后|具体|\d{4}年)的?)?(?:工作)?(?:改进|整改|努力)?(?:的)?(?:情况|措施|打算|方向|思路|计划|安排|对策)
    | 下一步(?:的)?工作
    """,
    re.VERBOSE,
)
_SENTENCE_END = re.compile(r"[。；;\n]")
#: where a line of a page ends inside a sentence
_WRAP = re.compile(rf"(?<![。；;：:！？!?])\s*\n\s*(?!\s|{_MARK})")

ItemKind = Literal["problem", "measure", "unclear"]


@dataclass(frozen=True, slots=True)
class Item:
    """One of the problems or measures that a report lists. `unclear`: its words do not say which of the two."""

    kind: ItemKind
    text: str


def list_items(text: str) -> tuple[Item, ...]:
    """The problems and measures of a section that lists them (一是…；二是…).

    What stands before the first item of a list says what all of them are; an item's own words do not: a measure
    may speak of a problem.

    >>> [(i.kind, i.text) for i in list_items("仍存在不足：一是解读单一；二是人员变动。下一步，一是针对不足加强培训；二是督查。")]
    [('problem', '解读单一'), ('problem', '人员变动'), ('measure', '针对不足加强培训'), ('measure', '督查')]
    """
    text = _WRAP.sub("", text)
    starts = list(_ITEM.finditer(text))
    items: list[Item] = []
    kinds: dict[str, tuple[int, ItemKind]] = {}
    done = 0
    for i, start in enumerate(starts):
        stop = starts[i + 1].start() if i + 1 < len(starts) else len(text)
        style, number = _numeral(start[0])
        last, kind = kinds.get(style, (0, "unclear"))
        if number != last + 1 or number == 1:
            kind = _kind_of(text[done : start.start()])
        kinds[style] = (number, kind)
        whole = text[start.end() : stop]
        told = _SENTENCE_END.split(whole.strip(), maxsplit=1)[0].strip(" ，,：:")
        if _HEADING.fullmatch(re.split("[：:]", told, maxsplit=1)[0]):
            done = start.start()  # its words say what the items below it are
            continue
        done = start.end() + whole.find(told) + len(told)
        if told:
            items.append(Item(kind, told))
    return tuple(items)


def _numeral(printed: str) -> tuple[str, int]:
    """How an item is numbered, and its number: ("是", 2) for 二是."""
    digits = re.sub(r"\D", "", printed)
    if digits:
        return "1.", int(digits)
    value = 0
    for letter in printed:
        if letter == "十":
            value = max(value, 1) * 10
        elif letter in _DIGITS:
            value += _DIGITS.index(letter) + 1
    return printed.strip()[-1], value


def _kind_of(before: str) -> ItemKind:
    """What the items behind some words are, by the last telling ones."""
    answers = [m.start() for m in _ANSWER.finditer(before)]
    before = _ANSWER.sub(_blank, _BOTH.sub(_blank, before))
    problem = max((m.start() for m in _PROBLEM.finditer(before)), default=-1)
    measure = max((*answers, *(m.start() for m in _MEASURE.finditer(before))), default=-1)
    if problem == measure:
        return "unclear"
    return "problem" if problem > measure else "measure"


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def add_narrative(panel: Panel, folder: Path) -> None:
    """Put the columns of the narrative into a panel, and its items."""
    jieba.setLogLevel(60)  # it tells standard error that it loads its dictionary
    ids = panel.texts["report_id"]
    texts = _read_sections(folder, frozenset(id for id in ids if id))
    terms = {id: _split(sections) for id, sections in texts.items()}
    keywords = _keywords({id: found.words for id, found in terms.items()})
    for section in SECTIONS:
        for what in ("chars", "words"):
            numbers = [terms[id].sizes.get((section, what), np.nan) if id in terms else np.nan for id in ids]
            _put(panel, f"tx_{section}_{what}", ids, numbers, NO_BOX.number)
    panel.texts["tx_keywords"] = np.array([keywords.get(id, "") for id in ids], dtype=object)
    items = {id: list_items(sections["problems"]) for id, sections in texts.items() if "problems" in sections}
    for name, kind in (("tx_problems_items", "problem"), ("tx_measures_items", "measure")):
        counts = [sum(i.kind == kind for i in items[id]) if id in items else np.nan for id in ids]
        _put(panel, name, ids, counts, NO_BOX.number)
    problems = [texts.get(id, {}).get("problems", "") for id in ids]
    _put(panel, "d_text_same", ids, _compare_years(panel, problems), PART_MISSING.number)
    years = panel.numbers["year"]
    panel.items = [
        {
            "body_id": panel.texts["body_id"][row],
            "year": int(years[row]),
            "report_id": id,
            "number": number,
            "kind": item.kind,
            "text": item.text,
        }
        for row, id in enumerate(ids)
        for number, item in enumerate(items.get(id, ()), 1)
    ]


def _put(panel: Panel, name: str, ids: Any, numbers: Sequence[float], missing: int) -> None:
    values = np.array(numbers, dtype=np.float64)
    codes = np.where(np.isnan(values), missing, PRESENT)
    panel.put(name, values, np.where(ids == "", NO_REPORT.number, codes))


def _read_sections(folder: Path, wanted: frozenset[str]) -> dict[str, dict[str, str]]:
    """The text of each section of each wanted report: lines of level 1 hold it whole."""
    found: dict[str, dict[str, str]] = {}
    file = pq.ParquetFile(folder / "sections.parquet")
    for batch in file.iter_batches(1_000, columns=["report_id", "section", "level", "text"]):
        for id, section, level, text in zip(*(c.to_pylist() for c in batch.columns), strict=True):
            if level == 1 and id in wanted:
                own = found.setdefault(id, {})
                own[section] = f"{own[section]}\n{text}" if section in own else text
    return found


# Words ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Terms:
    """The characters and words of each section, and how often each word that may be a keyword stands in the report."""

    sizes: Mapping[tuple[str, str], int]
    words: Mapping[str, int]


def _split(sections: Mapping[str, str]) -> _Terms:
    sizes: dict[tuple[str, str], int] = {}
    words: dict[str, int] = {}
    for section, text in sections.items():
        told = [w for w in jieba.cut(_BLANKS.sub("", text)) if any(c.isalnum() for c in w)]
        sizes[section, "chars"] = len(_BLANKS.sub("", text))
        sizes[section, "words"] = len(told)
        for word in told:
            if _WORD.fullmatch(word):
                words[word] = words.get(word, 0) + 1
    return _Terms(sizes, words)


def _keywords(reports: Mapping[str, Mapping[str, int]]) -> dict[str, str]:
    """The words of each report that are frequent in it and rare in the others, by TF-IDF."""
    holding: dict[str, int] = {}
    for words in reports.values():
        for word in words:
            holding[word] = holding.get(word, 0) + 1
    found = {}
    for id, words in reports.items():
        weights = {w: n * np.log((1 + len(reports)) / (1 + holding[w])) for w, n in words.items()}
        best = sorted((w for w in weights if weights[w] > 0), key=lambda w: (-weights[w], w))
        found[id] = " ".join(best[:KEYWORDS])
    return found


# Years ---------------------------------------------------------------------------------------------


def _compare_years(panel: Panel, texts: Sequence[str]) -> list[float]:
    """How much of each text stands in that of the body's year before; NaN where there is none."""
    years, bodies = panel.numbers["year"], panel.texts["body_id"]
    found = [float("nan")] * len(texts)
    for row in range(1, len(texts)):
        if bodies[row] == bodies[row - 1] and years[row] == years[row - 1] + 1:
            found[row] = repeat_share(texts[row], texts[row - 1])
    return found


def repeat_share(text: str, before: str) -> float:
    """The share of a text's characters in clauses that another one has too, figures aside; NaN where one has none.

    >>> round(repeat_share("公开内容还有差距，培训了12人", "公开内容还有差距，人员变动频繁"), 3)
    0.615
    """
    clauses, earlier = list(_clauses(text)), set(_clauses(before))
    length = sum(map(len, clauses))
    if not length or not earlier:
        return float("nan")
    return sum(len(c) for c in clauses if c in earlier) / length


def _clauses(text: str) -> Iterator[str]:
    for clause in _CLAUSES.split(text):
        plain = _FIGURES.sub("#", _BLANKS.sub("", clause))
        if len(plain) >= LEAST_CLAUSE:
            yield plain
