"""VARIANTS 6: accidents before the text reaches us."""

from __future__ import annotations

from collections.abc import Iterator

from flat import bar_behind, bar_between, bars, boxes, compared, labels_apart, lines, loose, single, vanished
from form import tables
from made import Made, city, text, town
from truth import Owed, nothing
from value import quiet


def accidents() -> Iterator[Made]:
    """Flattened tables, lost lines, lost characters."""
    yield _seed()
    for name, seed, odd, how in (
        ("2020_lines.txt", 43, "one box a line", single),
        ("2022_loose_lines.txt", 153, "one box a line with empty lines between", loose),
        ("2021_bars.txt", 44, "bars between the boxes", bars),
        ("2019_bar_lines.txt", 154, "a lone bar between every two boxes", bar_between),
        ("2021_labels_apart.txt", 155, "a line a label, the values of the row in one line", labels_apart),
    ):
        form = "2019" if name < "2021" else "2021"
        yield text(name, town(int(name[:4]), form, seed), odd, how)
    s = town(2022, "2021", 156)
    for address in s.printed:
        elsewhere = address[0] != "requests" and address[1] != "administrative_penalties"
        middle = address[2] not in ("natural_person", "total") and s.printed[address] == "0"
        if elsewhere or middle:
            s.printed[address] = ""
    yield text("2022_bar_boxes.txt", s, "a lone bar is an empty box", bar_behind)
    s = city(2024, "2021", 157)
    odd = "half of a comparison of two years: a box a line, broken labels, 三、本年度… a character a line, the note last"
    yield text("2024_compared.txt", s, odd, compared)
    yield _vanished()
    s = town(2021, "2021", 169)
    s.preface = []
    s.title = ["明升体育", *s.title]
    yield text("2021_brand.txt", s, "VARIANTS 9 too: a betting brand over the title of a copied page", lines)
    s = town(2021, "2021", 170, "明升体育官网自然资源局")
    s.org = None
    odd = (
        "VARIANTS 9 too: a betting brand in place of the place's name, which no body is called; none is given"
    )
    yield text("2021_hijacked.txt", s, odd, lines, Owed(doubt=True))
    yield from lost()


def _seed() -> Made:
    s = quiet(town(2019, "2019", 42))
    for n, address in enumerate(s.printed):
        if n % 7:
            s.printed[address] = [" ", "　", "\u00a0"][n % 3]
    s.printed["requests", "carried_out", "natural_person"] = "0"
    drawn = tables(s)
    drawn["requests"][-1] = drawn["requests"][-1][:2]
    s.headings["review"] = ""
    odd = (
        "VARIANTS 2, 4, 5 too: a box a line behind tabs, blanks, a ragged last row, heading four glued to it"
    )
    made = text("2019_boxes.txt", s, odd, boxes, Owed("partial"), drawn=drawn)
    glued = made.data.decode().replace(
        "\n\n\n\t行政复议", "\n\n 四、政府信息公开行政复议、行政诉讼情况\n\t行政复议"
    )
    return Made(made.name, glued.encode(), made.truth, odd)


def _vanished() -> Made:
    """Blank boxes are gone: natural person and total of table three are the only values of a row."""
    s = town(2019, "2019", 158)
    rows = dict.fromkeys(a[1] for a in s.printed if a[0] == "requests")
    for row in rows:
        for address in [a for a in s.printed if a[:2] == ("requests", row)]:
            if address[2] not in ("natural_person", "total"):
                s.printed[address] = ""
        s.printed["requests", row, "total"] = s.printed["requests", row, "natural_person"]
    odd = "empty boxes vanished from the rows of table three, only two values are left in each"
    return text("2019_vanished.txt", s, odd, vanished, Owed(None, either=(("requests", "*", "*"),)))


def lost() -> Iterator[Made]:
    """Text of which so much is lost that no value can be told."""
    s = town(2020, "2019", 45)
    whole = text("", s, "", single).data.decode().split("\n")
    name = "2020_lines_lost.txt"
    odd = "a crawler dropped repeated lines; the values cannot be recovered"
    owed = {
        **nothing(name, odd, None),
        "org": s.org,
        "year": s.year,
        "template": "2019",
        "expect": {"doubt": True},
    }
    yield Made(name, "\n".join(dict.fromkeys(whole)).encode(), owed, odd)
    name, odd = "mojibake.txt", "UTF-8 read as GBK; total loss"
    plain = text("", town(2020, "2019", 46), "", lines).data
    yield Made(name, plain.decode("gb18030", "replace").encode(), nothing(name, odd, None), odd)
    name, odd = "questions.txt", "every character but figures became a question mark; total loss"
    plain = text("", town(2022, "2021", 159), "", lines).data.decode().encode("ascii", "replace")
    yield Made(name, plain, nothing(name, odd, None), odd)
