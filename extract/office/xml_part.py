"""An XML part of a document → its root element, without entities and within lxml's limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any, cast

from lxml import etree

from gongkai.model import Unreadable


def parse_xml(data: bytes, name: str) -> Any:
    """The root element of an XML part, without comments and processing instructions: text around one is whole.

    Raises Unreadable where it is damaged, nested too deep, or holds a DOCTYPE: no office format
    needs one, and every attack with entities does.
    """
    head = data[:4096].replace(b"\x00", b"")
    if b"<!DOCTYPE" in head.upper() or b"<!ENTITY" in head.upper():
        raise Unreadable(f"{name}: holds a DOCTYPE, which is refused")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"{name}: {error.msg}") from error
    # one that stands behind a long comment, or in an encoding in which the bytes above look otherwise
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable(f"{name}: holds a DOCTYPE, which is refused")
    return root


def attribute_values(elements: Iterable[Any]) -> set[str]:
    """What the attributes of some elements hold: to ask each for one of them by its name takes twice as long."""
    values = cast(Callable[[Any], list[str]], etree._Element.values)
    return set(chain.from_iterable(map(values, elements)))
