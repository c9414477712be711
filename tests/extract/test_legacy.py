"""Word's older formats, by LibreOffice where it is installed."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from extract import archive, legacy, reader
from extract.package import Bomb
from model import Encrypted, Grid, Limits, MissingTool, Source, Unreadable

SAMPLES = Path(__file__).parents[2] / "samples"
needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500


def source(data: bytes) -> Source:
    return Source("x.doc", data, "", len(data))


@needs_office
@pytest.mark.parametrize("kind", ["doc", "rtf"])
def test_a_converted_report_keeps_its_boxes(kind: str, tmp_path: Path) -> None:
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/p", "--headless", "--convert-to", kind]
    sample = SAMPLES / "2019_township.docx"
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(sample)], check=True, capture_output=True, timeout=120
    )
    data = (tmp_path / f"2019_township.{kind}").read_bytes()
    assert reader(data).__name__ == "extract.legacy"
    document = legacy.read(source(data), Limits())
    assert document.format == kind
    grids = [b for b in document.blocks if isinstance(b, Grid)]
    assert [g.rows for g in grids] == [18, 26, 4]


def test_without_libreoffice_the_reason_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(MissingTool, match="LibreOffice"):
        legacy.read(source(OLE + "WordDocument".encode("utf-16-le")), Limits())


@needs_office
def test_what_libreoffice_cannot_read_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        legacy.read(source(OLE + "WordDocument".encode("utf-16-le")), Limits())


def test_a_locked_document_is_encrypted() -> None:
    with pytest.raises(Encrypted):
        legacy.read(source(OLE + "EncryptedPackage".encode("utf-16-le")), Limits())


def test_an_archive_gives_its_documents_by_their_names_in_gbk() -> None:
    data = (SAMPLES / "gbk_names.zip").read_bytes()
    found = archive.members(Source("a.zip", data, "", len(data)), Limits())
    assert found is not None
    assert [m.path for m in found] == ["a.zip!/年报22.docx"]


def test_a_document_that_is_a_zip_is_no_archive() -> None:
    data = (SAMPLES / "2021_city.docx").read_bytes()
    assert archive.members(Source("a.docx", data, "", len(data)), Limits()) is None


def test_an_archive_of_too_much_is_refused() -> None:
    data = (SAMPLES / "gbk_names.zip").read_bytes()
    with pytest.raises(Bomb):
        archive.members(Source("a.zip", data, "", len(data)), Limits(unpacked_bytes=500))


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
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/p", "--headless", "--convert-to", "doc"]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(sample)], check=True, capture_output=True, timeout=120
    )
    document = legacy.read(source((tmp_path / "last.doc").read_bytes()), Limits())
    assert len([b for b in document.blocks if isinstance(b, Grid)]) == 2
    assert [f.code for f in document.findings if f.severity == "error"] == ["table-lost"]
