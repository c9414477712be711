"""The pages in a browser: frames on the right boxes, what a person says, and what a document cannot do."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builders import chromium
from gongkai import pipeline
from gongkai.correct.ledger import parse
from gongkai.model import Source
from gongkai.review.report_list import list_report, render_list
from gongkai.run.report_paper import make_page

SAMPLES = Path(__file__).parents[2] / "samples"
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"
ID = "0123456789abcdef"


pytestmark = [
    pytest.mark.skipif(chromium.path() is None, reason="Chromium is not installed"),
    pytest.mark.skipif(sys.platform == "win32", reason="no debugging pipe there"),
]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    window = chromium.Chromium(tmp_path_factory.mktemp("profile"), 2400, 1600)
    yield window
    window.close()


def written(folder: Path, sample: str, **changes: Any) -> Path:
    """The page of a sample; `changes` are fields of its Report."""
    source = pipeline.source_of(SAMPLES / sample)
    report = replace(pipeline.read_source(source)[0], **changes)
    file = folder / f"{ID}.html"
    file.write_text(make_page(ID, 1, report, source, "", corrections=(), dataset="my out"), "utf-8")
    return file


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("page"), "2021_sums_fail.pdf")


FRAMES = """[...document.querySelectorAll("rect.frame")].map(r => {
  const b = r.getBoundingClientRect();
  return [r.dataset.field, b.left, b.top, b.right, b.bottom];
}).filter(b => b[2] > top && b[4] < innerHeight)"""


def test_the_frames_lie_on_the_printed_boxes(browser: Any, pdf: Path) -> None:
    """Each frame's four edges lie on the ruling lines that the page prints, to a pixel and a half."""
    browser.open(pdf)
    browser.run('document.querySelector("#page-1").scrollIntoView()')
    browser.run('document.querySelector(".right").scrollTop += 200')
    found = browser.run(
        f"(() => {{ const top = document.querySelector('.right').getBoundingClientRect().top; return {FRAMES}; }})()"
    )
    assert len(found) > 40
    browser.run('for (const r of document.querySelectorAll("rect.frame")) r.style.visibility = "hidden"')
    picture = browser.picture()

    def dark(x: float, y: float, across: bool) -> bool:
        spots = [(x + d, y) if across else (x, y + d) for d in (-1.5, -0.75, 0.0, 0.75, 1.5)]
        return min(sum(picture.getpixel((round(a), round(b)))) for a, b in spots) < 3 * 150

    off = []
    for field, left, top, right, bottom in found:
        # A quarter along each edge: in the middle of a box another line may meet it.
        x, y = left + (right - left) / 4, top + (bottom - top) / 4
        edges = (dark(left, y, True), dark(right, y, True), dark(x, top, False), dark(x, bottom, False))
        if not all(edges):
            off.append((field, edges))
    assert off == []


def test_the_frames_of_a_page_drawn_again_hold_the_number_that_is_printed(
    browser: Any, tmp_path: Path
) -> None:
    browser.open(written(tmp_path, "2022_pages.ofd"))
    found = browser.run(
        """[...document.querySelectorAll("rect.frame")].map(r => {
          const b = r.getBoundingClientRect();
          const inside = [...r.closest("svg").querySelectorAll("text.print")].filter(t => {
            const c = t.getBoundingClientRect(), x = (c.left + c.right) / 2, y = (c.top + c.bottom) / 2;
            return b.left < x && x < b.right && b.top < y && y < b.bottom;
          });
          const over = inside.some(t => t.getBoundingClientRect().width > b.width);
          return [r.dataset.field, inside.map(t => t.textContent).join("|"), over];
        })"""
    )
    source = pipeline.source_of(SAMPLES / "2022_pages.ofd")
    printed = {".".join(f.field.address): f.printed.strip() for f in pipeline.read_source(source)[0].facts}
    assert {field: text for field, text, _ in found} == printed
    assert not any(over for *_, over in found)


