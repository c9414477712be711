"""gongkai crawl on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gongkai import crawl
from gongkai.commands import main

TITLE = "临江市2023年政府信息公开工作年度报告"


def test_one_page_is_tried_and_its_table_can_be_pasted(
    web: Any, desk: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    web.page(
        "/nb/index.shtml",
        f'<title>年报_临江市人民政府</title><a href="1.html">{TITLE}</a><a href="2.html">{TITLE}解读</a>'
        '<a href="http://x.example.com/1.doc">2022年政府信息公开工作年度报告</a>'
        '<script>createPageHTML(2, 0, "index", "shtml")</script>',
        "gbk",
    )
    url = web.url + "/nb/index.shtml"
    assert main(["crawl", "--try", url, "--allow-private", "--contact", "a@example.com"]) == 0
    said = capsys.readouterr().out
    for wanted in (
        TITLE,
        "解读”: about reports",
        "createPageHTML",
        "x.example.com",
        "gb18030",
        "临江市人民政府",
    ):
        assert wanted in said
    table = said[said.index("[[site]]") :]
    desk.sites.write_text('[crawl]\ncontact = "a@example.com"\n' + table, "utf-8")
    assert crawl.load(desk.sites).sites[0].starts == (url,)
    assert not desk.archive.exists()


def test_least_is_what_was_read_as_a_report(web: Any, desk: Any, capsys: pytest.CaptureFixture[str]) -> None:
    links = "".join(f'<a href="{n}.html">{TITLE.replace("2023", str(2010 + n))}</a>' for n in range(4))
    web.page("/nb/", links)
    web.page("/nb/0.html", f"<h1>{TITLE}</h1><p>一、总体情况</p><p>二、主动公开政府信息情况</p>")
    web.page("/nb/1.html", f'<h1>{TITLE}</h1><a href="1.pdf">附件</a>')
    web.page("/nb/2.html", "<p>您访问的页面不存在</p>")
    assert main(["crawl", "--try", web.url + "/nb/", "--allow-private"]) == 0
    said = capsys.readouterr().out
    assert "4 links to reports on this page; 2 of the first 4 led to one" in said and "least = 2" in said
    assert "→ a report" in said and "→ a page with 1 files" in said and "→ no report" in said
    desk.sites.write_text(said[said.index("[crawl]") :], "utf-8")
    assert crawl.load(desk.sites).sites[0].least == 2


def test_a_page_that_cannot_be_had_is_told(web: Any, desk: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["crawl", "--try", web.url + "/none", "--allow-private", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["reason"] == "not-found"


def test_codes_and_summary(web: Any, desk: Any, site: Any, capsys: pytest.CaptureFixture[str]) -> None:
    web.page("/nb/", f'<a href="1.pdf">{TITLE}</a>')
    web.file("/nb/1.pdf", b"%PDF-1.4\n")
    desk.table(site(web.url + "/nb/", more="least = 2"))
    arguments = ["crawl", str(desk.sites), "--to", str(desk.archive), "--allow-private"]
    assert main(arguments) == 1
    said = capsys.readouterr().err
    assert "1 reports, at least 2 were expected" in said and f"gongkai run {desk.archive}/current" in said
    desk.table(site(web.url + "/nb/", more="least = 1"))
    assert main([*arguments, "--quiet", "--json"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert json.loads(captured.out) == json.loads((desk.archive / "crawl.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "sites.toml"),
        (["sites.toml"], "--to"),
        (["nowhere.toml", "--to", "x"], "nowhere.toml: No such file"),
        (["--try", "ftp://a.gov.cn/"], "no address"),
        (["--try", "http://a.gov.cn/", "--contact", "数据"], "ASCII"),
    ],
)
def test_wrong_usage_is_one_line(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: Any
) -> None:
    pytest.importorskip("scrapy", reason="the extra gongkai[crawl] is not installed")
    monkeypatch.chdir(tmp_path)
    assert main(["crawl", *arguments]) == 2
    captured = capsys.readouterr().err
    assert said in captured and captured.count("\n") == 1
    assert not (tmp_path / "x").exists()


def test_without_scrapy_one_line_says_what_to_install(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(crawl, "available", lambda: False)
    assert main(["crawl", "--try", "http://a.gov.cn/"]) == 2
    assert "[crawl]'" in capsys.readouterr().err


def test_two_crawls_of_one_archive_exclude_each_other(
    web: Any, desk: Any, site: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    from gongkai.run.lock import locked

    desk.table(site(web.url + "/"))
    desk.archive.mkdir()
    with locked(desk.archive / "lock", "now"):
        assert main(["crawl", str(desk.sites), "--to", str(desk.archive)]) == 3
    assert "another run is writing there" in capsys.readouterr().err
    assert web.asked == []
