"""OFD (GB/T 33190) → Document: text objects and paths of each page, as for a PDF; pages that are pictures by OCR."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from gongkai.extract.ocr.pages import recognise_pages
from gongkai.extract.ofd_page import Resources, Shown, named, numbers, page_of
from gongkai.extract.office.xml_part import parse_xml
from gongkai.extract.office.zip_package import Package, open_package
from gongkai.extract.page.layout import Page, lay_out
from gongkai.model import Document, Encrypted, Limits, Source, TooLarge, Unreadable

#: Width and height in millimetres.
Size = tuple[float, float]
#: The size of a page that states none.
A4: Size = (210.0, 297.0)


def sniff(data: bytes) -> bool:
    """Whether this is a zip with OFD.xml at its root."""
    return data.startswith(b"PK") and b"OFD.xml" in data and b"word/document" not in data


def read(source: Source, limits: Limits) -> Document:
    """Every page's Grids and Paragraphs. Raises Encrypted, Truncated, Unreadable, TooLarge."""
    file = _Package(open_package(source.data, limits))
    pages: list[Page] = []
    shown: dict[int, Sequence[tuple[str, Shown]]] = {}
    for page, pictures in file.pages(limits):
        shown[page.number] = pictures
        pages.append(page)
    pages, notes = recognise_pages(
        pages, limits, lambda page, dpi: _draw_page(file, page, shown[page.number], dpi, limits)
    )
    blocks, findings = lay_out(pages, limits)
    return Document(source, "ofd", "ofd", tuple(blocks), len(pages), (), (*notes, *findings))


class _Package:
    """The parts of a package, whatever the case of their names and whether they begin with a stroke."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._names = {n.lower().lstrip("/"): n for n in package.names()}
        if any(n.endswith("encryptions.xml") for n in self._names):
            raise Encrypted("the file is encrypted; save it without a password")

    def bytes_of(self, path: str) -> bytes:
        """The bytes of a part. Raises Unreadable where there is none."""
        name = self._names.get(posixpath.normpath(path.lstrip("/")).lower())
        if name is None:
            raise Unreadable(f"the file names the part {path}, which is missing")
        return self._package.part(name)

    def has(self, path: str) -> bool:
        """Whether there is such a part."""
        return posixpath.normpath(path.lstrip("/")).lower() in self._names

    def root(self, path: str) -> Any:
        """The root of a part. Raises Unreadable where there is none."""
        return parse_xml(self.bytes_of(path), path)

    def pages(self, limits: Limits) -> Iterator[tuple[Page, list[tuple[str, Shown]]]]:
        """The pages of every document in the file, numbered through, each with its pictures and their parts."""
        for number, (folder, entry, document) in enumerate(self._entries(), 1):
            if number > limits.pages:
                raise TooLarge(f"more than {limits.pages:,} pages")
            page = self.root(posixpath.join(folder, entry.get("BaseLoc") or ""))
            size = _page_size(page) or document.size
            notes = document.notes.get(entry.get("ID"), [])
            drawn, shown = page_of(
                self._layers(page, folder, document), notes, number, size, document.resources
            )
            media = document.resources.media
            yield drawn, [(media[s.resource], s) for s in shown if s.resource in media]

    def _entries(self) -> Iterator[tuple[str, Any, _Document]]:
        """Each page of each document: the document's folder, the element that names the page, the document."""
        roots = [(r.text or "").strip().lstrip("/") for r in named(self.root("OFD.xml"), "DocRoot")]
        if not any(roots):
            raise Unreadable("OFD.xml names no document")
        for path in filter(None, roots):
            root, folder = self.root(path), posixpath.dirname(path)
            templates = {t.get("ID"): t.get("BaseLoc") for t in named(root, "TemplatePage")}
            resources = self._resources(root, folder)
            document = _Document(_page_size(root) or A4, templates, resources, self._notes(root, folder))
            for pages in named(root, "Pages"):
                for entry in pages:
                    yield folder, entry, document

    def _layers(self, page: Any, folder: str, document: _Document) -> list[Any]:
        """A page and the templates under it."""
        bases = [document.templates.get(used.get("TemplateID")) for used in named(page, "Template")]
        return [page, *(self.root(posixpath.join(folder, base)) for base in bases if base)]

    def _notes(self, document: Any, folder: str) -> dict[Any, list[Any]]:
        """The annotations of each page, by its id."""
        notes: dict[Any, list[Any]] = {}
        for where in named(document, "Annotations"):
            path = posixpath.join(folder, (where.text or "").strip())
            for page in named(self.root(path), "Page"):
                for file in named(page, "FileLoc"):
                    # Writers count a page's file from the list of annotations or from the document.
                    name = (file.text or "").strip()
                    near = posixpath.join(posixpath.dirname(path), name)
                    root = self.root(near if self.has(near) else posixpath.join(folder, name))
                    notes.setdefault(page.get("PageID"), []).extend(named(root, "Annot"))
        return notes

    def _resources(self, document: Any, folder: str) -> Resources:
        """What a document's pages may refer to."""
        found = Resources({}, {}, {})
        for tag in ("PublicRes", "DocumentRes"):
            for where in named(document, tag):
                path = posixpath.join(folder, (where.text or "").strip())
                root = self.root(path)
                base = posixpath.join(posixpath.dirname(path), root.get("BaseLoc") or "")
                found.media.update(_media(root, base))
                found.units.update(
                    {unit.get("ID") or "": unit for unit in named(root, "CompositeGraphicUnit")}
                )
                found.paints.update({paint.get("ID") or "": paint for paint in named(root, "DrawParam")})
        return found


class _Document(NamedTuple):
    """What the pages of one document share: their usual size, the parts of templates by id, resources.

    `notes` are the annotations by the id of their page.
    """

    size: Size
    templates: dict[Any, Any]
    resources: Resources
    notes: dict[Any, list[Any]]


def _media(root: Any, base: str) -> Iterator[tuple[str, str]]:
    """The pictures among resources: id and part of each. `base` is the folder of the parts."""
    for medium in named(root, "MultiMedia"):
        file = next(named(medium, "MediaFile"), None)
        if file is not None and medium.get("ID"):
            yield medium.get("ID"), posixpath.join(base, (file.text or "").strip())


def _page_size(root: Any) -> Size | None:
    """Width and height, in millimetres, of the first physical box."""
    for box in named(root, "PhysicalBox"):
        values = numbers(box.text or "")
        if len(values) == 4:
            return values[2], values[3]
    return None


def _draw_page(
    file: _Package, page: Page, pictures: Sequence[tuple[str, Shown]], dpi: float, limits: Limits
) -> Any:
    """A page that consists of pictures, as one picture. Raises Unreadable, TooLarge."""
    # Pillow and what opens pictures take long to load, and few pages of an OFD consist of pictures.
    from PIL import Image

    from gongkai.extract.picture import open_frames as picture_in  # it imports Pillow at its top

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


#: See `gongkai.model.Reader`.
render = as_pdf = None
