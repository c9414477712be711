"""For mkdocs: a link to a page in Chinese leads to that page in the language that is read, where it lies on the site."""

from __future__ import annotations

import re


def on_page_markdown(markdown: str, **_: object) -> str:
    """The page with its links to NAME.zh.md changed to NAME.md, which mkdocs-static-i18n finds in each language."""
    return re.sub(r"\]\(([\w-]+)\.zh\.md", r"](\1.md", markdown)
