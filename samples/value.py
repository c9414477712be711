"""VARIANTS 4: what stands in the boxes."""

from __future__ import annotations

from collections.abc import Iterator

from form import Sample, tables
from made import Made, city, each, printed, replaced, town, word
from page import Style
from truth import Owed

PEOPLE = (
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_welfare_org",
    "legal_service_org",
    "other",
    "total",
)


def values() -> Iterator[Made]:
    """Blanks and placeholders, signs, units, separators, sums that fail."""
    yield from blank()
    yield from sign()
    yield from unit()
    yield from differing()


def quiet(s: Sample) -> Sample:
    """The same report with 0 in every box of tables three and four."""
    for address in s.printed:
        if address[0] != "proactive":
            s.printed[address] = "0"
    return s


def blank() -> Iterator[Made]:
    """Boxes with nothing in them."""
    s = town(2019, "2019", 6)
    for n, address in enumerate(s.printed):
        if s.printed[address] == "0":
            s.printed[address] = ["", " ", "　　", "\u00a0", "/", "—", "\\", "无", "－", "0"][n % 10]
    yield word("2019_blanks.docx", s, "blanks of every kind and placeholders beside 0")
    s = quiet(town(2019, "2019", 106))
    seen: set[tuple[str, str]] = set()
    for table, row, column in s.printed:
        s.printed[table, row, column] = "　　0" if (table, row) not in seen else "　"
        seen.add((table, row))
    yield word("2019_first_cell.docx", s, "only the first box of a row filled, its 0 behind U+3000")
    s = town(2023, "2021", 107)
    for address in s.printed:
        if address[0] == "requests" and address[2] not in ("natural_person", "total"):
            s.printed[address] = ""
    for row in {r for t, r, _ in s.printed if t == "requests"}:
        s.printed["requests", row, "total"] = s.printed["requests", row, "natural_person"]
    yield word("2023_person_total.docx", s, "natural person and total filled, five blanks between")
    s = town(2022, "2021", 108)
    for address in s.printed:
        if address[0] == "requests":
            s.printed[address] = "0" if address[2] == "total" else ""
    yield word("2022_total_only.docx", s, "table three: the total of each row filled, nothing else")
    s = town(2022, "2021", 109)
    for address in s.printed:
        s.printed[address] = "3" if address[1] == "administrative_penalties" else ""
    yield word("2022_one_value.docx", s, "all boxes blank but one")
    s = town(2021, "2021", 110)
    for address in s.printed:
        kept = ("new_requests", "outcomes_total", "carried_out")
        if address[0] == "requests" and address[2] == "total" and address[1] not in kept:
            s.printed[address] = ""
    yield word("2021_totals_blank.docx", s, "the column 总计 blank but for three rows")


def sign() -> Iterator[Made]:
    """More and less."""
    s = city(2020, "2019", 111)
    for (row, column), text in {
        ("administrative_licensing", "change"): "+3",
        ("other_public_services", "change"): "增1423",
        ("administrative_penalties", "change"): "减4",
        ("administrative_coercion", "change"): "-393",
        ("administrative_fees", "change"): "--253",
        ("administrative_licensing", "prior_year_items"): "+22",
    }.items():
        s.printed["proactive", row, column] = text
    owed = Owed(None, either=(("proactive", "administrative_fees", "change"),))
    yield word(
        "2020_signs.docx", s, "+3, 增1423, 减4, -393, --253; a sign in the column of the year before", owed
    )
    s = town(2019, "2019", 112)
    for column, text in (("prior_year_items", "421"), ("change", "增1423"), ("decisions", "1844")):
        s.printed["proactive", "administrative_licensing", column] = text
    yield word("2019_cases.docx", s, "cases in place of items: 421 and 增1423 make 1844")


