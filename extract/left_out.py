"""Text that nobody sees on the page, counted while a document is read → one note that says what and where."""

from __future__ import annotations

from dataclasses import dataclass, field

from gongkai.model import Finding, Place, flag

#: So many pieces are shown in the note, each with so many characters.
_SHOWN, _LENGTH = 3, 20
#: The kind of text with a line through it; of a box with nothing else in it nobody knows what counts.
CROSSED_OUT = "crossed out"


@dataclass(slots=True)
class LeftOut:
    """What was left out of a document so far, by its kind ("crossed out"); it grows while the file is read."""

    counts: dict[str, int] = field(default_factory=dict)
    pieces: list[str] = field(default_factory=list)
    first: Place | None = None

    def add(self, kind: str, text: str = "", place: Place | None = None) -> None:
        """One more piece: of what kind, its text, and where it stood as far as that is known. White space is nothing."""
        if text and not text.strip():
            return
        self.counts[kind] = self.counts.get(kind, 0) + 1
        self.first = self.first or place
        if text and len(self.pieces) < _SHOWN:
            at = "" if place is None else f" ({place})"
            self.pieces.append(f"“{' '.join(text.split())[:_LENGTH]}”{at}")

    def findings(self) -> list[Finding]:
        """The note of the document; none where nothing was left out."""
        if not self.counts:
            return []
        kinds = ", ".join(f"{count} {kind}" for kind, count in self.counts.items())
        shown = f": {', '.join(self.pieces)}" if self.pieces else ""
        message = f"text that nobody sees on the page was left out ({kinds}){shown}"
        return [flag("text-left-out", message, place=self.first)]
