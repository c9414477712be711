"""The language of the commands: which one is spoken, that Chinese leaves no English behind, and that data stay as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from gongkai.commands import COMMANDS
from gongkai.commands.check import OUTCOMES
from gongkai.commands.coverage import STEPS
from gongkai.commands.output.catalogue import wordings
from gongkai.commands.output.findings import finding_line, place_text
from gongkai.commands.output.help_page import wrap
from gongkai.commands.output.language import language, say, take, translate
from gongkai.model import Outcome, Place, Severity, Status, SumsOutcome, flag
from gongkai.run.diff import LISTS

Run = Callable[..., tuple[int, str, str]]

SAMPLES = Path(__file__).parents[2] / "samples"
#: English words that stand in a Chinese sentence as they are: names, options, parameters, formats.
NAMES = re.compile(
    r"`[^`]*`|gongkai|--?[a-z-]+|[\w./-]*\.(?:toml|csv|json|html|png|md|dta)|[A-Z_]{2,}|\w+(?:[._/:]\w+)+|<[^>]*>|\{[^}]*\}"
)


@pytest.fixture(autouse=True)
def no_language(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GONGKAI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("variables", "spoken"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "de_DE.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "GONGKAI_LANG": "en"}, "en"),
        ({"LANG": "en_US.UTF-8", "GONGKAI_LANG": "klingon"}, "en"),
    ],
)
def test_the_locale_decides_unless_gongkai_lang_does(
    variables: dict[str, str], spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language() == spoken


@pytest.mark.parametrize(
    "arguments", [["--lang", "zh", "explian"], ["explian", "--lang=zh"], ["explian", "--lang", "zh"]]
)
def test_an_option_decides_before_all_others_wherever_it_stands(
    gongkai: Run, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    code, _, error = gongkai(*arguments)
    assert (code, error) == (
        2,
        "gongkai: 没有 'explian' 这个命令；您是不是要输入 explain？`gongkai --help` 列出全部命令\n",
    )
    assert "there is no command" in gongkai("explian")[2]


def test_a_language_that_there_is_not_is_refused_in_one_line(gongkai: Run) -> None:
    assert gongkai("--lang", "fr", "fields")[::2] == (2, "gongkai: --lang is 'fr'; one of en, zh\n")


def test_what_stands_behind_two_dashes_is_no_option() -> None:
    assert take(["body", "--lang", "zh", "--", "--lang"]) == ["body", "--", "--lang"]


@pytest.mark.parametrize("name", [None, *(name for name, _, _ in COMMANDS if name != "review")])
def test_the_help_in_chinese_has_no_english_sentence(gongkai: Run, name: str | None) -> None:
    code, text, _ = gongkai(*filter(None, ("help", name)), "--lang", "zh")
    assert code == 0
    words = re.findall(r"(?:\b[a-z]{2,}\b[ ,;.]+){3}", NAMES.sub("", text))
    assert words == []


def test_the_help_in_english_has_no_chinese_but_that_of_the_forms(gongkai: Run) -> None:
    for name, _, _ in COMMANDS:
        if name == "review":
            continue
        text = gongkai(name, "--help")[1]
        assert re.findall("[一-鿿]{2,}", re.sub("万人|本年增/减", "", text)) == [], name


def test_lines_of_chinese_help_fit_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_LANG", "zh")
    lines = list(wrap("读取每份报告，写出数据、报告、章节。" * 6, 40))
    assert max(map(len, lines)) <= 21  # 20 characters, and a mark that may hang over
    assert not any(line[0] in "，。、" for line in lines)


def test_a_report_is_shown_in_the_language_asked_for(gongkai: Run) -> None:
    code, text, _ = gongkai("show", SAMPLES / "broken.docx", "--lang", "zh")
    assert code == 1
    assert text.splitlines() == [
        "机关不明  年度不明",
        "无标题",
        "表样 无   状态 失败 (truncated)   勾稽 无   unknown",
        "错误  truncated：压缩包不完整；请重新取得文件",
    ]


def test_the_summary_of_a_run_is_chinese_and_its_datasets_are_the_same(gongkai: Run, tmp_path: Path) -> None:
    code, _, summary = gongkai("run", SAMPLES / "2021_city.docx", "--to", tmp_path / "zh", "--lang", "zh")
    assert code == 0
    assert summary.startswith("1 份报告：正常 1，不完整 0")
    gongkai("run", SAMPLES / "2021_city.docx", "--to", tmp_path / "en", "--lang", "en")
    for name in ("facts.csv", "reports.csv", "findings.csv", "checks.csv", "codebook.md"):
        assert (tmp_path / "zh" / name).read_bytes() == (tmp_path / "en" / name).read_bytes(), name


def test_json_has_no_language(gongkai: Run) -> None:
    arguments = ("show", SAMPLES / "2020_ragged.docx", "--json")
    chinese, english = gongkai(*arguments, "--lang", "zh"), gongkai(*arguments)
    assert json.loads(chinese[1]) == json.loads(english[1])


def test_every_code_that_people_read_in_running_text_has_a_word() -> None:
    lists = (Severity, Status, SumsOutcome, Outcome)
    codes = {code for kind in lists for code in get_args(kind)} | {k.replace("_", " ") for k in LISTS}
    assert (codes | {*OUTCOMES, *STEPS} - {"-"}) - {"-"} - set(wordings()) == set()


def test_a_place_counts_from_one_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place(page=4, row=3, column=0)
    assert place_text(place) == str(place) == "page 4, row 4, column 1"
    monkeypatch.setenv("GONGKAI_LANG", "zh")
    assert place_text(place) == translate(str(place)) == "第4页第4行第1列"


def test_a_finding_without_a_wording_keeps_its_message_beside_the_text_of_its_code(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    finding = flag("cell-missing", "something that nobody listed", place=Place(page=2, row=0))
    assert finding_line(finding) == "warning cell-missing: something that nobody listed"
    monkeypatch.setenv("GONGKAI_LANG", "zh")
    line = finding_line(finding)
    assert line.startswith("警告  cell-missing：第2页第1行：规定格式有这一格")
    assert line.endswith("（something that nobody listed）")


@pytest.mark.parametrize(
    ("message", "chinese"),
    [
        ("x.docx: no such file or folder", "x.docx：没有这个文件或文件夹"),
        ("[Errno 13] Permission denied: 'out'", "out：没有权限"),
        ("there is no field a.b.c; near it: d.e.f", "没有字段 a.b.c；相近的有：d.e.f"),
        ("out: no documents (3 files passed over)", "out：没有可读的文件（跳过 3 个）"),
        (
            "gongkai nightly 2026-11-30: published: 12 reports, 2,400 values; 3 new, 1 replaced",
            "gongkai nightly 2026-11-30：已发布：12 份报告，2,400 个数值；新增 3，替换 1",
        ),
        (
            "gongkai nightly n: held: 1 reports, 2 values; no change; NOT published: 9 reports became 1; 50 % may be lost; "
            "v stays; look, then --force",
            "gongkai nightly n：暂不发布：1 份报告，2 个数值；没有变化；没有发布：报告由 9 份变为 1 份；最多允许减少 50%；"
            "v 保持不变；请查看，确认后用 --force",
        ),
        ("a message of another world", "a message of another world"),
    ],
)
def test_messages_of_other_rooms_are_known_by_their_wording(
    message: str, chinese: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert translate(message) == message
    monkeypatch.setenv("GONGKAI_LANG", "zh")
    assert translate(message) == chinese


def test_braces_in_a_hole_are_text(monkeypatch: pytest.MonkeyPatch) -> None:
    assert say("{path}: {n} lines more; the next run replays them", path="a{b}.csv", n=1).startswith(
        "a{b}.csv"
    )
    monkeypatch.setenv("GONGKAI_LANG", "zh")
    assert translate("{x}: no such file or folder") == "{x}：没有这个文件或文件夹"
