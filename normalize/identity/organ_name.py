"""The name of a public body as a person or a page writes it → the name written out."""

from __future__ import annotations

from gongkai.normalize.identity.grammar import parse_name


def write_out(name: str) -> str:
    """A body's name written out: 高桥镇政府 is 高桥镇人民政府, 开发区管委会 is 开发区管理委员会.

    A text that is no name by the grammar of bodies stays as it is.

    >>> write_out("城关街道"), write_out("绿水市临空经济区")
    ('城关街道办事处', '绿水市临空经济区')
    """
    name = name.strip("《》“”\"' ")
    parsed = parse_name(name)
    return name if parsed is None else parsed.written_out
