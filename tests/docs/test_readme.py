"""README.md and README.zh.md say the same: headings, commands, options, tables, code and links; their figures are measured."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import accuracy
import pytest

from builders.pages import NAMES, code, commands, headings, links, options, tables

ROOT = Path(__file__).parents[2]
ENGLISH, CHINESE = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh.md"))
MEASURED = json.loads(accuracy.MEASURED.read_text("utf-8"))


@pytest.mark.parametrize("part", [headings, tables, code, commands, options])
def test_both_readmes_have_the_same(part: Callable[[str], object]) -> None:
    assert part(CHINESE) == part(ENGLISH)


def test_both_readmes_lead_to_the_same_pages() -> None:
    assert links(CHINESE) - {"README.md"} == links(ENGLISH) - {"README.md"}


def test_the_readme_names_every_command() -> None:
    # `normalize` is for those who work on the program
    assert NAMES - commands(ENGLISH) == {"normalize"}


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_table_of_accuracy_is_the_one_that_the_bench_writes(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    table = text.partition("<!-- accuracy -->\n")[2].partition("<!-- /accuracy -->")[0]
    assert table == accuracy.readme_table(name, MEASURED), "run `python bench/accuracy.py --readme`"


def test_the_figures_of_accuracy_are_those_of_the_samples() -> None:
    # tests/test_samples.py reads the samples: none is wrong, and each misses as many as `missed_in` says
    truths = [json.loads(p.read_text("utf-8")) for p in sorted((ROOT / "samples").glob("*.truth.json"))]
    counted = [t for t in truths if t["cells"] and Path(t["file"]).suffix in (".docx", ".pdf", ".txt")]
    kept = MEASURED["gongkai"]
    assert kept["documents"] == len(counted), "run `python bench/accuracy.py --readme`"
    assert kept["right"] + kept["missed"] == sum(len(t["cells"]) for t in counted)
    assert kept["missed"] == sum(kept["missed_in"].values())
    assert kept["perfect"] == kept["documents"] - len(kept["missed_in"])
    assert kept["wrong"] == 0
