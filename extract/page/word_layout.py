"""Pages of glyphs → Layouts: every word with its place, whatever walls are drawn.

For tables whose boxes are in doubt. Several Layouts of one document are made where its pages can be read in
several orders: two pages on a sheet, or a sheet that was cut and goes on to the right.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from gongkai.extract.page.borderless import split_lines
from gongkai.extract.page.glyph import Glyph
from gongkai.extract.page.glyph_text import figures_text, group_lines, line_text
from gongkai.extract.page.layout import Page, show_place
from gongkai.extract.page.paragraph import TextLine, find_body_lines
from gongkai.model import UNREAD, BBox, Cell, Layout, Limits, Place, PlacedWord

#: Two digits further apart than this share of their height belong to two boxes.
DIGIT_GAP = 0.3
#: Signs that end a word, and begin none.
SIGNS = "、，,．."
#: A strip of so many points without a glyph, so near the middle of a sheet (share of its width), parts two pages.
STRIP, NEAR_MIDDLE = 16.0, 0.05
#: A sheet with fewer glyphs is not cut.
LEAST_GLYPHS = 200
#: The right part of a cut sheet has at most this share of the left one's Chinese characters: labels stand left.
RIGHT_SHARE = 0.7

#: A page that is the right part of one has at most this share of its characters, so many lines of numbers at least, of
#: which this share stands within so many points of one of the left part.
FEW_WORDS, LEAST_LEVELS, LEVEL_SHARE, SAME_LEVEL = 0.3, 8, 0.8, 2.0

#: Parts stand closer than this share of their height, and levels that differ by less than that share are one.
STACKED, LEVEL = 0.5, 0.25
#: Lines of one box stand no further apart than the closest ones do and this share of their height.
EVEN = 0.2
#: Middles of parts differ by less than this share of their height from left to right.
FLUSH = 0.6
#: A number is broken over so many lines at the most, of so many digits each.
MOST_PARTS, MOST_DIGITS = 4, 3


def make_layouts(pages: Sequence[Page], limits: Limits) -> list[Layout]:
    """The words of pages, in every order in which the pages can be read, and with numbers joined that narrow boxes broke.

    Empty where a page with a text layer has drawings in boxes or tables in pictures, or is turned. Glyphs that cannot
    be read are words too: a number may be missing there.
    """
    if any(p.words is None and (p.hidden or p.is_lost or p.has_ink or p.turn or p.insets) for p in pages):
        return []
    for read in (p.words for p in pages if p.words is not None):
        if read() is None:
            return []
        limits.after_page()
    pages = [_crop(p) for p in pages]
    orders = [[(p, 0.0, True) for p in pages], _halve(pages), *_lay_beside(pages)]
    right_parts = _lay_right_parts(pages)
    orders += [right_parts] if right_parts not in orders else []
    placed = [list(_place_words(order)) for order in orders if order]
    joined = [words for words in map(join_stacked_numbers, placed) if words is not None]
    return [Layout("points", tuple(words)) for words in (*placed, *joined)]


#: A page, how far to the right its words are laid, and whether the next one stands below it.
_Laid = tuple[Page, float, bool]


def _crop(page: Page) -> Page:
    """The page without what stands outside it, where nobody sees it."""
    inside = [
        g
        for g in (*page.glyphs, *page.unread)
        if 0 <= (g.x0 + g.x1) / 2 <= page.width and 0 <= (g.top + g.bottom) / 2 <= page.height
    ]
    figures = [g for g in page.unseen if g.text.isdecimal() and not page.turn]
    beyond = [u for u in figures if not any(_is_over(u, g) for g in inside)]
    if beyond:
        inside = [
            g._replace(text=UNREAD) if g.text.isdecimal() and _is_part(g, beyond) else g for g in inside
        ]
    return replace(page, glyphs=inside)


def _is_over(one: Glyph, other: Glyph) -> bool:
    """Whether two glyphs stand over each other: print that is made bold by a second print."""
    shared = min(one.x1, other.x1) - max(one.x0, other.x0)
    return shared > 0.5 * (one.x1 - one.x0) and one.top < other.bottom and other.top < one.bottom


def _is_part(g: Glyph, beyond: Sequence[Glyph]) -> bool:
    """Whether a digit goes on with one that is not seen: the page's end cuts their number."""
    near = DIGIT_GAP * (g.bottom - g.top)
    return any(
        max(u.x0 - g.x1, g.x0 - u.x1) < near and g.top < (u.top + u.bottom) / 2 < g.bottom for u in beyond
    )


