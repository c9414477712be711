"""A dataset folder and the inputs of its run → where its documents lie now, and a document by its hash."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from gongkai import emit, pipeline
from gongkai.model import DocumentError, Source
from gongkai.run.discover import Input, content, find

_GONE = "找不到原文件，只显示数值 The file is not where it was; name it: gongkai review DIR --to OUT INPUT"
_CHANGED = (
    "原文件已改变，只显示数值 The file of that name has changed since it was read; only the values are shown."
)


class DocumentPaths:
    """Where the documents of a dataset may lie: by name, and in `inputs` by hash as well."""

    def __init__(self, folder: Path, inputs: Sequence[Path]) -> None:
        self._named = [i for i in find(inputs, emit.is_dataset) if isinstance(i, Input)]
        run = json.loads((folder / "run.json").read_text("utf-8"))
        inputs_of_run = [Path(run.get("folder", ".")) / path for path in run["inputs"]]
        there = [path for path in inputs_of_run if path.exists()]
        self._by_name: dict[str, list[Path]] = {}
        for i in (*self._named, *find(there, emit.is_dataset)):
            if isinstance(i, Input):
                self._by_name.setdefault(i.name, []).append(i.path)
        self._by_hash: dict[str, Path] | None = None

    def of(self, source: Source) -> tuple[Path, ...]:
        """The files to look into for a document, the likeliest first; in an archive it is a member."""
        paths = [*self._by_name.get(source.path, ()), *self._by_name.get(source.path.partition("!/")[0], ())]
        if self._by_hash is None:
            self._by_hash = {content(i.path): i.path for i in self._named}
        if source.sha256 in self._by_hash:
            paths.append(self._by_hash[source.sha256])
        return tuple(dict.fromkeys(paths))


def find_document(wanted: Source, paths: Sequence[Path]) -> tuple[Source | None, str]:
    """A document by its name and hash, in the files where it may lie; or None and why, in both languages."""
    for path in paths:
        try:
            sources = pipeline.sources(path, wanted.path.partition("!/")[0])
        except DocumentError:
            continue
        for source in sources:
            if source.sha256 == wanted.sha256:
                return source, ""
    return None, _CHANGED if paths else _GONE
