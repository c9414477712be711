"""What is installed here, and what to install for which formats. 检查本机可读取哪些格式。"""

from __future__ import annotations

import sys

from gongkai import crawl, extract


def command() -> int:
    """List what each format needs and whether it is there."""
    rows = (
        ("DOCX, ODT, PDF, OFD, HTML, MHTML, XLSX, XLS, TXT, zip", True, ""),
        ("scans and pictures 扫描件和图片", extract.can_read_pictures(), "pip install 'gongkai[ocr]'"),
        (
            ".doc .wps .rtf",
            extract.find_libreoffice() is not None,
            "install LibreOffice (Debian: libreoffice-writer)",
        ),
        (
            "files are read without a network 读取时断网",
            extract.can_go_offline(),
            "root, or a system that allows user namespaces",
        ),
        (
            "nothing that a reader starts outlives it 读取时启动的进程随之结束",
            sys.platform == "linux",
            "Linux, whose /proc tells who started what",
        ),
        ("gongkai crawl 抓取", crawl.available(), "pip install 'gongkai[crawl]'"),
    )
    for what, installed, cure in rows:
        hint = "" if installed else f"    → {cure}"
        sys.stdout.write(f"{'yes' if installed else 'no ':<4}{what}{hint}\n")
    return 0