def _halve(pages: Sequence[Page]) -> list[_Laid]:
    """Pages cut at an upright strip near the middle: two pages on one sheet. Empty where none is."""
    halves: list[_Laid] = []
    for page in pages:
        cut = _find_strip(page)
        if cut is None:
            halves.append((page, 0.0, True))
            continue
        # the right page is laid over the left one's place, so that columns of both stand under each other
        halves += [(_cut(page, cut, right=False), 0.0, True), (_cut(page, cut, right=True), -cut, True)]
    return halves if len(halves) > len(pages) else []


def _cut(page: Page, cut: float, *, right: bool) -> Page:
    """The page with the glyphs and words of one half."""
    glyphs = [g for g in page.glyphs if ((g.x0 + g.x1) / 2 >= cut) is right]
    read = page.words
    if read is None:
        return replace(page, glyphs=glyphs)

    def words() -> list[Cell]:
        return [
            w for w in read() or () if w.place.bbox is not None and (_middle(w.place.bbox) >= cut) is right
        ]

    return replace(page, glyphs=glyphs, words=words)


def _middle(bbox: BBox) -> float:
    return (bbox[0] + bbox[2]) / 2


def _find_strip(page: Page) -> float | None:
    if page.width <= page.height or len(page.glyphs) < LEAST_GLYPHS:
        return None
    reach = NEAR_MIDDLE * page.width
    for step in range(-12, 13):
        x = page.width / 2 + reach * step / 12
        if not any(g.x1 > x - STRIP / 2 and g.x0 < x + STRIP / 2 for g in page.glyphs):
            return x
    return None


def _lay_beside(pages: Sequence[Page]) -> list[list[_Laid]]:
    """Pages laid beside each other: a sheet too wide, printed down, then over, or over, then down."""
    orders: list[list[_Laid]] = []
    for across in (2, 3):
        down, rest = divmod(len(pages), across)
        if rest or not down:
            continue
        down_then_over = [[pages[i + down * n] for n in range(across)] for i in range(down)]
        over_then_down = [list(pages[across * i : across * (i + 1)]) for i in range(down)]
        for rows in (down_then_over, over_then_down) if down > 1 else (down_then_over,):
            if _are_cut(rows):
                orders.append([laid for row in rows for laid in _lay_row(row)])
    return orders


def _lay_right_parts(pages: Sequence[Page]) -> list[_Laid]:
    """The pages in their order, each that is the right part of the one before it laid beside that; empty where none is."""
    rows: list[list[Page]] = []
    for page in pages:
        if rows and len(rows[-1]) == 1 and _goes_on(rows[-1][0], page):
            rows[-1].append(page)
        else:
            rows.append([page])
    return [laid for row in rows for laid in _lay_row(row)] if len(rows) < len(pages) else []


def _goes_on(left: Page, right: Page) -> bool:
    """Whether the numbers of a page stand at the levels of those of the page before it, and few words beside them."""
    if _count_chinese([right]) > FEW_WORDS * _count_chinese([left]):
        return False
    levels = [_find_levels(page) for page in (left, right)]
    together = sum(any(abs(y - other) < SAME_LEVEL for other in levels[0]) for y in levels[1])
    return together >= max(LEAST_LEVELS, LEVEL_SHARE * len(levels[1]))


def _find_levels(page: Page) -> list[float]:
    """The heights at which figures stand on a page."""
    levels: list[float] = []
    for y in sorted((g.top + g.bottom) / 2 for g in page.glyphs if g.text.isdecimal()):
        if not levels or y - levels[-1] > SAME_LEVEL:
            levels.append(y)
    return levels


