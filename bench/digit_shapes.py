"""Makes extract/pdfium/digit_shapes.txt: the digits of the fonts that are installed, as the shapes that glyphs are held against.

    python bench/digit_shapes.py        needs fc-list

One digit that is nearly another font's is left out. Printed: of each family that is left out, the digits that the others
take for another. The fonts were DejaVu, Liberation, Noto CJK and Mono, URW's base 35, AR PL and WenQuanYi.
"""

from __future__ import annotations

import subprocess
from collections import defaultdict
from pathlib import Path

from PIL import Image, ImageFont

from gongkai.extract.pdfium import digit_shape
from gongkai.extract.pdfium.digit_shape import Shape

FILE = Path(digit_shape.__file__).with_name("digit_shapes.txt")
#: Pixels; a digit nearer than this to one that is in the file is left out; families whose figures are pictures or scrawls.
SIZE, NEAR, ODD = 64, 0.05, ("D050000L", "Breip", "Humor Sans", "Standard Symbols", "Emoji")

Faces = dict[str, list[list[Shape]]]


def faces() -> Faces:
    """The ten digits of every face, by family."""
    command = ["fc-list", "--format", "%{family[0]}|%{file}|%{index}\n"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found: Faces = defaultdict(list)
    for line in sorted(set(listed.splitlines())):
        family, file, index = line.split("|")
        if int(index) < 65536 and not any(odd in family for odd in ODD):
            shapes = [
                _draw(ImageFont.truetype(file, SIZE, index=int(index)), digit) for digit in "0123456789"
            ]
            if None not in shapes and shapes[3] != shapes[8]:
                found[family].append([shape for shape in shapes if shape is not None])
    return found


def _draw(font: ImageFont.FreeTypeFont, digit: str) -> Shape | None:
    mask = font.getmask(digit, mode="L")
    if not all(mask.size):
        return None
    return digit_shape.view(Image.frombytes("L", mask.size, bytes(255 - v for v in bytes(mask))))


def choose(found: Faces) -> dict[str, list[Shape]]:
    """The shapes of each digit that are not nearly one another."""
    known: dict[str, list[Shape]] = {digit: [] for digit in "0123456789"}
    for family in found.values():
        for face in family:
            for digit, shape in zip("0123456789", face, strict=True):
                if all(digit_shape.distance(shape, other) > NEAR for other in known[digit]):
                    known[digit].append(shape)
    return known


def main() -> None:
    """Writes the file and prints what is mistaken."""
    found = faces()
    known = choose(found)
    lines = [f"{digit} {s.aspect:.3f} {s.bits:0140x}" for digit, shapes in known.items() for s in shapes]
    FILE.write_text("\n".join(lines) + "\n", "ascii")
    print(f"{len(lines)} shapes of {len(found)} families, {sum(map(len, found.values()))} faces")
    for family in found:
        others = choose({name: of for name, of in found.items() if name.split()[0] != family.split()[0]})
        odd = [
            digit
            for face in found[family]
            for digit, shape in zip("0123456789", face, strict=True)
            if digit_shape.is_other(shape, digit, others)
        ]
        if odd:
            print(f"{family}: {''.join(odd)} of {10 * len(found[family])} would be taken for another")


if __name__ == "__main__":
    main()