def unit() -> Iterator[Made]:
    """Units, separators, decimals."""
    s = city(2019, "2019", 7)
    for row, change in (("licensing", "减3"), ("penalties", "增15"), ("fees", "－８")):
        s.printed["proactive", f"administrative_{row}", "change"] = change
    s.printed["proactive", "government_procurement", "procurement_amount"] = "251000元"
    s.printed["proactive", "other_public_services", "decisions"] = "1,362"
    s.printed["proactive", "normative_documents", "made"] = "１２件"
    yield word("2019_money.docx", s, "元, 件, 增 and 减, separators, full-width digits")
    amount = ("proactive", "government_procurement", "procurement_amount")
    for name, seed, printed_, odd in (
        ("2020_ten_thousand.docx", 113, "1276.5534万元", "采购总金额 in 万元, four decimals"),
        ("2019_bare_amount.docx", 114, "52.15", "采购总金额 without any unit"),
        ("2019_absurd_amount.docx", 115, "23600万元", "采购总金额 of an absurd size, surely 元"),
        ("2020_zero_amount.docx", 116, "0.00", "采购总金额 0.00: printed, not blank"),
    ):
        s = town(int(name[:4]), "2019", seed)
        s.printed[amount] = printed_
        s.printed["proactive", "government_procurement", "procurement_items"] = "3项"
        yield word(name, s, odd, Owed(doubt="absurd" in name))
    fees = ("proactive", "administrative_fees", "fees_collected")
    s = town(2021, "2021", 117)
    s.printed[fees] = "12000元"
    yield word("2021_fee_yuan.docx", s, "元 in a box of the column （单位：万元）")
    s = town(2022, "2021", 118)
    s.printed[fees] = "35000元"
    drawn = each(tables(s), replaced(("单位：万元", "单位：元")))
    made = word("2022_fee_head_yuan.docx", s, "the head of the column says 元", drawn=drawn)
    for line in drawn["proactive"]:
        for box in line:
            box.text = "35000" if box.address == fees else box.text
    plain = word(made.name, s, made.odd, drawn=drawn)
    yield Made(made.name, plain.data, made.truth, made.odd)
    s = city(2022, "2021", 119)
    s.printed["proactive", "administrative_licensing", "decisions"] = "11398889"
    s.printed["proactive", "administrative_penalties", "decisions"] = "3,985,758"
    s.printed["proactive", "administrative_coercion", "decisions"] = "１,３６２"
    s.printed[fees] = "59237.2449"
    yield printed("2022_large.pdf", s, "figures of eight digits, separators in some", Style())


def differing() -> Iterator[Made]:
    """Sums that fail, boxes that hold no number, text and table that differ."""
    s = city(2021, "2021", 8)
    s.printed["requests", "outcomes_total", "total"] = str(
        int(s.printed["requests", "outcomes_total", "total"]) + 1
    )
    s.printed["review", "reconsideration", "total"] = "0"
    fails: tuple[tuple[str, str, str], ...] = (
        ("R1", "requests", "total"),
        ("R2", "requests", "total"),
        ("R3", "requests", "outcomes_total"),
        ("R4", "review", "reconsideration"),
    )
    yield word("2021_sums_fail.docx", s, "printed totals that do not add up", Owed(fails=fails))
    s = city(2021, "2021", 8)
    s.printed["requests", "granted", "total"] = str(int(s.printed["requests", "granted", "total"]) + 10)
    fails = (("R2", "requests", "total"), ("R3", "requests", "granted"))
    yield printed("2021_sums_fail.pdf", s, "a printed total that does not add up", Style(), Owed(fails=fails))
    s = city(2022, "2021", 120)
    for row in ("reconsideration", "litigation_direct", "litigation_after_reconsideration"):
        s.printed["review", row, "total"] = "0"
    s.sections["overview"][2] = (
        "（二）依申请公开。自然人申请741件，部分公开67，占4.61%，信息18万余条；全年复议134件、诉讼57件。"
    )
    fails = tuple(
        ("R4", "review", r)
        for r in ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
    )
    odd = "totals of table four left at 0; figures in the text that differ from the tables"
    yield word("2022_text_differs.docx", s, odd, Owed(fails=fails))
    s = town(2022, "2021", 121)
    s.printed["proactive", "administrative_licensing", "decisions"] = "若干"
    s.printed["requests", "granted", "natural_person"] = "12/13"
    unread = (
        ("proactive", "administrative_licensing", "decisions"),
        ("requests", "granted", "natural_person"),
    )
    yield word(
        "2022_unreadable.docx", s, "boxes that hold no number: 若干, 12/13", Owed("partial", unread=unread)
    )