def _are_cut(rows: Sequence[Sequence[Page]]) -> bool:
    """Whether the pages behind the first of each row may be its right parts: labels stand left."""
    first = _count_chinese([row[0] for row in rows])
    return all(
        _count_chinese([row[n] for row in rows]) <= RIGHT_SHARE * first for n in range(1, len(rows[0]))
    )


def _lay_row(row: Sequence[Page]) -> Iterator[_Laid]:
    right = 0.0
    for page in row:
        yield page, right, page is row[-1]
        right += page.width


def _count_chinese(pages: Sequence[Page]) -> int:
    return sum("一" <= g.text <= "鿿" for p in pages for g in p.glyphs)


def _place_words(laid: Sequence[_Laid]) -> Iterator[PlacedWord]:
    """The words of pages one below the other, without page numbers and running heads."""
    down = 0.0
    row: list[PlacedWord] = []
    for (page, right, is_last), lines in zip(laid, _find_lines(laid), strict=True):
        if page.words is None:
            words = split_lines(lines)
            row += [_word(run, page, right, down) for own in words for word in own for run in _split(word)]
        else:
            row += _scanned_words(page, page.words() or (), lines, right, down)
        if is_last:
            yield from sorted((w for w in row if w.text), key=lambda w: (round(w.y / 3), w.x0))
            down, row = down + page.height, []


def _find_lines(laid: Sequence[_Laid]) -> list[list[list[Glyph]]]:
    """The lines of each page without page numbers and running heads.

    A number alone at the rim of the right part of a sheet is one of the row at whose level it stands.
    """
    pages = [page for page, _, _ in laid]
    lines = [group_lines(p.glyphs) if p.glyphs else [] for p in pages]
    texts = [
        [TextLine.of(line, line_text(line), p.number) for line in own]
        for p, own in zip(pages, lines, strict=True)
    ]
    body = find_body_lines([(p.height, own) for p, own in zip(pages, texts, strict=True)])
    row: list[TextLine] = []
    found: list[list[list[Glyph]]] = []
    for (_, right, _), own, shown, numbers in zip(laid, lines, texts, body, strict=True):
        row = row if right else []
        beside = {i for i, t in enumerate(shown) if any(_is_level(t, other) for other in row)}
        kept = sorted({*numbers, *beside})
        found.append([own[i] for i in kept])
        row += [shown[i] for i in kept]
    return found


def _is_level(line: TextLine, other: TextLine) -> bool:
    """Whether two lines are pieces of one that pages cut."""
    return abs(line.top + line.bottom - other.top - other.bottom) < 2 * SAME_LEVEL


def _split(word: Sequence[Glyph]) -> Iterator[Sequence[Glyph]]:
    """A word of a line, cut further between digits that do not touch, and before the number of a label.

    In a narrow column 三、 is stretched, and its sign touches the （一） of the next column.
    """
    run = [word[0]]
    for before, g in itertools.pairwise(word):
        text, start, top, _, bottom = g
        if (text in "（(" and before[0] in SIGNS and len(run) == 1) or (
            start - before[3] > DIGIT_GAP * (bottom - top) and before[0].isdigit() and text.isdigit()
        ):
            yield run
            run = []
        run.append(g)
    yield run


def _scanned_words(
    page: Page, words: Sequence[Cell], lines: Sequence[Sequence[Glyph]], right: float, down: float
) -> Iterator[PlacedWord]:
    """The words of a scanned page that stand at the level of a line: page numbers and running heads stand apart."""
    first = min((g.top for line in lines for g in line), default=0.0)
    last = max((g.bottom for line in lines for g in line), default=page.height)
    for w in words:
        assert w.place.bbox is not None  # a word of a scan has a place
        x0, top, x1, bottom = w.place.bbox
        if first <= (top + bottom) / 2 <= last:
            shown = replace(w, place=show_place(w.place, page))
            yield PlacedWord(w.text, x0 + right, top + down, x1 + right, bottom + down, shown)


