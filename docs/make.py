"""findings.toml → docs/findings.md and docs/findings.zh.md.    python docs/make.py"""

from __future__ import annotations

from pathlib import Path

from gongkai.model import catalogue

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


def main() -> None:
    """Write both pages."""
    folder = Path(__file__).parent
    (folder / "findings.md").write_text(page("en"), "utf-8", newline="\n")
    (folder / "findings.zh.md").write_text(page("zh"), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
