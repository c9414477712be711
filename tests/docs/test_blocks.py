"""Every command line and every block of code of the pages is run, or stands in a list here with its reason."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pandas
import pytest

from builders.pages import blocks, indented
from gongkai.commands import main
from gongkai.crawl import site

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
ENGLISH = [ROOT / "README.md", *sorted(p for p in DOCS.glob("*.md") if not p.name.endswith(".zh.md"))]
CHINESE = [ROOT / "README.zh.md", *sorted(DOCS.glob("*.zh.md"))]

#: how a command line begins that cannot be run here, why, and the test that holds what it does
NOT_RUN = {
    "make ": "it makes an environment of its own from a package index; CI runs it on a fresh machine",
    "pip install": "it needs a package index; tests/test_package.py installs what is built",
    "git clone": "REPOSITORY stands for an address",
    "cd gongkai": "it follows the clone",
    "python3 -m venv": "it makes an environment of its own",
    ". .venv/bin/activate": "it belongs to a shell",
    "gongkai crawl ": "it asks a publisher's site; tests/crawl asks a site of its own",
    "gongkai nightly ": "it crawls first; tests/nightly crawls a site of its own",
    "gongkai run s3://": "it needs a cluster; tests/run/test_cluster.py has one",
    "dask ": "it serves until it is stopped; tests/run/test_cluster.py starts it",
    "gongkai review out --serve": "it serves until it is stopped; tests/run/desk starts it",
    "MAILTO=": "a line of cron's",
    "30 1 * * *": "a line of cron's; its command is that of the unit in tests/nightly/test_docs.py",
}
#: blocks of code that another test runs: page, kind, a part of the text → that test
RUN_ELSEWHERE = {
    ("README.md", "python", "d_grant_rate"): "panel/test_regression.py",
    ("panel.md", "python", "d_grant_rate"): "panel/test_regression.py",
    ("panel.md", "r", "d_grant_rate"): "panel/test_regression.py",
    ("nightly.md", "toml", "[crawl]"): "nightly/test_docs.py",
    ("nightly.md", "ini", "[Unit]"): "nightly/test_docs.py",
    ("rules.md", "toml", "[[rules]]"): "commands/test_check.py",
    ("rules.md", "toml", "[severity]"): "commands/test_check.py",
    ("tutorial.md", "python", "s_new"): "docs/test_pages.py",
}
#: blocks that cannot be run here, and why
BLOCKS_NOT_RUN = {("scale.md", "python", "spark."): "it needs Spark; pandas reads the same folder here"}


#: folders of reports that the pages name
FOLDERS = (
    "reports",
    "my_reports",
    "my_folder_of_reports",
    "reports_of_this_year",
    "samples",
    "archive/current",
    "报告文件夹",
)
#: Stata's own words in the blocks
STATA = set(
    [
        "use",
        "clear",
        "xtset",
        "xtreg",
        "fe",
        "vce",
        "cluster",
        "tab",
        "if",
        "missing",
        "label",
        "language",
        "en",
        "zh",
        "i",
    ]
)


def lines(page: Path) -> Iterator[str]:
    """Every command line of a page."""
    text = page.read_text("utf-8")
    fenced = [
        line for kind, part in blocks(text) if kind.split()[:1] in ([], ["sh"]) for line in part.splitlines()
    ]
    for line in (*fenced, *indented(text)):
        command = re.split(r"\s{2,}(?:#|←)", line)[0].strip()
        if command and not command.startswith("#"):
            yield command


def programs(page: Path) -> Iterator[tuple[str, str]]:
    """Every block that is no command line, with its kind."""
    for kind, text in blocks(page.read_text("utf-8")):
        if kind.split()[:1] not in ([], ["sh"]):
            yield kind, text


def twin(page: Path) -> Path:
    """The page in English."""
    return page.with_name(page.name.replace(".zh.md", ".md"))


def bare(text: str) -> str:
    """Code without spaces and comments, which are in the page's language."""
    return re.sub(r"#.*|//.*|\s+", "", text)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the pages speak of: folders of reports, a dataset, lists."""
    place = tmp_path_factory.mktemp("pages")
    for name in FOLDERS:
        (place / name).mkdir(parents=True)
        for of, to in (
            ("2021_city.docx", "2021_b.docx"),
            ("2021_city.docx", "2021_city.docx"),
            ("2021_page_cut.pdf", "report.pdf"),
            ("2019_township.docx", "yuncao.html"),
        ):
            shutil.copy(ROOT / "samples" / of, place / name / to)
    shutil.copy(ROOT / "samples" / "2021_page_cut.pdf", place / "report.pdf")
    shutil.copy(ROOT / "samples" / "2021_city.docx", place / "report.docx")
    assert main(
        ["run", str(place / "reports"), "--to", str(place / "out"), "--quiet", "--partition", "year"]
    ) in (0, 1)
    for night in ("2026-11-29", "2026-11-30"):
        shutil.copytree(place / "out", place / "versions" / night)
    (place / "expected.csv").write_text("org\n临江市人民政府\n", "utf-8")
    rules = [text for kind, text in blocks((DOCS / "rules.md").read_text("utf-8")) if kind == "toml"]
    (place / "my.toml").write_text(rules[0], "utf-8")
    return place


@pytest.mark.parametrize("page", [*ENGLISH, *CHINESE], ids=lambda p: p.name)
def test_every_command_line_is_run(
    page: Path,
    made: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In the order of the page, in a folder of its own. 1 is a dataset in which something wants a look."""
    place = tmp_path / "place"
    done = set() if page in ENGLISH else {bare(line) for line in lines(twin(page))}
    wanted = [line for line in lines(page) if bare(line) not in done]
    wanted = [line for line in wanted if not line.startswith(tuple(NOT_RUN))]
    if wanted:
        shutil.copytree(made, place)
        monkeypatch.chdir(place)
    for line in wanted:
        words = shlex.split(line.replace("DIR", "out"))
        assert words[0] == "gongkai", f"{page.name}: {line} is neither run nor in NOT_RUN"
        try:
            code = main(words[1:])
        except SystemExit as end:
            code = int(end.code or 0)
        assert code in (0, 1), f"{page.name}: {line}: {capsys.readouterr().err}"