def test_a_value_and_its_frame_find_each_other(browser: Any, pdf: Path) -> None:
    browser.open(pdf)
    field = "review.litigation_direct.total"
    browser.run(f"""document.querySelector('td[data-field="{field}"]').focus()""")
    assert browser.run("""document.querySelector("rect.picked").dataset.field""") == field
    top, bottom, pane = browser.run(
        """(() => { const b = document.querySelector("rect.picked").getBoundingClientRect();
        return [b.top, b.bottom, document.querySelector(".right").getBoundingClientRect().top]; })()"""
    )
    assert pane <= top and bottom <= 1600  # it was scrolled into sight
    other = "requests.new_requests.natural_person"
    browser.run(
        f"""document.querySelector('rect[data-field="{other}"]').scrollIntoView({{block: "center"}})"""
    )
    x, y = browser.run(
        f"""(() => {{ const b = document.querySelector('rect[data-field="{other}"]').getBoundingClientRect();
        return [b.left + b.width / 2, b.top + b.height / 2]; }})()"""
    )
    browser.click(x, y)
    assert browser.run("""document.querySelector("td.value.picked").dataset.field""") == other
    assert browser.run("""document.querySelectorAll(".picked").length""") == 2


def test_the_keys_go_from_box_to_box_and_to_what_wants_a_look(browser: Any, pdf: Path) -> None:
    browser.open(pdf)
    here = "document.activeElement.dataset.field"
    browser.run("""document.querySelector('td[data-field="requests.new_requests.natural_person"]').focus()""")
    browser.key("ArrowRight")
    assert browser.run(here) == "requests.new_requests.commercial_enterprise"
    browser.key("ArrowDown")
    assert browser.run(here) == "requests.carried_in.commercial_enterprise"
    browser.key("n", "n")
    assert "fail" in browser.run("document.activeElement.className")
    browser.key("Enter")
    assert browser.run("document.activeElement.name") == "new"


def test_next_follows_the_order_and_the_filters_of_the_list(browser: Any, pdf: Path) -> None:
    folder = pdf.parent
    report = pipeline.read_source(pipeline.source_of(SAMPLES / "2021_sums_fail.pdf"))[0]
    ids = {name: f"{n:016x}" for n, name in enumerate(("甲局", "乙局", "丙局", "丁局"))}
    for id in ids.values():
        (folder / f"{id}.html").write_text(pdf.read_text("utf-8").replace(ID, id), "utf-8")
    entries = [
        list_report(id, replace(report, org=org, year=2020 - n), True)
        for n, (org, id) in enumerate(ids.items())
    ]
    (folder / "index.html").write_text(render_list(entries, "my out"), "utf-8")

    def follow(id: str) -> str:
        browser.open(folder / f"{id}.html")
        browser.key("j")
        browser.wait(f"!location.href.includes({id!r}) && document.readyState === 'complete'")
        return str(browser.run("location.href.split('/').pop()"))

    assert follow(ids["甲局"]) == f"{ids['乙局']}.html"
    browser.open(folder / "index.html")
    # by year, the smallest first, and without one of them
    browser.run("document.querySelectorAll('thead button')[1].click()")
    browser.run("document.querySelectorAll('thead button')[1].click()")
    browser.run("search.value = '2021_sums'; search.dispatchEvent(new Event('input'))")
    assert browser.run("rows.map(r => r.cells[1].textContent).join()") == "2017,2018,2019,2020"
    assert follow(ids["丙局"]) == f"{ids['乙局']}.html"
    assert follow(ids["甲局"]) == "index.html"
    assert "已到最后一份" in browser.run("document.querySelector('.shown').textContent")


def test_what_a_person_says_comes_back_as_commands_and_lines(browser: Any, pdf: Path) -> None:
    browser.open(pdf)

    def say(field: str, new: str, who: str, why: str) -> None:
        browser.run(f"""document.querySelector('td[data-field="{field}"]').focus()""")
        for name, text in (("new", new), ("by", who), ("why", why)):
            browser.run(f"document.querySelector('[name={name}]').value = {text!r}")
        browser.run('document.querySelector(".say .main").click()')

    say("requests.granted.total", "６", "=王", '第2页, "印作"6')
    say("proactive.regulations.issued", "3", "王", "")
    browser.run("""document.querySelector('td[data-field="requests.granted.other"]').focus()""")
    browser.run('document.querySelector("[name=confirm]").click()')
    commands, lines = (
        browser.run(f'document.querySelector("[name={name}]").value') for name in ("commands", "lines")
    )
    assert commands.splitlines() == [
        f'gongkai correct "my out" --report {ID} --by "=王" --why \'第2页, "印作"6\' -- requests.granted.total 6',
        f'gongkai correct "my out" --report {ID} --by "王" -- proactive.regulations.issued 3',
        f'gongkai confirm "my out" --report {ID} --by "王" -- requests.granted.other',
    ]
    # A text area has line feeds alone; the file that is saved has what the CSV file has.
    corrections = parse(lines.encode(), "page")
    assert [(c.field, c.verdict, str(c.new), c.who, c.why) for c in corrections] == [
        ("requests.granted.total", "corrected", "6", "=王", '第2页, "印作"6'),
        ("proactive.regulations.issued", "corrected", "3", "王", ""),
        ("requests.granted.other", "as_printed", "0", "王", ""),
    ]
    assert corrections[0].old == 16 and corrections[0].printed == "16"
    assert next(csv.DictReader(io.StringIO(lines)))["who"] == "'=王"


