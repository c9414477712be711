"""What a dataset folder says of itself: datapackage.json, codebook.md and run.json."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path

from gongkai.emit.schema import Column, Dataset, Kind, datasets
from gongkai.emit.write.partition import PartFile, files_of
from gongkai.model import Field, Rule, Sum, Table, Template

Json = dict[str, object]


def _version() -> str:
    try:
        return installed("gongkai")
    except PackageNotFoundError:  # a checkout that was never installed
        return "0"


#: version of the program, "0" in a checkout that is not installed
VERSION = _version()

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"

_TYPES: dict[Kind, str] = {
    "text": "string",
    "id": "string",
    "integer": "integer",
    "decimal": "number",
    "number": "number",
    "boolean": "boolean",
}

_GUARD = (
    "In the CSV files a text cell that a spreadsheet would take for a formula (its first character other "
    "than an apostrophe is one of = + - @ ＝ ＋ － ＠, tab or a line break) has one apostrophe (') in front; "
    "take one away to have the text. Numbers have none, nor has anything in the Parquet files."
)
_NUMBERS = (
    "Numbers in the CSV files are exact decimals without exponent. In the Parquet files they are 64-bit "
    "floats: numbers of up to 15 digits come back as printed."
)


def datapackage(folder: Path, suffixes: Sequence[str]) -> str:
    """datapackage.json (Data Package v2) of the files of the datasets that lie in `folder`.

    `suffixes` are those of the writers.
    """
    return _package([_resource(dataset, folder, suffixes) for dataset in _there(folder, suffixes)], _GUARD)


def _package(resources: Sequence[Json], guard: str) -> str:
    package: Json = {
        "$schema": PROFILE,
        "name": "gongkai",
        "title": "政府信息公开工作年度报告数据",
        "description": f"Annual open-government reports of Chinese public bodies. {guard} {_NUMBERS}".replace(
            "  ", " "
        ),
        "version": VERSION,
        "resources": resources,
    }
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def parts_package(files: Sequence[PartFile]) -> str:
    """datapackage.json of datasets that are Parquet files, many of each."""
    resources: list[Json] = []
    for dataset in datasets():
        own = files_of(files, dataset.name)
        if own:
            resources.append(
                {
                    "name": dataset.name,
                    "type": "table",
                    "title": dataset.zh,
                    "description": dataset.en,
                    "path": [f.path for f in own],
                    "bytes": sum(f.bytes for f in own),
                    "format": "parquet",
                    "mediatype": "application/vnd.apache.parquet",
                    "schema": _schema(dataset),
                }
            )
    return _package(resources, "")


def extend_package(package: str, folder: Path, suffixes: Sequence[str]) -> str:
    """datapackage.json of parts, with the datasets that `gongkai check` wrote beside them."""
    found = json.loads(package)
    added = {d.name: d for d in datasets("check") if d in _there(folder, suffixes)}
    others = [one for one in found["resources"] if one["name"] not in added]
    found["resources"] = [*others, *(_resource(d, folder, suffixes) for d in added.values())]
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _there(folder: Path, suffixes: Sequence[str]) -> list[Dataset]:
    """The datasets of a folder: those of a check and of a night only where there was one."""
    added = (*datasets("check"), *datasets("nightly"))
    there = [d for d in added if all((folder / f"{d.name}{s}").is_file() for s in suffixes)]
    return [*datasets(), *there]


def _resource(dataset: Dataset, folder: Path, suffixes: Sequence[str]) -> Json:
    """One dataset: its CSV file, as the standard knows it, and the others under their format's name."""
    files = {suffix[1:]: _file(folder / f"{dataset.name}{suffix}") for suffix in suffixes}
    return {
        "name": dataset.name,
        "type": "table",
        "title": dataset.zh,
        "description": dataset.en,
        **files.pop("csv"),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"lineTerminator": "\r\n", "doubleQuote": True, "header": True},
        "schema": _schema(dataset),
        **files,
    }


