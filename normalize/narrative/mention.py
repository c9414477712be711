"""Narrative → Mentions: its numbers, what they count, and the slots that they speak of. Never a Fact."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache

from gongkai.model import Address, Fact, Mention, Place
from gongkai.normalize.narrative.quantity import fold, quantities, words
from gongkai.normalize.narrative.scope import elsewhere
from gongkai.normalize.narrative.section import Owned
from gongkai.normalize.narrative.wording import Context, address, clause, counts, slots

#: A line that goes on in the next one: it was cut by the width of a page, not by its writer.
_WRAPPED = 18
_CLOSED = re.compile(r"[。！？；：!?;:]\s*$")
_MARK = re.compile(
    r"^\s*(?:[(（﹙]?[一二三四五六七八九十\d]{1,3}[)）﹚、.．]|第[一二三四五六七八九十]|[①-⑳])"
)
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")
_NUMERIC = re.compile(r"[\d０-９没未无不暂零二三四五六七八九十百两]")
_DENIES = re.compile("没有|未|无|不存在")
#: Longer than this is no sentence, but a page without full stops.
_LONGEST = 600


def mentions(
    owned: Sequence[Owned], year: int | None, form: str | None, facts: Sequence[Fact], org: str | None = None
) -> tuple[Mention, ...]:
    """The Mentions of a report's narrative, in reading order. `org` and `year` are whose report it is."""
    forms = _forms(form, facts)
    result: list[Mention] = []
    for sentence, place, section, path in _sentences(owned):
        if _NUMERIC.search(sentence) is not None:
            context = Context(section, year, forms, org)
            result += _counted(sentence, place, path, context)
            result += _denied(sentence, place, path, context)
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


def _sentences(owned: Sequence[Owned]) -> Iterator[tuple[str, Place, str, str]]:
    """Sentences with their place, section and path; lines that a page's width cut are put together."""
    text, first = "", None
    for o in owned:
        line = (o.line.number + o.line.text).strip()
        if first is not None and _goes_on(text, line, first, o):
            text += line
            continue
        if first is not None:
            yield from _split(text, first)
        text, first = line, o
    if first is not None:
        yield from _split(text, first)


def _goes_on(text: str, line: str, first: Owned, next: Owned) -> bool:
    return (
        first.path == next.path
        and len(text) >= _WRAPPED
        and _CLOSED.search(text) is None
        and _MARK.match(line) is None
        and len(text) < _LONGEST
    )


def _split(text: str, o: Owned) -> Iterator[tuple[str, Place, str, str]]:
    for hit in _SENTENCE.finditer(text):
        sentence = hit[0].strip()
        if sentence and len(sentence) <= _LONGEST:
            yield sentence, o.line.place, o.section, o.path


def _counted(sentence: str, place: Place, path: str, context: Context) -> Iterator[Mention]:
    """The numbers of a sentence."""
    found = quantities(sentence)
    for n, q in enumerate(found):
        parts = clause(sentence, found, n)
        fields, rule = slots(sentence, q, parts, context)
        if q.value == 0 and not fields and re.search("[均都]", parts[0]):  # 行政复议、行政诉讼均为0
            fields = _none(parts[0], "", sentence, context)
            rule = "none" if fields else ""
        yield Mention(
            q.value,
            q.unit,
            q.printed,
            counts(parts),
            sentence,
            context.section,
            place,
            fields,
            rule,
            path,
            q.approximate,
        )


@cache
def _denial() -> re.Pattern[str]:
    zero = words()["zero"]
    objects = "|".join(sorted(zero["objects"], key=len, reverse=True))
    return re.compile(
        rf"(?P<denial>{zero['strong']}|{zero['denials']})(?P<what>(?P<between>{zero['between']}|(?<=[到生现发过])[^，,。；;：不未逾超]{{0,30}}?)(?P<object>{objects}){zero['after']})"
        rf"(?:(?:和|及|与|或|以及|、|也)*(?:{zero['denials']})?(?P<more>{zero['between']}(?:{objects}){zero['after']}))*(?=\s*(?:[，,。；;：）)]|$))"
    )


def _denied(sentence: str, place: Place, path: str, context: Context) -> Iterator[Mention]:
    """“没有收到政府信息公开申请”: 0 in words."""
    if _DENIES.search(sentence) is None:
        return
    text = fold(sentence)
    for hit in _denial().finditer(text):
        said = hit[0][len(hit["denial"]) :]
        fields = _none(said, hit["between"], sentence, context)
        yield Mention(
            Decimal(0),
            "",
            hit["denial"],
            said.strip(),
            sentence,
            context.section,
            place,
            fields,
            "none" if fields else "",
            path,
            False,
            True,
        )


def _none(said: str, between: str, sentence: str, context: Context) -> tuple[Address, ...]:
    """The slots that are 0 where `said` is denied; `between` stands before the first thing denied."""
    about = context.section in ("review", "requests") or re.search(r"信息公开|依申请|公开申请", sentence)
    if not about or re.search(r"其中|去年|上年(?!度?结转)", said):
        return ()
    if elsewhere(sentence.partition(said)[0], context.org, context.year):
        return ()
    named = [address(a) for kind in _kinds(said, between) for a in words()["none"][kind]]
    return tuple(a for a in named if a[0] in context.forms)


def _kinds(said: str, between: str) -> list[str]:
    """What there was none of, as keys of [none] in mentions.toml."""
    kinds = [kind for kind, word in (("reconsideration", "复议"), ("litigation", "诉讼")) if word in said]
    if kinds or re.search(r"费|投诉|举报|申诉", said):
        return kinds
    if "结转" in said:
        return [_carried(said)]
    plain = re.fullmatch(words()["zero"]["between"], between) is not None
    return ["received"] if plain and "申请" in said else []


def _carried(said: str) -> str:
    return "carried_out" if re.search(r"下年|下一年|次年|明年", said) else "carried_in"
