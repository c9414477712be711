"""The catalogue of fields: address, unit, labels in Chinese and English. 字段目录。"""

from __future__ import annotations

from typing import Annotated

import typer

from gongkai.commands import Refused
from gongkai.commands.output.screen import write, write_json
from gongkai.normalize import templates


def command(
    form: Annotated[str | None, typer.Option(help="Only this form: 2014, 2019 or 2021.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> int:
    """List every field of every form."""
    forms = [t for t in templates() if form is None or t.id == form]
    if not forms:
        raise Refused(f"there is no form {form}; {', '.join(t.id for t in templates())}", 2)
    rows = [
        {
            "form": f.template,
            "field": ".".join(f.address),
            "unit": f.unit,
            "row_zh": f.row.zh,
            "column_zh": f.column.zh,
            "row_en": f.row.en,
            "column_en": f.column.en,
        }
        for t in forms
        for table in t.tables
        for f in table.fields
    ]
    if as_json:
        write_json(rows)
        return 0
    for r in rows:
        zh, en = f"{r['row_zh']} × {r['column_zh']}", f"{r['row_en']}: {r['column_en']}"
        write(f"{r['form']}  {r['field']:<62} {r['unit']:<3} {zh}  |  {en}\n")
    return 0
