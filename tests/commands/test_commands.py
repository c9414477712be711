"""The command line: help, exit codes, one line for every mistake."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from gongkai.commands import COMMANDS, main
from gongkai.commands.output import install_hint

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    out = capsys.readouterr()
    return code, out.out, out.err


@pytest.mark.parametrize("name", [c[0] for c in COMMANDS])
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, name, "--help")
    assert code == 0
    assert f"gongkai {name}" in out


def test_the_first_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--help")
    assert code == 0
    assert all(f"  {name} " in out for name, _, _ in COMMANDS)


def test_help_imports_neither_typer_nor_any_reader() -> None:
    code = (
        "import sys; from gongkai.commands import main; main(['--help']); "
        "heavy = {'typer', 'rich', 'click', 'pandas', 'lxml', 'pypdfium2', 'jieba', 'rapidfuzz', 'jinja2'} & set(sys.modules); "
        "sys.exit(f'imported: {heavy}' if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["show"],
        ["show", "--nonsense", "x"],
        ["run", "--to", "x"],
        ["fields", "--form", "1999"],
        ["explain"],
        ["labels", "nowhere"],
        ["show", "nowhere.pdf"],
        ["show", str(SAMPLES)],
        ["extract", "nowhere.pdf"],
        ["normalize", "nowhere.pdf"],
        ["draw", "nowhere.pdf", "--to", "x.png"],
        ["draw", str(SAMPLES / "2021_city.pdf")],
        ["draw", str(SAMPLES / "2021_city.pdf"), "--page", "0", "--to", "x.png"],
        ["draw", str(SAMPLES / "2021_city.pdf"), "--to", "nowhere/x.png"],
        ["explain", "nowhere.pdf", "requests.granted.total"],
        ["explain", "--label", "公开", "--table", "nonsense"],
        ["explain", str(SAMPLES / "2021_city.docx")],
        ["run", "nowhere", "--to", "x"],
        ["run", "nowhere", "--to", "x", "--workers", "-1"],
        ["run", str(SAMPLES / "2021_city.docx"), "--to", str(SAMPLES)],
    ],
)
def test_wrong_usage_is_two_and_one_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1


def test_show_gives_the_report_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "show", str(SAMPLES / "2021_city.docx"), "--json")
    report = json.loads(out)
    assert code == 0
    assert (report["org"], report["year"], report["status"], len(report["facts"])) == (
        "临江市人民政府",
        2023,
        "ok",
        200,
    )


def test_show_prints_the_tables(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "show", str(SAMPLES / "2021_city.docx"))
    assert code == 0
    assert "临江市人民政府" in out
    assert "自然人" in out


@pytest.mark.parametrize(
    "command", [["show"], ["extract"], ["normalize"], ["draw", "--to", "x.png"], ["explain"]]
)
def test_a_broken_file_exits_with_one_and_says_why(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    name, *options = command
    field = ["requests.granted.total"] if name == "explain" else []
    code, out, err = run(capsys, name, str(SAMPLES / "broken.docx"), *field, *options)
    assert code == 1
    assert "truncated" in out + err


def test_explain_tells_where_a_value_comes_from(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(
        capsys, "explain", str(SAMPLES / "2021_page_cut.pdf"), "requests.unavailable_not_held.total"
    )
    assert code == 0
    assert "1.本机关不掌握相关政府信息" in out
    assert "page 1" in out or "page 2" in out
    assert "R3" in out


def test_explain_tells_whose_report_it_is_and_of_which_year(capsys: pytest.CaptureFixture[str]) -> None:
    sample = str(SAMPLES / "2022_two_names.docx")
    code, out, _ = run(capsys, "explain", sample, "org")
    assert code == 0
    assert out.startswith("org   临江市南河区人民政府")
    assert "signature" in out and "rule:" in out
    code, out, _ = run(capsys, "explain", sample, "year")
    assert code == 0
    assert out.startswith("year  2022") and "title +3" in out


def test_explain_of_an_unknown_field_names_what_is_near(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "explain", str(SAMPLES / "2021_city.docx"), "requests.grantd.total")
    assert (code, out) == (2, "")
    assert "requests.granted.total" in err


def test_explain_of_a_label_prints_the_line_that_settles_it(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "explain", "--label", "本年新收公开申清数量")
    assert code == 0
    assert 'new_requests = ["本年新收公开申清数量"]' in out


def test_aliases_of_ones_own_are_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    aliases = tmp_path / "own.toml"
    aliases.write_text('[requests.columns]\nresearch_institution = ["学术团体"]\n', "utf-8")
    code, out, _ = run(capsys, "explain", "--label", "学术团体", "--aliases", str(aliases))
    assert code == 0
    assert "research_institution   alias 100" in out


def test_draw_paints_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from PIL import Image

    target = tmp_path / "page.png"
    code, _, _ = run(capsys, "draw", str(SAMPLES / "2021_city.pdf"), "--page", "1", "--to", str(target))
    assert code == 0
    with Image.open(target) as picture:
        assert picture.size == (1190, 1684)
        colours = {c for _, c in picture.convert("RGB").getcolors(1 << 24) or []}
    assert (30, 130, 60) in colours


def test_a_run_writes_datasets_and_labels_lists_their_wordings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    names = ("2021_city.docx", "2019_typos.docx", "broken.docx")
    code, _, err = run(capsys, "run", *(str(SAMPLES / n) for n in names), "--to", str(out), "--workers", "1")
    assert code == 1  # broken.docx failed
    assert "2 ok" in err and "1 failed" in err
    with (out / "reports.csv").open(encoding="utf-8-sig", newline="") as file:
        reports = {r["source_file"]: (r["status"], r["reason"]) for r in csv.DictReader(file)}
    assert reports == {
        "2021_city.docx": ("ok", ""),
        "2019_typos.docx": ("ok", ""),
        "broken.docx": ("failed", "truncated"),
    }
    code, listed, _ = run(capsys, "labels", str(out))
    rows = list(csv.DictReader(io.StringIO(listed)))
    assert code == 0
    assert ("1.属于国家秘蜜", "denied_state_secret", "fuzzy") in {
        (r["printed"], r["field"], r["rule"]) for r in rows
    }


def test_fields_lists_every_slot_of_a_form(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "fields", "--form", "2021", "--json")
    assert code == 0
    assert len(json.loads(out)) == 200


def test_the_json_of_one_file_imports_nothing_that_it_does_not_need() -> None:
    sample = str(SAMPLES / "2021_city.docx")
    code = (
        f"import sys; from gongkai.commands import main; code = main(['show', {sample!r}, '--json']); "
        "heavy = {'typer', 'rich', 'pandas', 'numpy', 'pyarrow', 'jieba', 'docx', 'pdfplumber', 'email', "
        "'pypdfium2', 'cv2', 'jinja2'} & set(sys.modules); "
        "sys.exit(f'imported: {heavy}' if heavy else code)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert json.loads(done.stdout)["source_file"] == "2021_city.docx"


def test_a_format_without_pages_has_its_grids_drawn_or_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample, picture = str(SAMPLES / "2021_city.docx"), tmp_path / "grids.svg"
    code, _, error = run(capsys, "draw", sample, "--to", str(tmp_path / "page.png"))
    assert (code, list(tmp_path.iterdir())) == (2, [])
    assert "has no pages; its grids are drawn as SVG" in error
    code, _, _ = run(capsys, "draw", sample, "--to", str(picture))
    root = etree.parse(picture).getroot()
    texts = ["".join(text.itertext()) for text in root.iter("{*}text")]
    assert code == 0 and {"自然人", "规章", "297", "809.3"} <= set(texts)
    boxes = [box for box in root.iter("{*}rect") if box.get("fill-opacity")]
    assert {box.get("stroke") for box in boxes} == {"#1e823c", "#285ac8"}  # values and labels alone
    assert all(float(box.get("width", 0)) > 0 and float(box.get("height", 0)) > 0 for box in boxes)
    code, text, _ = run(capsys, "draw", sample)
    assert code == 0 and "自然人" in text


def test_doctor_reads_a_sample_of_each_format(capsys: pytest.CaptureFixture[str]) -> None:
    code, text, _ = run(capsys, "doctor", "--json")
    works = {line["what"]: line["works"] for line in json.loads(text)}
    assert code == 0
    assert [works[name] for name in ("DOCX", "PDF", "OFD", "HTML", "MHTML", "XLSX", "TXT")] == [True] * 7


def test_the_samples_of_doctor_are_those_of_the_checkout() -> None:
    with zipfile.ZipFile(ROOT / "commands" / "doctor_samples.zip") as archive:
        for name in archive.namelist():
            assert archive.read(name) == (SAMPLES / name).read_bytes(), (
                f"{name}: put the sample of today into it"
            )


@pytest.mark.parametrize(
    ("prefix", "told", "hint"),
    [
        ("/opt/share/pipx/venvs/gongkai", None, "pipx install --force 'gongkai[ocr]'"),
        ("/opt/share/uv/tools/gongkai", None, "uv tool install --force 'gongkai[ocr]'"),
        ("/usr", None, "pip install 'gongkai[ocr]'"),
        (
            "/srv/.venv",
            '{"url": "file:///srv/gongkai", "dir_info": {"editable": true}}',
            "pip install -e '/srv/gongkai[ocr]'",
        ),
        ("/srv/.venv", '{"url": "file:///srv/gongkai", "dir_info": {}}', "pip install '/srv/gongkai[ocr]'"),
        (
            "/opt/share/pipx/venvs/gongkai",
            '{"url": "file:///srv/gongkai", "dir_info": {}}',
            "pipx install --force '/srv/gongkai[ocr]'",
        ),
        (
            "/usr",
            '{"url": "file:///srv/g%20k/gongkai-1.0-py3-none-any.whl", "archive_info": {}}',
            "pip install 'gongkai[ocr] @ file:///srv/g%20k/gongkai-1.0-py3-none-any.whl'",
        ),
        (
            "/usr",
            '{"url": "https://example.org/gongkai.git", "vcs_info": {"vcs": "git", "commit_id": "0"}}',
            "pip install 'gongkai[ocr] @ git+https://example.org/gongkai.git'",
        ),
    ],
)
def test_a_hint_names_the_command_for_how_it_was_installed(
    prefix: str, told: str | None, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Told:
        def read_text(self, name: str) -> str | None:
            return told

    monkeypatch.setattr(install_hint.sys, "prefix", prefix)
    monkeypatch.setattr(install_hint, "distribution", lambda name: Told())
    assert install_hint.install_hint("ocr") == hint


def test_help_is_given_in_every_way_that_people_ask_for_it(capsys: pytest.CaptureFixture[str]) -> None:
    whole = run(capsys, "run", "--help")
    assert run(capsys, "run", "-h") == whole
    assert run(capsys, "help", "run") == whole
    assert run(capsys, "help") == run(capsys, "--help")


def test_a_slip_in_a_command_is_told_what_was_meant(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, error = run(capsys, "explian")
    assert code == 2
    assert "did you mean explain?" in error


@pytest.mark.parametrize(
    "arguments", [["fields"], ["fields", "--json"], ["show", "FILE"], ["show", "FILE", "--json"]]
)
def test_a_reader_that_has_seen_enough_is_no_failure(arguments: list[str]) -> None:
    file = str(SAMPLES / "2021_city.docx")
    command = [sys.executable, "-m", "gongkai", *(file if a == "FILE" else a for a in arguments)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    error = process.stderr.read().decode()
    process.stderr.close()
    assert (process.wait(), error) == (0, "")