def test_every_reason_is_of_a_line_that_there_is() -> None:
    every = [line for page in (*ENGLISH, *CHINESE) for line in lines(page)]
    assert [start for start in NOT_RUN if not any(line.startswith(start) for line in every)] == []


@pytest.mark.parametrize(
    ("page", "kind", "text"),
    [(page.name, kind, text) for page in ENGLISH for kind, text in programs(page)],
    ids=[f"{page.name}-{kind}-{n}" for page in ENGLISH for n, (kind, _) in enumerate(programs(page))],
)
def test_every_block_of_code_is_run(
    page: str, kind: str, text: str, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reasons = {key for key in (*RUN_ELSEWHERE, *BLOCKS_NOT_RUN) if key[:2] == (page, kind) and key[2] in text}
    if reasons or (page, kind) == ("nightly.md", "ini"):
        return
    monkeypatch.chdir(made)
    match kind:
        case "python":
            exec(compile(text, page, "exec"), {"pandas": pandas})
        case "toml" if page == "crawl.md":
            (tmp_path / "sites.toml").write_text(text, "utf-8")
            assert [s.id for s in site.load(tmp_path / "sites.toml").sites] == ["linjiang"]
            assert set(tomllib.loads(text)) == {"crawl", "site"}
        case "sql":
            duckdb = pytest.importorskip("duckdb", reason="the extra gongkai[stats] is not installed")
            assert duckdb.sql(text.partition("--")[0]).fetchall()
        case "r":
            if shutil.which("Rscript") is None:
                pytest.skip("R is not installed")
            subprocess.run(["Rscript", "-e", text], check=True)
        case "stata":
            main(["panel", "out", "--to", "panel.dta"])
            used = set(re.findall(r"\b[a-z]\w*\b", re.sub(r"//.*|panel\.dta", "", text))) - STATA
            assert used <= set(pandas.read_stata("panel.dta", convert_categoricals=False).columns)
        case _:
            raise AssertionError(f"{page}: a block of {kind} that no test runs")


def test_what_is_run_elsewhere_is_there() -> None:
    for (page, kind, part), test in RUN_ELSEWHERE.items():
        assert any(k == kind and part in t for p in ENGLISH if p.name == page for k, t in programs(p)), page
        told = (ROOT / "tests" / test).read_text("utf-8")
        assert page.removesuffix(".md") in told, f"{test} does not speak of {page}"
    for page, kind, part in BLOCKS_NOT_RUN:
        assert any(k == kind and part in t for p in ENGLISH if p.name == page for k, t in programs(p)), page


@pytest.mark.parametrize("page", CHINESE, ids=lambda p: p.name)
def test_a_chinese_page_has_the_programs_of_its_twin(page: Path) -> None:
    """Without lines that only readers of English need."""
    ours, theirs = (
        {(kind, bare(line)) for kind, text in programs(p) for line in text.splitlines()}
        for p in (page, twin(page))
    )
    assert ours <= theirs
    assert len(list(programs(page))) == len(list(programs(twin(page))))
