"""A figure of a page: its picture, and under it a note on how to read it."""

from __future__ import annotations

from simsim.report.figures.catalogue import FIGURES, shows
from simsim.report.figures.picture import picture
from simsim.report.markup import Safe, text
from simsim.report.view import View, filled_words


def told(view: View, name: str, *args: str) -> Safe:
    """Draw a figure that has something to show, with its note; one that rests on filled columns finds nothing."""
    resting = view.resting(shows(name, args))
    note = _note(view, name)
    if resting:
        note = f"{note} {view.say.html('filled.note', columns=filled_words(view.say, resting))}"
    return picture(FIGURES[name](view.illustrative if resting else view, *args), Safe(note))


def _note(view: View, name: str) -> str:
    """Return the note under a figure, which names the base once where it is the focus too."""
    say, base = view.say, view.title(view.base)
    names = {"base": base, "focus": view.title(view.focus), "stamp": say("synthetic.stamp")}
    note = say.html(f"note.{name}", n=view.n, **names)
    if view.focus == view.base:
        twice, once = (text(say(f"both{end}", a=base)) for end in (".twice", ".once"))
        note = note.replace(twice, once)
    return note
