"""Bytes that atheris makes up → one reader and all stages after it: a Report or a DocumentError, or it is a finding.

    python fuzz/target.py READER [libFuzzer's own arguments, or files to try again]      READER: docx pdf html ofd xlsx odt text archive

Begins with the samples of that format. What a package holds is changed inside of it, or else
every change would end at its checksums. A finding is left in out/fuzz as crash-…, timeout-… or oom-….
"""

from __future__ import annotations

import io
import random
import sys
import zipfile
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["gongkai.extract", "gongkai.normalize", "gongkai.audit"]):
    from gongkai import (
        audit,  # noqa: F401 instrumented before pipeline asks for it
        extract,
        normalize,  # noqa: F401
    )

from fuzz.sound import assert_sound
from gongkai import pipeline
from gongkai.emit import Ids, render
from gongkai.model import Limits, Source

ENDINGS = {
    "docx": (".docx",),
    "pdf": (".pdf",),
    "html": (".html", ".htm", ".mhtml"),
    "ofd": (".ofd",),
    "xlsx": (".xlsx", ".xls"),
    "odt": (".odt",),
    "text": (".txt", ".md"),
    "archive": (".zip",),
}
PACKED = ("docx", "ofd", "xlsx", "odt", "archive")
LARGEST = 60_000  # bytes of a sample to begin with: larger ones make every try slow
TIMEOUT = 60  # seconds: what a run gives a document
MEMORY = 2_048  # MiB, likewise

# Nothing is read by OCR, which takes seconds a page, nor by LibreOffice.
OPTIONS = pipeline.Options(Limits(pages=8, pictures=0))


def one(data: bytes) -> None:
    """One try."""
    source = Source("fuzz", data, "0" * 64, len(data))
    legacy = next((r for r in extract.load_readers() if r.__name__ == "gongkai.extract.libreoffice"), None)
    if legacy is not None and legacy.sniff(data):
        return
    try:
        members = extract.unpack_archive(source, OPTIONS.limits) or (extract.Member(source),)
    except pipeline.DocumentError:
        return
    ids = Ids()
    for member in [m.source for m in members if m.error is None][:3]:
        for report in pipeline.read_source(member, OPTIONS):
            assert_sound(report)
            render(report, ids)


def inside(data: bytes, most: int, seed: int) -> bytes:
    """A package with one of its members changed; other bytes changed as they are."""
    chance = random.Random(seed)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = {name: package.read(name) for name in package.namelist()}
    except Exception:  # noqa: BLE001 whatever is wrong with it, it is changed as it is
        members = {}
    if not members or chance.random() < 0.1:
        return atheris.Mutate(data, most)
    name = chance.choice(sorted(members))
    members[name] = atheris.Mutate(members[name], len(members[name]) + 4_096)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in members.items():
            package.writestr(name, content)
    return buffer.getvalue()[:most] if buffer.tell() <= most else data


def main() -> None:
    """Fuzz one reader with libFuzzer's arguments."""
    name, *arguments = sys.argv[1:]
    if name not in ENDINGS:
        raise SystemExit(f"there is no reader {name!r}; there are {', '.join(ENDINGS)}")
    place = ROOT / "out" / "fuzz"
    corpus = place / name
    corpus.mkdir(parents=True, exist_ok=True)
    for path in sorted((ROOT / "samples").rglob("*")):
        if path.suffix in ENDINGS[name] and path.stat().st_size <= LARGEST:
            (corpus / path.name).write_bytes(path.read_bytes())
    limits = [f"-timeout={TIMEOUT}", f"-rss_limit_mb={MEMORY}", f"-artifact_prefix={place}/{name}-"]
    own = {"custom_mutator": inside} if name in PACKED else {}
    pipeline.warm()
    if all(argument.startswith("-") for argument in arguments):  # or else files to try again
        arguments.append(str(corpus))
    atheris.Setup([sys.argv[0], *limits, "-max_len=200000", *arguments], one, **own)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
