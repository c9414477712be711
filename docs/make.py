"""The pages that are made from data: findings, formats with their measured rates, commands, codebook, the picture of the stages.

python docs/make.py
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from gongkai.commands import COMMANDS
from gongkai.commands.output import language as languages
from gongkai.commands.typer_call import describe
from gongkai.emit.write.datapackage import codebook
from gongkai.model import catalogue
from gongkai.normalize import templates

#: the shares of the open corpus that the tests hold, by tier
KEPT = Path(__file__).parents[1] / "bench" / "accuracy.json"

HEADS = {
    "en": """# Findings: what each code means, and what to do about it

A finding is a line of `findings.csv`: code, severity, message, and where it applies. `error` means that a value
or a whole report is held back; `warning` that a value is given and wants a look; `note` that nothing needs doing.
Codes are stable; messages are for reading. A file that could not be read has its code as `reason` in `reports.csv`.
中文见 [findings.zh.md](findings.zh.md)。
""",
    "zh": """# 问题代码：含义与处理办法

每条问题是 `findings.csv` 的一行：代码、级别、提示、位置。`error` 表示数值或整份报告没有给出；`warning` 表示数值已给出，
请查看；`note` 表示无需处理。代码不会改变，提示供人阅读。不能读取的文件，其代码就是 `reports.csv` 的 `reason`。
English: [findings.md](findings.md).
""",
}
SEVERITIES = {
    "en": {"error": "error", "warning": "warning", "note": "note"},
    "zh": {"error": "错误 error", "warning": "警告 warning", "note": "说明 note"},
}
CURES = {"en": "What to do", "zh": "处理"}


def page(language: str) -> str:
    """The page of all codes in "en" or "zh"."""
    parts = [HEADS[language]]
    for code, entry in sorted(catalogue().items()):
        severity = SEVERITIES[language][entry["severity"]]
        cure = f"**{CURES[language]}:** {entry[f'cure_{language}']}"
        parts.append(f"## {code}\n*{severity}*\n\n{entry[language]}\n\n{cure}\n")
    return "\n".join(parts)


#: tier of the corpus → what it is
TIERS = {
    "clean": ("DOCX and PDF as the form prescribes", "按规定格式的 DOCX 和 PDF"),
    "messy-docx": ("DOCX with the oddities of real reports", "带有真实报告中各种异常的 DOCX"),
    "messy-pdf": ("PDF with such oddities", "带有此类异常的 PDF"),
    "html": ("web pages", "网页"),
    "txt": ("plain text", "纯文本"),
    "legacy": (".doc, .wps, .rtf through LibreOffice", "经 LibreOffice 转换的 .doc、.wps、.rtf"),
    "scan": ("scans, by OCR", "扫描件（文字识别）"),
    "pre2019": ("the statistics list of 2014 to 2018", "2014 至 2018 年的统计表"),
    "real": ("reports of real publishers", "真实发布的报告"),
}
FORMATS_HEADS = {
    "en": """# Formats, and how well they are read

The type is decided by a file's content, not by its name. What each needs stands in the README; `gongkai doctor` says what is there.

Measured on the open corpus, whose truths were written from the pages. The table has the figures that the tests hold: a change that makes one
worse is not taken. `F1` weighs values that are right against wrong and missed ones; wrong values are counted per million given.

| documents | F1 of values | reports without a fault | right body | wrong per million |
| --- | --- | --- | --- | --- |
""",
    "zh": """# 格式，以及读得多准

文件类型由内容判断，不看文件名。各格式的条件见 README；`gongkai doctor` 检查本机。

在公开语料上测得，其真值由人对照原文写出。表中是测试守住的数字：使其变差的改动不予采用。`F1` 权衡正确、错误与遗漏的数值；
错误按每百万个给出的数值计。

| 文件 | 数值的 F1 | 毫无差错的报告 | 机关正确 | 每百万错误 |
| --- | --- | --- | --- | --- |
""",
}
NOT_READ = {
    "en": """
## What cannot be read

- Files with a password, damaged files, files that are larger than their limits: a report of status `failed`, with its reason.
- Scans and pictures without the extra `ocr`; `.doc`, `.wps`, `.rtf`, `.xlsb` and `.ods` without LibreOffice.
- Handwriting, and pictures so small or skewed that their digits are not certain: the boxes are unread, no number is guessed.
- Tables whose lines of numbers lost their columns: left out with a finding where the form's sums do not settle them.
- Reports on forms before 2014: sections and `mentions` alone.
""",
    "zh": """
## 不能读的

