"""Articles that a script unpacks or puts together."""

from __future__ import annotations

import base64
import re
import time

import pytest

from gongkai.extract.web.embedded import find_pieces

ARTICLE = "<p>一、总体情况</p>" + "<table><tr><td>规章</td><td>12</td></tr></table>" * 12


def percent(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def wide(text: str) -> str:
    return "".join(
        f"%u{ord(c):04X}" if ord(c) > 255 else c if c.isalnum() else f"%{ord(c):02X}" for c in text
    )


@pytest.mark.parametrize(
    "script",
    [
        f"document.write(unescape('{wide(ARTICLE)}'))",
        f'a.innerHTML = decodeURIComponent("{percent(ARTICLE)}")',
        f"a.innerHTML = decodeURIComponent(escape(atob('{base64.b64encode(ARTICLE.encode()).decode()}')))",
        f"a.innerHTML = decodeURIComponent(atob('{base64.b64encode(percent(ARTICLE).encode()).decode()}'))",
        "a.innerHTML = " + " +\n ".join(f"'{ARTICLE[i : i + 40]}'" for i in range(0, len(ARTICLE), 40)),
        "\n".join(f"document.write('{ARTICLE[i : i + 40]}');" for i in range(0, len(ARTICLE), 40)),
        "a.innerHTML = ["
        + ", ".join(f"'{ARTICLE[i : i + 40]}'" for i in range(0, len(ARTICLE), 40))
        + "].join('')",
    ],
)
def test_an_article_in_a_script_is_found(script: str) -> None:
    pieces = list(find_pieces(f"<script>{script}</script>"))
    assert ARTICLE in [re.sub(r"join$", "", piece) for piece in pieces]


@pytest.mark.parametrize(
    "script", ['"\\' * 100_000, "'\n" * 100_000, "'a'+" * 50_000, "'a'" + " " * 200_000, "%3" * 100_000]
)
def test_a_hostile_script_costs_bounded_time(script: str) -> None:
    begun = time.process_time()
    list(find_pieces(f"<script>{script}</script>"))
    assert time.process_time() - begun < 3
