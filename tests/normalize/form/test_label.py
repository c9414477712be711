"""Labels to ids."""

import tomllib
from importlib.resources import files
from itertools import combinations

import pytest
from rapidfuzz.fuzz import ratio

from gongkai.model import Match
from gongkai.normalize.form.label import key, short_key, simplify
from gongkai.normalize.form.lexicon import CUT_OFF, Glossary, read_lexicon
from gongkai.normalize.form.template import templates

LEXICON = read_lexicon()
REQUESTS = LEXICON["requests"].rows
PROACTIVE = LEXICON["proactive"].rows


def id_of(match: Match | None) -> str | None:
    return None if match is None else match.id


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("（三）  不予 公开", "不予公开"),
        ("⑦属于行政执法案卷", "属于行政执法案卷"),
        ("㈦总计", "总计"),
        ("1,属于国家秘密", "属于国家秘密"),
        ("（1）属于国家秘密", "属于国家秘密"),
        ("三\n、\n本\n年\n度办理结果", "本年度办理结果"),
        ("规(guī)章(zhāng)", "规章"),
        ("公(gong)(gong)开(kai)(kai)", "公开"),
    ],
)
def test_a_key_has_no_numbering_blanks_or_glosses(printed: str, expected: str) -> None:
    assert key(printed) == expected


def test_a_short_key_leaves_explanations_out() -> None:
    assert short_key("（二）部分公开（区分处理的，只计这一情形，不计其他情形）") == "部分公开"


@pytest.mark.parametrize(
    ("printed", "glossary", "id", "rule"),
    [
        ("1.属于国家秘密", REQUESTS, "denied_state_secret", "exact"),
        ("2.其他法律行政止公开", REQUESTS, "denied_prohibited_by_law", "fuzzy"),
        ("3.危及「三安全一稳定」", REQUESTS, "denied_safety_stability", "exact"),
        ("8.屬於行政查詢事項", REQUESTS, "denied_administrative_inquiry", "exact"),
        ("⑦执法案卷", REQUESTS, "denied_enforcement_files", "fuzzy"),
        (
            "1.申清人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
            REQUESTS,
            "other_not_corrected_in_time",
            "fuzzy",
        ),
        ("規範性檔案", PROACTIVE, "normative_documents", "alias"),
        ("规章(设区的市、自治州人民政府应提供相关数据)", PROACTIVE, "regulations", "exact"),
        ("其他对外管理服务事项（指行政处罚、行政强制以外的）", PROACTIVE, "other_public_services", "exact"),
    ],
)
def test_a_wording_of_a_real_report_is_matched(printed: str, glossary: Glossary, id: str, rule: str) -> None:
    m = glossary.match(printed)
    assert m is not None
    assert (m.id, m.rule) == (id, rule)


@pytest.mark.parametrize(
    "printed",
    ["（三）不予公开", "其他主动公开文件", "表2 重点领域", "（四）无法提供", "合作交流", "年度总结"],
)
def test_a_label_that_no_row_has_is_not_matched(printed: str) -> None:
    assert REQUESTS.match(printed) is None
    assert PROACTIVE.match(printed) is None


def test_the_grant_and_the_refusal_are_never_mistaken_for_each_other() -> None:
    assert id_of(REQUESTS.match("（一）予以公开")) == "granted"
    assert dict(REQUESTS.ranked("（三）不予公开")).get("granted", 0.0) < CUT_OFF


@pytest.mark.parametrize("kind", ["rows", "columns"])
@pytest.mark.parametrize("table", ["proactive", "requests", "review"])
def test_every_two_labels_of_a_form_are_further_apart_than_the_cut_off(table: str, kind: str) -> None:
    labels = {
        label.id: short_key(label.path[-1])
        for form in templates()
        for t in form.tables
        if t.id == table
        for label in (t.rows if kind == "rows" else t.columns)
    }
    for (a, x), (b, y) in combinations(labels.items(), 2):
        assert ratio(x, y) < CUT_OFF, f"{a} {x} and {b} {y}"


def test_every_wording_of_the_form_is_matched_exactly_to_its_own_id() -> None:
    for form in templates():
        for t in form.tables:
            for kind, labels in (("rows", t.rows), ("columns", t.columns)):
                leaves = [label.path[-1] for label in labels]
                for label in labels:
                    if leaves.count(label.path[-1]) > 1:
                        continue  # 被依法纠错数 of reconsideration and of litigation: the block tells
                    m = getattr(LEXICON[t.id], kind).match(label.path[-1])
                    assert m is not None
                    assert (m.id, m.score) == (label.id, 100.0)


def test_no_alias_stands_for_two_ids() -> None:
    aliases = tomllib.loads(files("gongkai.normalize.form").joinpath("aliases.toml").read_text("utf-8"))
    for kinds in aliases.values():
        for wordings in kinds.values():
            keys = [key(wording) for printed in wordings.values() for wording in printed]
            assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    "printed",
    [
        "经审查不属于国家秘密",
        "非属于国家秘密的情形",
        "不是重复申请的情形",
        "掌握相关政府信息",
        "现成信息需要另行制作",
    ],
)
def test_a_label_that_means_the_opposite_matches_nothing(printed: str) -> None:
    assert REQUESTS.match(printed) is None


def test_a_negation_of_the_group_before_a_label_does_not_turn_it_round() -> None:
    m = REQUESTS.match("（三）不予公开1.属于国家秘密")
    assert m is not None and m.id == "denied_state_secret"


def test_a_label_that_repeats_its_groups_is_matched_by_its_last_part() -> None:
    m = REQUESTS.match("三、本年度办理结果（三）不予公开1.属于国家秘密")
    assert m is not None and (m.id, m.rule) == ("denied_state_secret", "exact")


@pytest.mark.parametrize(
    "printed",
    [
        "5.要求行政机关确认或重新出具已获取信息1.申请人无正当理由逾期不补正、",
        "行政机关不再处理其政府信息公开申请2.申请人逾期未按收费通知要求缴纳费用",
        "稳定”4.保护第三方合法权益",
        "（一）予以公开（二）部分公开",
        "纳费用、行政机关不再处理其政府信息公开申请3.其他",
    ],
)
def test_a_label_with_parts_of_two_rows_is_neither(printed: str) -> None:
    assert REQUESTS.is_mingled(printed)
    assert REQUESTS.match(printed) is None
    assert REQUESTS.ranked(printed) == ()


@pytest.mark.parametrize(
    ("printed", "id"),
    [
        ("三、本年度办理结果（五）不予处理4.无正当理由大量反复申请", "not_processed_excessive"),
        ("三、办理结果（七）总计", "outcomes_total"),
        ("（六）其他3.其他", "other_misc"),
        ("1.属于国家秘密（条例第十四条第（一）项）", "denied_state_secret"),
    ],
)
def test_a_label_with_its_groups_before_it_is_its_own(printed: str, id: str) -> None:
    m = REQUESTS.match(printed)
    assert m is not None and m.id == id


def test_a_misspelt_label_with_another_rows_number_is_not_taken() -> None:
    assert REQUESTS.match("二、上年结转政府信息公开申数量") is not None
    assert REQUESTS.match("一、上年结转政府信息公开申数量") is None
    assert (
        REQUESTS.match("一、上年结转政府信息公开申请数量") is not None
    )  # the words stand as the form has them


def test_half_of_a_surrogate_pair_does_not_stop_the_reading() -> None:
    assert simplify("機關\udb60") == "机关\ufffd"
