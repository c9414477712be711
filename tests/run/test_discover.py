from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from gongkai.run.discover import Input, PassedOver, find
from gongkai.run.results.run_cache import RunCache

Folder = Callable[..., Path]


def no_dataset(path: Path) -> bool:
    return False


@pytest.fixture
def state(tmp_path: Path) -> Iterator[RunCache]:
    (tmp_path / "state").mkdir()
    with RunCache(tmp_path / "state", "a") as opened:
        yield opened


def names(found: Iterable[Input | PassedOver]) -> list[str]:
    return sorted(input.name for input in found if isinstance(input, Input))


def skipped(found: Iterable[Input | PassedOver]) -> int:
    return sum(isinstance(input, PassedOver) for input in found)


def test_files_are_found_at_any_depth_and_sorted_by_name(folder: Folder) -> None:
    top = folder("b.docx", "a/z.pdf", "a/b/c.html", "A.doc", "年报.pdf")
    assert names(find([top], no_dataset)) == ["A.doc", "a/b/c.html", "a/z.pdf", "b.docx", "年报.pdf"]


def test_what_is_no_document_is_passed_over_and_counted(folder: Folder) -> None:
    top = folder(
        "a.docx",
        "a.truth.json",
        "README.MD",
        ".hidden.pdf",
        ".git/x.pdf",
        "~$a.docx",
        "noending",
        "__pycache__/b.cpython-311.pyc",
    )
    found = list(find([top], no_dataset))
    assert (names(found), skipped(found)) == (["a.docx", "noending"], 6)


SAID = "行政许可 行政处罚 自然人 予以公开 部分公开"


@pytest.mark.parametrize(
    "data",
    [
        SAID.replace("行", "⾏").replace("人", "⼈").encode(),
        SAID.encode("gb18030").decode("latin-1").encode(),
    ],
)
def test_labels_are_known_though_a_converter_changed_their_characters(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(data)
    assert names(find([tmp_path], no_dataset)) == ["a.md"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030", "unicode-escape"])
@pytest.mark.parametrize("name", ["a.md", "a.json", "a.csv", "a.XML"])
def test_a_text_with_the_labels_of_a_report_is_read_whatever_its_ending(
    name: str, encoding: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(SAID.encode(encoding))
    (tmp_path / "notes.md").write_bytes(SAID[:-5].encode(encoding))
    (tmp_path / "a.py").write_bytes(SAID.encode(encoding))
    found = list(find([tmp_path], no_dataset))
    assert (names(found), skipped(found)) == ([name], 2)


def test_labels_that_are_cut_by_tags_are_labels(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("".join(f'<text left="9">{c}</text>\n' for c in SAID))
    assert names(find([tmp_path], no_dataset)) == ["a.xml"]


@pytest.mark.parametrize("columns", ["report_id,source_file", "variable,label"])
def test_a_table_of_ours_is_not_read(columns: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"{columns}\n{SAID}\n", "utf-8-sig")
    assert list(find([tmp_path], no_dataset)) == [PassedOver.OTHER]
    assert list(find([tmp_path / "a.csv"], no_dataset)) == [PassedOver.OURS]


def test_a_file_that_is_named_is_read_whatever_it_is_called(folder: Folder) -> None:
    top = folder("a.json", ".hidden.pdf")
    assert names(find([top / "a.json", top / ".hidden.pdf"], no_dataset)) == [".hidden.pdf", "a.json"]


def test_a_dataset_in_the_folder_is_passed_over(folder: Folder) -> None:
    top = folder("a.docx", "out/b.docx")
    found = list(find([top], lambda path: path.name == "out"))
    assert (names(found), skipped(found)) == (["a.docx"], 1)


def planned(state: RunCache, found: Iterable[Input | PassedOver]) -> list[Input]:
    state.plan(input for input in found if isinstance(input, Input))
    return [input for _, input, _ in state.inputs(1, "")]


def test_a_file_named_twice_is_read_once(folder: Folder, state: RunCache) -> None:
    top = folder("a.docx")
    found = find([top, top / "a.docx", top], no_dataset)
    assert [input.name for input in planned(state, found)] == ["a.docx"]


def test_files_of_one_name_in_two_folders_are_both_read(folder: Folder, state: RunCache) -> None:
    top = folder("x/a.docx", "y/a.docx")
    found = find([top / "y", top / "x"], no_dataset)
    assert [input.path for input in planned(state, found)] == [top / "y" / "a.docx", top / "x" / "a.docx"]


def test_files_are_numbered_in_the_order_of_their_names(folder: Folder, state: RunCache) -> None:
    top = folder("b.docx", "a/z.pdf", "A.doc", "年报.pdf", "\U00020000.pdf")
    assert [input.name for input in planned(state, find([top], no_dataset))] == [
        "A.doc",
        "a/z.pdf",
        "b.docx",
        "年报.pdf",
        "\U00020000.pdf",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_links_do_not_lead_in_a_circle(folder: Folder) -> None:
    top = folder("a.docx", "sub/b.docx")
    (top / "sub" / "up").symlink_to("..")
    (top / "loop.docx").symlink_to("loop.docx")
    (top / "nowhere.pdf").symlink_to("gone.pdf")
    (top / "linked.docx").symlink_to("a.docx")
    found = list(find([top], no_dataset))
    assert names(found) == ["a.docx", "linked.docx", "loop.docx", "nowhere.pdf", "sub/b.docx"]
    assert skipped(found) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes there")
def test_a_pipe_in_a_folder_is_passed_over(folder: Folder) -> None:
    top = folder("a.docx")
    os.mkfifo(top / "pipe.docx")
    assert names(find([top], no_dataset)) == ["a.docx"]


@pytest.mark.skipif(sys.platform != "linux", reason="file names are text there")
def test_a_name_that_is_no_utf_8_can_be_told(folder: Folder) -> None:
    top = folder("a.docx")
    (top / os.fsdecode(b"\xc4\xea.pdf")).write_text("x")
    assert names(find([top], no_dataset)) == ["\\xc4\\xea.pdf", "a.docx"]


def test_a_path_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no such file or folder"):
        find([tmp_path / "gone.pdf"], no_dataset)
