"""For mkdocs: a link to a page in Chinese leads to that page in the language that is read, where it lies on the site.

Where a page only names its twin in the other language, the site has a button in its place.
"""

from __future__ import annotations

import re


def on_page_markdown(markdown: str, **_: object) -> str:
    """The page with its links to NAME.zh.md changed to NAME.md, which mkdocs-static-i18n finds in each language."""
    alone = re.sub(
        r"^(?:中文见|English:) *\[[\w-]+(?:\.zh)?\.md\]\([\w.-]+\)[。.]\n", "", markdown, flags=re.MULTILINE
    )
    return re.sub(r"(\[[\w-]+)\.zh(\.md\])", r"\1\2", re.sub(r"\]\(([\w-]+)\.zh\.md", r"](\1.md", alone))
