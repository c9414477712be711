"""Templates: every value is escaped, and nothing in a template says otherwise."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from gongkai.review.html_file import Html, render_file, render_part

TEMPLATES = sorted((Path(__file__).parents[2] / "review" / "templates").glob("*.html.j2"))
ROOM = (Path(__file__).parents[2] / "review").glob("*.py")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_turns_escaping_off(path: Path) -> None:
    assert not re.search(r"\bsafe\b|autoescape", path.read_text("utf-8"))


def test_no_code_of_the_room_escapes_by_hand() -> None:
    for path in ROOM:
        assert "escape(" not in path.read_text("utf-8"), path.name


def test_a_text_is_escaped_and_a_part_is_not_escaped_again() -> None:
    part = render_part("notice", text="<b> & \"'")
    assert part == '<p class="notice">&lt;b&gt; &amp; &#34;&#39;</p>'
    assert isinstance(part, Html)
    assert render_part("notice", text=part) == f'<p class="notice">{part}</p>'


def test_a_value_that_a_template_misses_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="text"):
        render_part("notice")


def test_the_title_of_a_file_is_escaped() -> None:
    values = {"entries": (), "dataset": "", "columns": (), "status": {}, "marker": Html("<main>")}
    text = render_file("report_list", "</title><script>", "index.js", **values)
    assert "<title>&lt;/title&gt;&lt;script&gt;</title>" in text
