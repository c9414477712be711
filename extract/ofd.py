"""OFD (GB/T 33190) → Document: text objects and paths of each page, as for a PDF; pages that are pictures by OCR."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import Any

from gongkai.extract.ocr.pages import recognise_pages
from gongkai.extract.ofd_page import Resources, Shown, named, numbers, page_of
from gongkai.extract.office.xml_part import parse_xml
from gongkai.extract.office.zip_package import Package, open_package
from gongkai.extract.page.layout import Page, lay_out
from gongkai.model import Document, Encrypted, Limits, Source, TooLarge, Unreadable

_Size = tuple[float, float]


def sniff(data: bytes) -> bool:
    """Whether this is a zip with OFD.xml at its root."""
    return data.startswith(b"PK") and b"OFD.xml" in data and b"word/document" not in data


def read(source: Source, limits: Limits) -> Document:
    """Every page's Grids and Paragraphs. Raises Encrypted, Truncated, Unreadable, TooLarge."""
    file = _File(open_package(source.data, limits))
    pages: list[Page] = []
    shown: dict[int, Sequence[tuple[str, Shown]]] = {}
    for page, pictures in file.pages(limits):
        shown[page.number] = pictures
        pages.append(page)
    pages, notes = recognise_pages(
        pages, limits, lambda page, dpi: _drawn(file, page, shown[page.number], dpi, limits)
    )
    found, findings = lay_out(pages, limits)
    return Document(source, "ofd", "ofd", tuple(found), len(pages), (), (*notes, *findings))


class _File:
    """The parts of a package, found whatever their case and leading strokes."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._names = {n.lower().lstrip("/"): n for n in package.names()}
        if any(n.endswith("encryptions.xml") for n in self._names):
            raise Encrypted("the file is encrypted; save it without a password")

    def bytes_of(self, path: str) -> bytes:
        """The bytes of a part. Raises Unreadable where there is none."""
        name = self._names.get(posixpath.normpath(path.lstrip("/")).lower())
        if name is None:
            raise Unreadable(f"{path}: named in the file and not there")
        return self._package.part(name)

    def root(self, path: str) -> Any:
        """The root of a part. Raises Unreadable where there is none."""
        return parse_xml(self.bytes_of(path), path)

    def pages(self, limits: Limits) -> Iterator[tuple[Page, list[tuple[str, Shown]]]]:
        """The pages of every document in the file, numbered through, each with its pictures and their parts."""
        roots = [(r.text or "").strip().lstrip("/") for r in named(self.root("OFD.xml"), "DocRoot")]
        if not any(roots):
            raise Unreadable("OFD.xml names no document")
        number = 0
        for path in filter(None, roots):
            document, folder = self.root(path), posixpath.dirname(path)
            templates = {t.get("ID"): t.get("BaseLoc") for t in named(document, "TemplatePage")}
            resources = self._resources(document, folder)
            size = _size(document) or (210.0, 297.0)
            for entry in (p for ps in named(document, "Pages") for p in ps):
                number += 1
                if number > limits.pages:
                    raise TooLarge(f"more than {limits.pages:,} pages")
                page = self.root(posixpath.join(folder, entry.get("BaseLoc") or ""))
                bases = [templates.get(used.get("TemplateID")) for used in named(page, "Template")]
                layers = [page, *(self.root(posixpath.join(folder, base)) for base in bases if base)]
                drawn, shown = page_of(layers, number, _size(page) or size, resources)
                yield (
                    drawn,
                    [(resources.media[s.resource], s) for s in shown if s.resource in resources.media],
                )

    def _resources(self, document: Any, folder: str) -> Resources:
        """What a document's pages may refer to."""
        media: dict[str, str] = {}
        units: dict[str, Any] = {}
        paints: dict[str, Any] = {}
        for tag in ("PublicRes", "DocumentRes"):
            for where in named(document, tag):
                path = posixpath.join(folder, (where.text or "").strip())
                resources = self.root(path)
                base = posixpath.join(posixpath.dirname(path), resources.get("BaseLoc") or "")
                for medium in named(resources, "MultiMedia"):
                    file = next(named(medium, "MediaFile"), None)
                    if file is not None and medium.get("ID"):
                        media[medium.get("ID")] = posixpath.join(base, (file.text or "").strip())
                units |= {unit.get("ID") or "": unit for unit in named(resources, "CompositeGraphicUnit")}
                paints |= {paint.get("ID") or "": paint for paint in named(resources, "DrawParam")}
        return Resources(media, units, paints)


def _size(root: Any) -> _Size | None:
    """Width and height, in millimetres, of the first physical box."""
    for box in named(root, "PhysicalBox"):
        values = numbers(box.text or "")
        if len(values) == 4:
            return values[2], values[3]
    return None


def _drawn(file: _File, page: Page, pictures: Sequence[tuple[str, Shown]], dpi: float, limits: Limits) -> Any:
    """A page that consists of pictures, as one. Raises Unreadable, TooLarge."""
    from PIL import Image

    from gongkai.extract.picture import open_frames as picture_in

    scale = dpi / 72
    size = round(page.width * scale), round(page.height * scale)
    if size[0] * size[1] > limits.pixels:
        raise TooLarge(f"{size[0]} × {size[1]} pixels; the limit is {limits.pixels:,}")
    sheet = Image.new("RGB", size, "white")
    for path, (_, (x0, top, x1, bottom)) in pictures:
        picture = picture_in(file.bytes_of(path), limits)[0]
        room = max(1, round((x1 - x0) * scale)), max(1, round((bottom - top) * scale))
        if room[0] * room[1] <= limits.pixels:
            sheet.paste(picture.resize(room), (round(x0 * scale), round(top * scale)))
    return sheet


#: see `gongkai.model.Reader`
reread = render = as_pdf = None