def _file(path: Path) -> Json:
    return {"path": path.name, "bytes": path.stat().st_size, "hash": f"sha256:{_sha256(path)}"}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def altered_files(folder: Path) -> list[str]:
    """The files of a dataset folder that are not what its datapackage.json says: damaged, changed or gone.

    Those that people write are not among them. datapackage.json itself, where it cannot be read.
    """
    try:
        package = json.loads((folder / "datapackage.json").read_text("utf-8"))
        listed = [
            (file["path"], file["hash"].removeprefix("sha256:"))
            for resource in package["resources"]
            for file in (resource, *(f for f in resource.values() if isinstance(f, dict) and "hash" in f))
            if "hash" in file
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ["datapackage.json"]
    return sorted(
        name for name, hash in listed if not (folder / name).is_file() or _sha256(folder / name) != hash
    )


def _schema(dataset: Dataset) -> Json:
    schema: Json = {"fields": [_field(column) for column in dataset.columns], "missingValues": [""]}
    if dataset.key:
        schema["primaryKey"] = list(dataset.key)
    if dataset.name != "reports" and "report_id" in dataset.names:
        reference = {"resource": "reports", "fields": ["report_id"]}
        schema["foreignKeys"] = [{"fields": ["report_id"], "reference": reference}]
    return schema


def _field(column: Column) -> Json:
    field: Json = {
        "name": column.name,
        "type": _TYPES[column.kind],
        "title": column.zh,
        "description": column.en,
    }
    if column.unit:
        field["unit"] = column.unit
    if column.kind == "boolean":
        field |= {"trueValues": ["true"], "falseValues": ["false"]}
    if column.one_of:
        field["categories"] = list(column.one_of)
        field["constraints"] = {"required": True, "enum": list(column.one_of)}
    elif column.kind in ("text", "id") and not column.empty:
        field["missingValues"] = []  # an empty text is a text
    elif not column.empty:
        field["constraints"] = {"required": True}
    return field


# The codebook --------------------------------------------------------------------------------


def codebook(templates: Sequence[Template]) -> str:
    """codebook.md: every field of every form, its rules, and the columns of the datasets."""
    parts = [
        "# 编码手册 Codebook",
        "",
        "Every field of the official forms, and every column of the datasets. A value's address is (`table`, "
        "`row`, `column`). Wordings are the forms' own; ` / ` joins the labels that govern a box, the "
        "nearest last.",
        "",
    ]
    for form in templates:
        parts += _form(form)
    parts += ["## 数据集 Datasets", "", _GUARD, "", _NUMBERS, ""]
    for dataset in (*datasets(), *datasets("check"), *datasets("nightly")):
        parts += [f"### `{dataset.name}`: {dataset.zh}", "", dataset.en, ""]
        parts += _table(("column", "中文", "type", "meaning"), [_described(c) for c in dataset.columns])
    return "\n".join(parts)


def _form(form: Template) -> list[str]:
    first, last = form.years
    years = f"{first} and after" if last is None else f"{first} to {last}"
    parts = [f"## 表样 Form `{form.id}`", "", f"Source: {form.source}. Meant for the reports of {years}.", ""]
    for table in form.tables:
        parts += [f"### `{table.id}`: {table.zh} ({table.en})", ""]
        parts += _table(
            ("row", "column", "行标题", "列标题", "row in English", "column in English", "unit"),
            [_slot(field) for field in table.fields],
        )
        parts += _rules(table)
    if form.rules:
        parts += ["Rules that `gongkai check` tries over the years (`@-1` is the year before):", ""]
        parts += [*(_over_years(rule) for rule in form.rules), ""]
    return parts


def _over_years(rule: Rule) -> str:
    left, right = " + ".join(rule.left), " + ".join(rule.right).replace("+ -", "- ")
    return f"- `{rule.code}`: {left} {rule.relation} {right}. {rule.zh} {rule.en}"


def _slot(field: Field) -> tuple[str, ...]:
    row, column = field.row, field.column
    return (f"`{row.id}`", f"`{column.id}`", row.zh, column.zh, row.en, column.en, field.unit)


def _rules(table: Table) -> list[str]:
    if not table.sums:
        return []
    return ["Rules that `checks` tries:", "", *(_rule(rule) for rule in table.sums), ""]


def _rule(rule: Sum) -> str:
    left, right = " + ".join(rule.left), " + ".join(rule.right)
    where = "in every column" if rule.over == "rows" else "in every row"
    return f"- `{rule.name}`: {left} {rule.relation} {right}, {where}. {rule.zh} {rule.en}"


def _described(column: Column) -> tuple[str, ...]:
    kind = _TYPES[column.kind] + (", may be empty" if column.empty else "")
    return (f"`{column.name}`", column.zh, kind, column.en)


def _table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> list[str]:
    cells = [head, ["---"] * len(head), *lines]
    return [f"| {' | '.join(_plain(cell) for cell in line)} |" for line in cells] + [""]


def _plain(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


# The run -------------------------------------------------------------------------------------


def run_json(facts: Mapping[str, object]) -> str:
    """run.json: when, where and with what the datasets were made. Nothing else depends on these."""
    return json.dumps({"version": VERSION, **facts}, ensure_ascii=False, indent=2, default=str) + "\n"