def test_a_text_that_is_no_number_is_refused(browser: Any, pdf: Path) -> None:
    browser.open(pdf)
    browser.run("""document.querySelector('td[data-field="requests.granted.total"]').focus()""")
    browser.run('document.querySelector("[name=by]").value = "王"')
    for text in ("1e3", "若干", "", "1,2"):
        browser.run(f"document.querySelector('[name=new]').value = {text!r}")
        browser.run('document.querySelector(".say .main").click()')
        assert "Not a number" in browser.run('document.querySelector(".say .error").textContent')
    assert browser.run('document.querySelector("[name=commands]").value') == ""


def test_a_number_that_its_box_cannot_hold_is_refused(browser: Any, pdf: Path) -> None:
    browser.open(pdf)
    browser.run("""document.querySelector('td[data-field="requests.granted.total"]').focus()""")
    browser.run('document.querySelector("[name=by]").value = "王"')
    for text, words in (("-3", "no negative"), ("2.5", "whole numbers"), ("1234567890123456", "15 digits")):
        browser.run(f"document.querySelector('[name=new]').value = {text!r}")
        browser.run('document.querySelector(".say .main").click()')
        assert words in browser.run('document.querySelector(".say .error").textContent')
    assert browser.run('document.querySelector("[name=commands]").value') == ""


def test_a_proposed_number_fills_the_form_and_records_nothing(browser: Any, pdf: Path) -> None:
    browser.open(pdf)
    field, needed = browser.run(
        """(() => { const b = document.querySelector("[data-fill]"); b.click();
        return [b.dataset.fields, b.dataset.fill]; })()"""
    )
    assert browser.run('document.querySelector("[name=new]").value') == needed != ""
    assert browser.run('document.querySelector("td.value.picked").dataset.field') == field
    assert browser.run('document.querySelector("[name=commands]").value') == ""
    box = f"""document.querySelector('td[data-field="{field}"]')"""
    assert browser.run(f"{box}.classList.contains('proposed')")
    assert browser.run(f"{box}.dataset.value") != needed


def test_a_body_named_as_a_script_does_nothing(browser: Any, tmp_path: Path) -> None:
    browser.dialogs.clear()
    browser.open(
        written(tmp_path, "2021_sums_fail.pdf", org=EVIL, title=EVIL, source=Source(EVIL, b"", EVIL, 0))
    )
    assert browser.run("document.title").startswith(EVIL)
    assert browser.run('document.querySelector("h1").textContent').startswith(EVIL)
    assert browser.run("document.images.length") == 0
    assert browser.dialogs == []


def test_the_policy_stops_what_would_get_in_all_the_same(browser: Any, pdf: Path, tmp_path: Path) -> None:
    """The escaping taken away on purpose: neither script nor handler nor picture from elsewhere runs."""
    browser.dialogs.clear()
    evil = tmp_path / "evil.html"
    text = pdf.read_text("utf-8").replace(
        "<main", EVIL + '<b style="color:red" onclick="alert(3)">x</b><main', 1
    )
    evil.write_text(text, "utf-8")
    browser.open(evil)
    browser.run('document.querySelector("b[onclick]").click()')
    assert browser.run("document.images.length") == 1
    assert browser.dialogs == []
    assert browser.run('getComputedStyle(document.querySelector("b[onclick]")).color') != "rgb(255, 0, 0)"


def test_the_page_itself_breaks_no_policy(browser: Any, pdf: Path) -> None:
    browser.refused.clear()
    browser.open(pdf)
    browser.run('document.querySelector("[name=theme]").click()')
    assert browser.run("document.documentElement.dataset.theme") == "dark"
    assert browser.run("getComputedStyle(document.body).backgroundColor") == "rgb(18, 21, 26)"
    assert browser.refused == []
