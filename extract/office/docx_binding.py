"""Content controls that are bound to a part of data → the text that Word shows in them.

Word shows what the part holds (w:dataBinding) and not the text in the document, which may be older.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from gongkai.extract.office.docx_numbering import W
from gongkai.extract.office.relationships import Relationship, read_relationships
from gongkai.extract.office.xml_part import parse_xml
from gongkai.extract.office.zip_package import Package

#: One step of a path: /ns0:root[1] or /@name.
_STEP = re.compile(r"/(@?)(?:([\w.-]{1,80}):)?([\w.-]{1,200})(?:\[(\d{1,6})\])?")
_PREFIX = re.compile(r"""xmlns:([\w.-]{1,80})\s*=\s*(["'])(.{0,500}?)\2""")


class DataParts:
    """The parts of data of a package, opened when a control is bound to one."""

    def __init__(self, package: Package, relations: Mapping[str, Relationship]) -> None:
        self._package = package
        self._names = [r.target for r in relations.values() if r.kind == "customXml"]
        self._roots: dict[str, Any] | None = None

    def read(self, properties: Any) -> str | None:
        """The text that a control of these properties is bound to; None where it is bound to nothing in the file."""
        bound = next((item for item in properties if str(item.tag).endswith("}dataBinding")), None)
        if bound is None:
            return None
        root = self._open().get((bound.get(W + "storeItemID") or "").upper())
        path = bound.get(W + "xpath") or ""
        return None if root is None else _find_text(root, path, bound.get(W + "prefixMappings") or "")

    def _open(self) -> Mapping[str, Any]:
        """The roots of the parts, by the number that each has in its properties."""
        if self._roots is None:
            self._roots = {}
            for name in self._names:
                for relation in read_relationships(self._package, name).values():
                    if relation.kind == "customXmlProps":
                        item = parse_xml(self._package.part(relation.target), relation.target)
                        id = next((v for k, v in item.attrib.items() if str(k).endswith("}itemID")), "")
                        self._roots[str(id).upper()] = parse_xml(self._package.part(name), name)
        return self._roots


def _find_text(root: Any, path: str, mappings: str) -> str | None:
    """The text at a plain path in a part; None where it leads nowhere, or is more than a path."""
    prefixes = {name: uri for name, _, uri in _PREFIX.findall(mappings)}
    steps = list(_STEP.finditer(path))
    if not steps or "".join(step[0] for step in steps) != path.strip():
        return None
    here: Any | None = None
    for step in steps:
        tag = f"{{{prefixes.get(step[2], '')}}}{step[3]}" if step[2] else step[3]
        if step[1]:
            return None if here is None else here.get(tag)
        if here is None:
            here = root if root.tag == tag else None
        else:
            at = int(step[4] or 1) - 1
            here = next((item for i, item in enumerate(here.iterchildren(tag)) if i == at), None)
        if here is None:
            return None
    return None if here is None else "".join(here.itertext())
