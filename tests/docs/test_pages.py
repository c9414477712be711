"""The pages of docs/: both languages say the same, every command line is one that there is, the tutorial works."""

from __future__ import annotations

import importlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from builders.pages import (
    blocks,
    code,
    command_lines,
    commands,
    headings,
    links,
    options,
    spoken_commands,
    tables,
)
from gongkai.commands import main
from gongkai.emit.schema import datasets
from gongkai.normalize import templates

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.glob("*.md"), ROOT / "README.md", ROOT / "README.zh.md"])
#: pages whose Chinese twin is no translation of each line
FREE = {"findings.md", "panel.md"}
PAIRS = sorted(p.name for p in DOCS.glob("*.md") if (DOCS / f"{p.stem}.zh.md").exists())
#: what the tutorial is tried on: of each kind of file and form a few
SAMPLES = (
    "2019_township.docx",
    "2022_two_names.docx",
    "2020_two_heads.docx",
    "2021_city.docx",
    "2021_city.pdf",
    "2021_page_cut.pdf",
    "broken.docx",
)


@pytest.mark.parametrize("name", PAIRS)
def test_a_page_has_the_same_parts_in_both_languages(name: str) -> None:
    english, chinese = ((DOCS / n).read_text("utf-8") for n in (name, name.replace(".md", ".zh.md")))
    for part in (headings, tables) if name in FREE else (headings, tables, code, commands, options, links):
        assert part(chinese) == part(english), part.__name__


def known_options(command: str) -> set[str]:
    """Every option of a command."""
    room = "statistics." if (ROOT / "commands" / "statistics" / f"{command}.py").exists() else ""
    app = typer.Typer(add_completion=False)
    app.command()(importlib.import_module(f"gongkai.commands.{room}{command}").command)
    return {o for p in typer.main.get_command(app).params for o in p.opts} | {"--help", "-h", "--lang"}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_command_line_names_options_that_there_are(page: Path) -> None:
    wrong = []
    text = page.read_text("utf-8")
    for words in (*command_lines(text), *spoken_commands(text)):
        if words[0] in ("COMMAND", "命令", "help") or words[0].startswith("--"):
            continue
        given = {re.split("=", word)[0] for word in words[1:] if re.match(r"--[a-z]", word)}
        wrong += [f"{words[0]} {option}" for option in given - known_options(words[0])]
    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_fence_is_one_for_the_site_too(page: Path) -> None:
    """A second word behind it, and what makes the site takes the block for text, and the text behind it for code."""
    fences = [line for line in page.read_text("utf-8").splitlines() if line.startswith("```")]
    assert [line for line in fences if not re.fullmatch(r"```\w*", line)] == [] and len(fences) % 2 == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_link_leads_to_a_file_that_there_is(page: Path) -> None:
    targets = [t for t in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8")) if "://" not in t]
    assert [t for t in targets if not (page.parent / t).exists()] == []


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a part of the samples, in which the tutorial is followed."""
    folder = tmp_path_factory.mktemp("tutorial")
    (folder / "samples").mkdir()
    for name in SAMPLES:
        shutil.copy(ROOT / "samples" / name, folder / "samples")
    before = Path.cwd()
    os.chdir(folder)
    yield folder
    os.chdir(before)


def test_the_tutorial_works_line_by_line(workplace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("statsmodels", reason="the last step is a regression")
    pytest.importorskip("pyreadstat", reason="the extra gongkai[stats] is not installed")
    for kind, text in blocks((DOCS / "tutorial.md").read_text("utf-8")):
        if kind == "sh":
            for words in command_lines(f"```sh\n{text}```"):
                # one sample is broken on purpose, and a sum of another fails: exit code 1 is right there
                assert main(words) in ((0, 1) if words[0] in ("run", "check") else (0,)), words
        if kind == "python":
            exec(compile(text, "tutorial.md", "exec"), {})
    told = capsys.readouterr().out
    assert "临江市人民政府" in told and "year" in told
    made = {path.name for path in workplace.iterdir()}
    assert {"out", "panel.parquet", "panel.dta", "panel_unplaced.csv"} <= made
    assert "Zhang San" in (workplace / "out" / "corrections.csv").read_text("utf-8-sig")


def test_every_field_of_the_forms_and_every_column_of_the_datasets_is_in_the_codebook() -> None:
    codebook = (DOCS / "codebook.md").read_text("utf-8")
    rows = [line.split("|") for line in codebook.splitlines() if line.startswith("| `")]
    pairs = {(cells[1].strip(" `"), cells[2].strip(" `")) for cells in rows}
    fields = {(f.row.id, f.column.id) for form in templates() for t in form.tables for f in t.fields}
    assert fields - pairs == set()
    columns = {c.name for by in ("run", "check") for d in datasets(by) for c in d.columns}
    assert {name for name in columns if f"`{name}`" not in codebook} == set()
