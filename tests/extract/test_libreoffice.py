"""Word's older formats, by LibreOffice where it is installed."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from builders.old_formats import needs_office, saved
from gongkai.extract import can_hold_children, convert_ahead, find_reader, libreoffice, unpack_archive
from gongkai.extract.office import conversion
from gongkai.extract.office.zip_package import Bomb
from gongkai.model import Encrypted, Grid, Limits, MissingTool, Source, Unreadable, mark_unread

SAMPLES = Path(__file__).parents[2] / "samples"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500


def source(data: bytes) -> Source:
    return Source("x.doc", data, "", len(data))


@needs_office
@pytest.mark.parametrize("kind", ["doc", "rtf"])
def test_a_converted_report_keeps_its_boxes(kind: str, tmp_path: Path) -> None:
    (path,) = saved(tmp_path, kind, SAMPLES / "2019_township.docx")
    data = path.read_bytes()
    assert find_reader(data).__name__ == "gongkai.extract.libreoffice"
    document = libreoffice.read(source(data), Limits())
    assert document.format == kind
    grids = [b for b in document.blocks if isinstance(b, Grid)]
    assert [g.rows for g in grids] == [18, 26, 4]


def test_without_libreoffice_the_reason_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(MissingTool, match="LibreOffice") as told:
        libreoffice.read(source(OLE + "WordDocument".encode("utf-16-le")), Limits())
    assert told.value.code == "missing-tool"


@needs_office
def test_what_libreoffice_cannot_read_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        libreoffice.read(source(OLE + "WordDocument".encode("utf-16-le")), Limits())


@pytest.mark.skipif(sys.platform == "win32", reason="no limits there")
@pytest.mark.parametrize(
    ("harm", "why"),
    [
        ("while :; do :; done", "seconds of computing"),
        ("sleep 600", "more than 4 seconds"),
        ("sleep 600 & exit 0", "cannot convert"),
        ("for i in $(seq 40); do sleep 600 & done; wait", "more than 16 processes"),
    ],
)
def test_a_conversion_has_caps_of_its_own_and_leaves_nothing(
    harm: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = tmp_path / "soffice"
    office.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\n{harm}\n")
    office.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda name: str(office))
    monkeypatch.setattr(conversion, "SECONDS", 1)
    # a machine under load gives a second of computing in many
    monkeypatch.setattr(conversion, "WAITING", 4 if harm == "sleep 600" else 120)
    with pytest.raises(Unreadable, match=why):
        libreoffice.read(source(OLE + "WordDocument".encode("utf-16-le")), Limits())
    group = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 5
    while running(group) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not running(group)


@pytest.mark.skipif(not can_hold_children(), reason="no process namespaces here")
def test_its_processes_are_counted_in_a_namespace_too(tmp_path: Path) -> None:
    """A worker's children have other numbers there than /proc lists."""
    office = tmp_path / "soffice"
    office.write_text("#!/bin/sh\nfor i in $(seq 40); do sleep 600 & done; wait\n")
    office.chmod(0o755)
    script = f"""
import os, shutil
from gongkai.extract import hold_children
from gongkai.extract.office import conversion
from gongkai.model import Unreadable
hold_children()
if (first := os.fork()) == 0:  # it buries what is left in the namespace, which ends with it
    if (child := os.fork()) == 0:
        shutil.which = lambda name: {str(office)!r}
        conversion.WAITING = 20
        try:
            conversion.convert(b"", "docx", "doc")
        except Unreadable as why:
            print(why, flush=True)
        os._exit(0)
    os.waitpid(child, 0)
    os._exit(0)
os.waitpid(first, 0)
"""
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout == "LibreOffice started more than 16 processes\n"