- 有密码、已损坏、超过限制的文件：报告状态为 `failed`，并写明原因。
- 未装 `ocr` 时的扫描件和图片；未装 LibreOffice 时的 `.doc`、`.wps`、`.rtf`、`.xlsb`、`.ods`。
- 手写字，以及太小或太斜、数字不能确定的图片：格子记为未读出，从不猜数。
- 数字已失去列的表格：勾稽关系也定不下来时不采用，并给出提示。
- 2014 年以前的表样：只有各部分文字和 `mentions`。
""",
}
COMMANDS_HEADS = {
    "en": """# Commands, and every option

`gongkai COMMAND --help` says the same in the terminal. Every command also takes `-h` and `--lang en` or `--lang zh`; data goes to standard
output, talk to standard error. Exit code 0: fine; 1: something wants a look (a finding of severity error, a failed sum); 2: wrong usage.
""",
    "zh": """# 命令与全部选项

在终端中，`gongkai 命令 --help` 显示同样的内容。每个命令还有 `-h` 和 `--lang en`、`--lang zh`；数据写到标准输出，提示写到标准错误。
退出码 0：正常；1：有需要查看的（错误级问题、不成立的勾稽关系）；2：用法有误。
""",
}
GIVEN = {"en": ("argument or option", "what it is"), "zh": ("参数或选项", "含义")}


def commands(language: str) -> str:
    """The page of all commands in "en" or "zh": what `--help` says."""
    parts = [COMMANDS_HEADS[language]]
    languages.take(["--lang", language])
    try:
        for name, english, chinese in COMMANDS:
            text, rows = describe(name)
            lines = [f"| `{left}` | {right} |" for left, right in _in_cells(rows)]
            head = f"| {' | '.join(GIVEN[language])} |\n| --- | --- |"
            title = chinese if language == "zh" else english
            parts.append(f"## {name}\n*{title}*\n\n{text}\n\n{head}\n" + "\n".join(lines) + "\n")
    finally:
        languages.take([])
    return "\n".join(parts)


def _in_cells(rows: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for left, right in rows:
        # a bar in code ends the cell, or is shown with its backslash, as the reader of Markdown likes
        yield left.replace("|", "/"), " ".join(right.replace("|", "/").replace("<", "&lt;").split())


#: the stages of a document, with what goes in between them
STAGES = (
    ("source bytes", None),
    ("extract", "Document"),
    ("normalize", "Report"),
    ("audit", "Findings"),
    ("emit", "datasets"),
)


def formats(language: str) -> str:
    """The page of formats in "en" or "zh", from the figures that the tests hold."""
    kept = json.loads(KEPT.read_text("utf-8"))
    lines = []
    for tier, titles in TIERS.items():
        if tier in kept:
            k = kept[tier]
            shares = (f"{100 * k[name]:.2f} %" if name in k else "" for name in ("f1", "perfect_docs", "org"))
            title = titles[language == "zh"]
            lines.append(f"| {title} | {' | '.join(shares)} | {k.get('wrong_ppm', '')} |")
    return FORMATS_HEADS[language] + "\n".join(lines) + "\n" + NOT_READ[language]


def architecture() -> str:
    """The stages as a picture: SVG, which any browser shows and git compares."""
    width, height, gap = 120, 54, 58
    parts = list(_boxes(width, height, gap))
    total = len(STAGES) * width + (len(STAGES) - 1) * gap
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 {total + 84} {height + 4}" '
        'font-family="sans-serif" font-size="14" text-anchor="middle">\n'
    )
    return head + "\n".join(parts) + "\n</svg>\n"


def _boxes(width: int, height: int, gap: int) -> Iterator[str]:
    middle = height // 2
    for n, (stage, gives) in enumerate(STAGES):
        x = n * (width + gap)
        fill = "#e8f0fb" if gives else "#f4f4f4"
        yield f'<rect x="{x}" y="0" width="{width}" height="{height}" rx="6" fill="{fill}" stroke="#456"/>'
        yield f'<text x="{x + width // 2}" y="{middle + 5}">{stage}</text>'
        end = x + width + gap
        yield f'<path d="M {x + width} {middle} H {end - 6} l -6 -4 m 6 4 l -6 4" fill="none" stroke="#456"/>'
        if gives:
            yield f'<text x="{x + width + gap // 2}" y="{middle - 8}" font-size="11">{gives}</text>'


def pages() -> dict[str, str]:
    """Every page that is made, by its name in docs/."""
    return {
        "findings.md": page("en"),
        "findings.zh.md": page("zh"),
        "formats.md": formats("en"),
        "formats.zh.md": formats("zh"),
        "commands.md": commands("en"),
        "commands.zh.md": commands("zh"),
        "codebook.md": codebook(templates()),
        "architecture.svg": architecture(),
    }


def main() -> None:
    """Write all pages."""
    for name, text in pages().items():
        (Path(__file__).parent / name).write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    main()
