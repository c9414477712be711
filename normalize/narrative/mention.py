"""Narrative → Mentions: its numbers, what they count, and the slots of the form that they are for. Never a Fact."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache

from gongkai.model import Address, Fact, Mention, Place
from gongkai.normalize.narrative.quantity import find_quantities, fold, words
from gongkai.normalize.narrative.scope import tells_of_others
from gongkai.normalize.narrative.section import Owned
from gongkai.normalize.narrative.wording import Context, cut_clause, find_counted, find_slots, parse_address

#: A line of so many characters may go on in the next one, cut by the width of the page.
_WRAPPED = 18
_SENTENCE_ENDS = re.compile(r"[。！？；：!?;:]\s*$")
_MARK = re.compile(
    r"^\s*(?:[(（﹙]?[一二三四五六七八九十\d]{1,3}[)）﹚、.．]|第[一二三四五六七八九十]|[①-⑳])"
)
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")
_NUMERIC = re.compile(r"[\d０-９没未无不暂零二三四五六七八九十百两]")
_NEGATIVE = re.compile("没有|未|无|不存在")
#: A longer text is no sentence but a page without full stops.
_LONGEST = 600


def find_mentions(
    owned: Sequence[Owned], year: int | None, form: str | None, facts: Sequence[Fact], org: str | None = None
) -> tuple[Mention, ...]:
    """The Mentions of a report's narrative, in reading order. `org` and `year` are whose report it is."""
    forms = _forms(form, facts)
    result: list[Mention] = []
    for sentence, place, section, path in _cut_sentences(owned):
        if _NUMERIC.search(sentence) is not None:
            context = Context(section, year, forms, org)
            result += _find_numbers(sentence, place, path, context)
            result += _find_denials(sentence, place, path, context)
    return tuple(result)


def _forms(form: str | None, facts: Sequence[Fact]) -> Mapping[str, str]:
    """The form of each table: that of its facts, or else that of the report."""
    forms = {f.field.table: f.field.template for f in facts}
    if form in ("2019", "2021"):
        for table in ("proactive", "requests", "review"):
            forms.setdefault(table, form)
    elif form == "2014":
        forms.setdefault("statistics", form)
    return forms


def _cut_sentences(owned: Sequence[Owned]) -> Iterator[tuple[str, Place, str, str]]:
    """Sentences with their place, section and path; lines cut by the width of a page are joined."""
    text, first = "", None
    for o in owned:
        line = (o.line.number + o.line.text).strip()
        if first is not None and _is_wrapped(text, line, first, o):
            text += line
            continue
        if first is not None:
            yield from _split_sentences(text, first)
        text, first = line, o
    if first is not None:
        yield from _split_sentences(text, first)


def _is_wrapped(text: str, line: str, first: Owned, following: Owned) -> bool:
    return (
        first.path == following.path
        and len(text) >= _WRAPPED
        and _SENTENCE_ENDS.search(text) is None
        and _MARK.match(line) is None
        and len(text) < _LONGEST
    )


def _split_sentences(text: str, o: Owned) -> Iterator[tuple[str, Place, str, str]]:
    for hit in _SENTENCE.finditer(text):
        sentence = hit[0].strip()
        if sentence and len(sentence) <= _LONGEST:
            yield sentence, o.line.place, o.section, o.path


def _find_numbers(sentence: str, place: Place, path: str, context: Context) -> Iterator[Mention]:
    """The numbers of a sentence."""
    found = find_quantities(sentence)
    for n, q in enumerate(found):
        parts = cut_clause(sentence, found, n)
        fields, rule = find_slots(sentence, q, parts, context)
        if q.value == 0 and not fields and re.search("[均都]", parts[0]):  # 行政复议、行政诉讼均为0
            fields = _zero_slots(parts[0], "", sentence, context)
            rule = "none" if fields else ""
        yield Mention(
            q.value,
            q.unit,
            q.printed,
            find_counted(parts),
            sentence,
            context.section,
            place,
            fields,
            rule,
            path,
            q.approximate,
        )


@cache
def _denial_pattern() -> re.Pattern[str]:
    zero = words()["zero"]
    objects = "|".join(sorted(zero["objects"], key=len, reverse=True))
    return re.compile(
        rf"""
        (?P<denial>{zero["strong"]}|{zero["denials"]})
        (?P<between>{zero["between"]}|(?<=[到生现发过])[^，,。；;：不未逾超]{{0,30}}?)
        (?:{objects}){zero["after"]}
        (?:(?:和|及|与|或|以及|、|也)*(?:{zero["denials"]})?{zero["between"]}(?:{objects}){zero["after"]})*
        (?=\s*(?:[，,。；;：）)]|$))
        """,
        re.VERBOSE,
    )


def _find_denials(sentence: str, place: Place, path: str, context: Context) -> Iterator[Mention]:
    """Zeros in words: 没有收到政府信息公开申请."""
    if _NEGATIVE.search(sentence) is None:
        return
    text = fold(sentence)
    for hit in _denial_pattern().finditer(text):
        denied = hit[0][len(hit["denial"]) :]
        fields = _zero_slots(denied, hit["between"], sentence, context)
        yield Mention(
            Decimal(0),
            "",
            hit["denial"],
            denied.strip(),
            sentence,
            context.section,
            place,
            fields,
            "none" if fields else "",
            path,
            False,
            True,
        )


def _zero_slots(denied: str, between: str, sentence: str, context: Context) -> tuple[Address, ...]:
    """The slots that are 0 where a sentence denies `denied`; `between` stands before the first thing denied."""
    about = context.section in ("review", "requests") or re.search(r"信息公开|依申请|公开申请", sentence)
    if not about or re.search(r"其中|去年|上年(?!度?结转)", denied):
        return ()
    if tells_of_others(sentence.partition(denied)[0], context.org, context.year):
        return ()
    named = [parse_address(a) for kind in _denied_kinds(denied, between) for a in words()["none"][kind]]
    return tuple(a for a in named if a[0] in context.forms)


def _denied_kinds(denied: str, between: str) -> list[str]:
    """What a sentence denies, as keys of [none] in mentions.toml."""
    kinds = [kind for kind, word in (("reconsideration", "复议"), ("litigation", "诉讼")) if word in denied]
    if kinds or re.search(r"费|投诉|举报|申诉", denied):
        return kinds
    if "结转" in denied:
        return [_carried_kind(denied)]
    plain = re.fullmatch(words()["zero"]["between"], between) is not None
    return ["received"] if plain and "申请" in denied else []


def _carried_kind(denied: str) -> str:
    return "carried_out" if re.search(r"下年|下一年|次年|明年", denied) else "carried_in"
