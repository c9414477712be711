"""What the command line names: files, standard input, alias files."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[3] / "samples"
Run = Callable[..., tuple[int, str, str]]


class Piped:
    """Standard input that has bytes."""

    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


@pytest.mark.parametrize("command", ["show", "extract", "normalize"])
def test_a_dash_is_standard_input(command: str, gongkai: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Piped((SAMPLES / "2021_city.docx").read_bytes()))
    code, out, _ = gongkai(command, "-")
    assert code == 0
    assert "临江市人民政府" in out


def test_nothing_on_standard_input_is_a_document_that_cannot_be_read(
    gongkai: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Piped(b""))
    code, out, err = gongkai("extract", "-")
    assert (code, out) == (1, "")
    assert err.startswith("-: ")


def test_the_file_stands_in_front_of_what_is_wrong_with_it(gongkai: Run) -> None:
    broken = SAMPLES / "broken.docx"
    assert gongkai("normalize", broken)[2].startswith(f"{broken}: truncated: ")
    assert gongkai("show", "nowhere.pdf")[2] == "nowhere.pdf: there is no such file\n"


def test_a_file_in_an_archive_is_read(gongkai: Run) -> None:
    code, out, _ = gongkai("show", SAMPLES / "gbk_names.zip", "--json")
    report = json.loads(out)
    assert (code, report["status"]) == (0, "ok")
    assert report["source_file"].startswith("gbk_names.zip!/")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[requests", "not TOML"),
        ("granted = 1", "unknown key granted; there are statistics, proactive"),
        ("[requests.lines]\ngranted = ['公开']", "[requests]: unknown key lines; there are rows, columns"),
        ("[requests]\nrows = 1", "[requests]: rows is 1; wanted: a table"),
        ("[requests.rows]\ngrantd = ['公开']", "[requests.rows]: unknown key grantd; did you mean granted?"),
        ("[requests.rows]\ngranted = '公开'", 'granted is "公开"; wanted: a list of texts'),
        ("[requests.rows]\ngranted = [1]", "granted, item 1 is 1; wanted: a list of texts"),
    ],
)
@pytest.mark.parametrize("command", ["run", "show", "explain"])
def test_a_wrong_alias_file_is_refused_before_anything_is_read(
    command: str, text: str, says: str, gongkai: Run, tmp_path: Path
) -> None:
    aliases, out = tmp_path / "own.toml", tmp_path / "out"
    aliases.write_text(text, "utf-8")
    sample = SAMPLES / "2021_city.docx"
    arguments = {"run": [sample, "--to", out], "show": [sample], "explain": ["--label", "公开"]}
    code, stdout, err = gongkai(command, *arguments[command], "--aliases", aliases)
    assert (code, stdout, out.exists()) == (2, "", False)
    assert err.startswith(f"{aliases}: ")
    assert says in err
    assert err.count("\n") == 1


def test_an_alias_file_that_is_not_there_or_no_text_is_refused(gongkai: Run, tmp_path: Path) -> None:
    (tmp_path / "gbk.toml").write_bytes('[requests.rows]\ngranted = ["公开"]'.encode("gbk"))
    for name in ("nowhere.toml", "gbk.toml"):
        code, out, err = gongkai("show", SAMPLES / "2021_city.docx", "--aliases", tmp_path / name)
        assert (code, out, err.count("\n")) == (2, "", 1)


def test_the_alias_file_of_the_house_would_be_taken(gongkai: Run, tmp_path: Path) -> None:
    aliases = SAMPLES.parent / "normalize" / "form" / "aliases.toml"
    assert gongkai("explain", "--label", "予以公开", "--aliases", aliases)[0] == 0