def running(group: int) -> list[str]:
    """The processes of a group that run; none where the system does not list them."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(path.parent.name)
    return found


def test_a_locked_document_is_encrypted() -> None:
    with pytest.raises(Encrypted):
        libreoffice.read(source(OLE + "EncryptedPackage".encode("utf-16-le")), Limits())


def test_an_archive_gives_its_documents_by_their_names_in_gbk() -> None:
    data = (SAMPLES / "gbk_names.zip").read_bytes()
    found = unpack_archive(Source("a.zip", data, "", len(data)), Limits())
    assert found is not None
    assert [m.source.path for m in found] == ["a.zip!/年报22.docx"]


def test_a_document_that_is_a_zip_is_no_archive() -> None:
    data = (SAMPLES / "2021_city.docx").read_bytes()
    assert unpack_archive(Source("a.docx", data, "", len(data)), Limits()) is None


def test_an_archive_of_too_much_is_refused() -> None:
    data = (SAMPLES / "gbk_names.zip").read_bytes()
    with pytest.raises(Bomb):
        unpack_archive(Source("a.zip", data, "", len(data)), Limits(unpacked_bytes=500))


@needs_office
def test_files_converted_together_are_read_as_each_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = saved(tmp_path, "doc", SAMPLES / "2019_township.docx", SAMPLES / "2021_city.docx")
    broken, other = tmp_path / "broken.doc", tmp_path / "other.doc"
    broken.write_bytes(OLE + "WordDocument".encode("utf-16-le"))
    other.write_bytes(b"no document of Word's")
    limits = Limits(converted=tmp_path / "converted")
    convert_ahead([paths[0], broken, tmp_path / "gone.doc", other, paths[1]], limits, 60)
    assert len(list((tmp_path / "converted").iterdir())) == 2
    alone = [libreoffice.read(whole(path), Limits()).blocks for path in paths]
    monkeypatch.setattr(libreoffice, "convert", lambda *_: pytest.fail("it was converted already"))
    assert [libreoffice.read(whole(path), limits).blocks for path in paths] == alone


def whole(path: Path) -> Source:
    data = path.read_bytes()
    return Source(path.name, data, hashlib.sha256(data).hexdigest(), len(data))


@pytest.mark.parametrize(("does", "made"), [("sleep 60", 0), ("head -c 900", 0), ("cat", 2)])
def test_only_what_comes_out_whole_is_taken(
    does: str, made: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A converter that hangs, one that stops in the middle of writing, and one that does its work."""
    program = tmp_path / "soffice"
    program.write_text(
        "#!/bin/sh\n"
        'for file; do case "$file" in *.doc) out="$(dirname "$file")/out"; mkdir -p "$out"\n'
        f'{does} < {SAMPLES}/2021_city.docx > "$out/$(basename "$file" .doc).docx";; esac; done\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    paths = [tmp_path / "a.doc", tmp_path / "b.doc"]
    for path in paths:
        path.write_bytes(OLE + "WordDocument".encode("utf-16-le") + path.name.encode())
    convert_ahead(paths, Limits(converted=tmp_path / "converted"), 2.0)
    assert len(list(tmp_path.glob("converted/*"))) == made


@needs_office
def test_a_table_that_is_lost_beside_others_is_noticed(tmp_path: Path) -> None:
    # LibreOffice drops a table that is the last thing of a .doc
    sample = tmp_path / "last.docx"
    with zipfile.ZipFile(SAMPLES / "2021_city.docx") as whole, zipfile.ZipFile(sample, "w") as cut:
        for name in whole.namelist():
            text = whole.read(name)
            if name == "word/document.xml":
                end = text.rindex(b"</w:tbl>") + len(b"</w:tbl>")
                text = text[:end] + b"</w:body></w:document>"
            cut.writestr(name, text)
    (path,) = saved(tmp_path, "doc", sample)
    document = libreoffice.read(source(path.read_bytes()), Limits())
    assert len([b for b in document.blocks if isinstance(b, Grid)]) == 2
    assert [f.code for f in document.findings if f.severity == "error"] == ["table-lost"]


#: What stands in a box of RTF, and what is seen in it.
BOXES_OF_RTF = [
    ("{\\strike 5}3", "3"),
    ("{\\striked1 5}3", "3"),
    ("{\\v 5}3", "3"),
    ("{\\cf1 5}3", "3"),
    ("3{\\super 2}", "3²"),
    ("3{\\dn8 2}", "3₂"),
    ("3{\\field{\\*\\fldinst EQ \\\\o(2,3)}{\\fldrslt }}", "32" + mark_unread("equation field")),
    ("3{\\field{\\*\\fldinst =SUM(LEFT)}{\\fldrslt 21}}", "30" + mark_unread("formula")),
    ("3{\\field{\\*\\fldinst EQ \\\\f(1,2)}{\\fldrslt }}", "3" + mark_unread("symbol")),
    ("{\\field{\\*\\fldinst PAGE }{\\fldrslt 7}}", "1" + mark_unread("field")),
    ("1\\emspace 2", "1\u20032"),
    ("{\\strike 5}", mark_unread("crossed out")),
]


@pytest.fixture(scope="module")
def read_boxes() -> list[str]:
    """The texts of all boxes of RTF: LibreOffice starts once for them."""
    head = "{\\rtf1\\ansi{\\fonttbl{\\f0 SimSun;}}{\\colortbl;\\red255\\green255\\blue255;}"
    rows = "".join(
        f"\\trowd\\cellx2000\\cellx4000\\pard\\intbl a\\cell\\pard\\intbl {inside}\\cell\\row"
        for inside, _ in BOXES_OF_RTF
    )
    data = f"{head}{rows}\\pard b\\par}}".encode()
    document = libreoffice.read(Source("x.rtf", data, "", len(data)), Limits())
    (grid,) = [b for b in document.blocks if isinstance(b, Grid)]
    return [c.text for c in grid.cells if c.column == 1]


@needs_office
@pytest.mark.parametrize("number", range(len(BOXES_OF_RTF)), ids=[inside for inside, _ in BOXES_OF_RTF])
def test_a_box_of_rtf_holds_what_is_seen_in_it(number: int, read_boxes: list[str]) -> None:
    assert read_boxes[number] == BOXES_OF_RTF[number][1]
