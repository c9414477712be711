"""A number in a sentence → what it counts, and the slots of the form that its wording names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from gongkai.model import Address
from gongkai.normalize.narrative.quantity import Quantity, words
from gongkai.normalize.narrative.scope import tells_of_others
from gongkai.record import dataclass

#: Where a clause ends. 、 stands inside one.
_END = re.compile(r"[，,；;。！？（(）)“”\n]")
_BRACKET = re.compile(r"[（(][^（()）\d]{0,40}[)）]")
#: A change, a mean, a plan or another year's figure: no slot of the form is for such.
_COMPARED = re.compile(
    """
      增长|增加|减少|下降|提高|上升|同比|环比|较|比(?:上|去)|相比|平均|月均
    | 去年(?!结转)|上年(?!度?结转)|上一年(?!度?结转)|同期|历年
    | 预计|计划|力争 | 分别
    """,
    re.VERBOSE,
)
_CASES = re.compile(r"复议|诉讼")
_TRIMMED = re.compile(r"^(?:20\d\d年度?|截[至止].*?[，日]|[的、和及与：:\s]|以来)+|[的、和及与：:\s]+$")


@dataclass(frozen=True, slots=True)
class SlotRule:
    """A wording and its slots; see mentions.toml."""

    id: str
    forms: frozenset[str]
    units: frozenset[str]
    word: str
    says: str
    never: str
    context: str
    section: str
    after: str
    unless: str
    fields: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds a sentence: its section, the report's year and body, the form of each table."""

    section: str
    year: int | None
    forms: Mapping[str, str]
    org: str | None = None


def parse_address(text: str) -> Address:
    """`table.row.column` as an address."""
    table, row, column = text.split(".")
    return table, row, column


@cache
def rules() -> tuple[SlotRule, ...]:
    """The rules of mentions.toml, in their order."""
    data = words()
    return tuple(
        SlotRule(
            r["id"],
            frozenset(r["forms"]),
            frozenset(data["kinds"][r["units"]]),
            r["word"],
            r["says"].replace("{fill}", data["fill"]),
            r.get("never", ""),
            r.get("context", ""),
            r.get("section", ""),
            r.get("after", ""),
            r.get("unless", ""),
            tuple(parse_address(f) for f in r["fields"]),
        )
        for r in data["rule"]
    )


def cut_clause(sentence: str, found: Sequence[Quantity], n: int) -> tuple[str, str]:
    """The words before and after the `n`-th quantity, up to the clause's ends or its neighbours."""
    q = found[n]
    begin = found[n - 1].end if n else 0
    before = _BRACKET.sub("", sentence[begin : q.start])
    cuts = [m.end() for m in _END.finditer(before)]
    before = before[cuts[-1] :] if cuts else before
    until = found[n + 1].start if n + 1 < len(found) else len(sentence)
    after = sentence[q.end : until]
    cut = _END.search(after)
    if cut is not None:
        after = after[: cut.start()]
    elif n + 1 < len(found):
        after = after.partition("、")[0] if "、" in after else ""  # the rest are words of the next number
    return before.strip("、 \t"), after


def find_slots(
    sentence: str, q: Quantity, parts: tuple[str, str], context: Context
) -> tuple[tuple[Address, ...], str]:
    """The slots whose sum a quantity is, by its wording, and the rule; () and "" where no rule fits or several do."""
    before, after = parts
    text = f"{before}#{after}"
    ahead = sentence[: q.start]
    likely = [r for r in rules() if r.word in text and q.unit in r.units]
    if not likely or q.approximate or _COMPARED.search(before):
        return (), ""
    if tells_of_others(ahead, context.org, context.year):
        return (), ""
    hits = [r for r in likely if _fits(r, text, before, ahead, sentence, context)]
    fields = {r.fields for r in hits}
    return (hits[0].fields, hits[0].id) if len(fields) == 1 else ((), "")


def _fits(r: SlotRule, text: str, before: str, ahead: str, sentence: str, context: Context) -> bool:
    """Whether a rule is for this clause. `ahead` is the sentence up to the number."""
    if not _pattern(r.says).search(text) or (r.never and _pattern(r.never).search(before)):
        return False
    if r.unless and _pattern(r.unless).search(sentence):
        return False
    if any(context.forms.get(f[0]) not in r.forms for f in r.fields):
        return False
    if r.after:
        cases = _CASES.findall(ahead)
        if not cases or cases[-1] != r.after:
            return False
    in_section = r.section != "" and r.section == context.section
    return in_section or r.context == "" or _pattern(r.context).search(sentence) is not None


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """A pattern of mentions.toml, compiled when it is first needed: few reports need many."""
    return re.compile(text)


_OR_MORE = re.compile(r"^\s*(?:左右|以上|以下|以内|上下)")
#: Characters beside a number among which the counted noun is looked for.
_PHRASE = 40


# What is counted -----------------------------------------------------------------------------


@cache
def _dictionary() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """The words of the dictionary with their kinds by their first character, the longest first."""
    data = words()
    by_first: dict[str, list[tuple[str, str]]] = {}
    for kind, name in (("term", "terms"), ("verb", "verbs"), ("filler", "fillers")):
        for word in data[name]:
            by_first.setdefault(word[0], []).append((word, kind))
    return {c: tuple(sorted(many, key=lambda w: -len(w[0]))) for c, many in by_first.items()}


def _split_words(text: str) -> Iterator[tuple[str, str]]:
    """A clause as (word, kind): the longest words of the dictionary, and what stands between them.

    The longest word wins, whatever its kind: 信息公开申请 holds the verb 公开.
    """
    known = _dictionary()
    at = rest = 0
    while at < len(text):
        hit = next((w for w in known.get(text[at], ()) if text.startswith(w[0], at)), None)
        if hit is None:
            at += 1
            continue
        if rest < at:
            yield text[rest:at], "other"
        yield hit
        at = rest = at + len(hit[0])
    if rest < at:
        yield text[rest:], "other"


def find_counted(parts: tuple[str, str]) -> str:
    """What is counted, in the sentence's own words: before the number as a rule, or right after it."""
    before, after = parts
    tokens = list(_split_words(before[-_PHRASE:]))
    while tokens and tokens[-1][1] == "filler":
        tokens.pop()
    while tokens and tokens[0][1] == "filler":
        del tokens[0]
    noun: list[tuple[str, str]] = []
    for token in reversed(tokens):
        if token[1] in ("verb", "filler"):
            break
        noun.insert(0, token)
    left = _trim("".join(w for w, _ in noun))
    right = _noun_after(after)
    if left and (any(kind == "term" for _, kind in noun) or not right):
        return left
    return right or _trim("".join(w for w, _ in tokens))


def _noun_after(after: str) -> str:
    """The noun that follows a number: 3份目录清单."""
    taken = ""
    for word, kind in _split_words(_OR_MORE.sub("", after[:_PHRASE])):
        if kind in ("verb", "filler"):
            break
        taken += word
    bare = _trim(taken)
    return bare if 2 <= len(bare) <= 20 else ""


def _trim(text: str) -> str:
    return _TRIMMED.sub("", text).strip()
