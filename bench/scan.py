"""CPU time and peak memory of a scanned page, the whole way from the file to its facts.

python bench/scan.py FOLDER        pictures, and PDFs whose pages are pictures
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pipeline


def main() -> None:
    """Print the table: models are loaded by the first file, and its time holds that."""
    import resource

    print("| file | pages | s CPU a page | facts | peak MiB so far |\n| --- | --- | --- | --- | --- |")
    for path in sorted(
        p for p in Path(sys.argv[1]).rglob("*") if p.suffix in (".pdf", ".png", ".jpg", ".tif")
    ):
        begun = time.process_time()
        report = pipeline.read_file(path, path.name, pipeline.Options())[0]
        spent = time.process_time() - begun
        pages = report.pages or 1
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"| {path.name} | {pages} | {spent / pages:.1f} | {len(report.facts)} | {peak} |", flush=True)


if __name__ == "__main__":
    main()