def _word(run: Sequence[Glyph], page: Page, right: float, down: float) -> PlacedWord:
    text = figures_text(run).strip()
    x0, x1 = run[0].x0, run[-1].x1
    top, bottom = min(g.top for g in run), max(g.bottom for g in run)
    bbox = (round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2))
    cell = Cell(0, 0, 1, 1, text, Place(page=page.number, bbox=bbox))
    return PlacedWord(text, x0 + right, top + down, x1 + right, bottom + down, cell)


# Broken numbers ------------------------------------------------------------------------------


def join_stacked_numbers(words: Sequence[PlacedWord]) -> list[PlacedWord] | None:
    """The words with numbers whole that narrow boxes broke over lines, １ above ５, in the same order; None where none is.

    Nothing but the level shows it: the row's other numbers stand at the middle of the broken one, and beside its parts
    stand none but parts of others. Where no wall is drawn this is one way to read the page; the form's sums decide.
    """
    digits = [w for w in words if w.text.isdecimal() and not w.box]
    stacks = [s for s in _find_stacks(digits) if 2 <= len(s) <= MOST_PARTS]
    parts = {id(w) for stack in stacks for w in stack}
    broken = [stack for stack in stacks if _is_broken(stack, digits, parts)]
    if not broken:
        return None
    whole = {id(stack[0]): _join(stack) for stack in broken}
    rest = {id(w) for stack in broken for w in stack[1:]}
    return [whole.get(id(w), w) for w in words if id(w) not in rest]


def _find_stacks(digits: Sequence[PlacedWord]) -> list[list[PlacedWord]]:
    """Digits right below each other, as close as the lines of one box."""
    pairs = [(w, below) for w, below in _find_pairs(digits) if below.top - w.bottom < STACKED * w.height]
    closest = min(((below.top - w.bottom) / w.height for w, below in pairs), default=0.0)
    below_of = {id(w): below for w, below in pairs if (below.top - w.bottom) / w.height < closest + EVEN}
    lower = {id(below) for below in below_of.values()}
    stacks: list[list[PlacedWord]] = []
    for w in digits:
        stack = [w] if id(w) not in lower else []
        while stack and id(stack[-1]) in below_of:
            stack.append(below_of[id(stack[-1])])
        stacks += [stack] if stack else []
    return stacks


def _find_pairs(digits: Sequence[PlacedWord]) -> Iterator[tuple[PlacedWord, PlacedWord]]:
    """Each digit with the next one below it, if it does not reach into it."""
    ordered = sorted(digits, key=lambda w: w.top)
    for i, w in enumerate(ordered):
        below = (v for v in ordered[i + 1 :] if abs(v.x - w.x) < FLUSH * w.height)
        nearest = next(below, None)
        if nearest is not None and nearest.top - w.bottom > -LEVEL * w.height:
            yield w, nearest


def _is_broken(stack: Sequence[PlacedWord], digits: Sequence[PlacedWord], parts: set[int]) -> bool:
    """Whether whole numbers stand beside the middle of a stack, and only parts of others beside its parts."""
    if any(len(w.text) > MOST_DIGITS for w in stack):
        return False
    middle = (stack[0].top + stack[-1].bottom) / 2
    beside = [w for w in digits if id(w) not in parts and abs(w.x - stack[0].x) > w.height]
    near = LEVEL * stack[0].height
    if not any(abs(w.y - middle) < near for w in beside):
        return False
    return not any(abs(w.y - p.y) < near < abs(p.y - middle) for w in beside for p in stack)


def _join(stack: Sequence[PlacedWord]) -> PlacedWord:
    first = stack[0]
    text = "".join(w.text for w in stack)
    x0, x1 = min(w.x0 for w in stack), max(w.x1 for w in stack)
    boxes = [w.cell.place.bbox for w in stack if w.cell.place.bbox is not None]
    bbox = (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )
    cell = Cell(0, 0, 1, 1, text, Place(page=first.cell.place.page, bbox=bbox))
    return replace(first, text=text, x0=x0, x1=x1, bottom=stack[-1].bottom, cell=cell)
