"""What the cells of a report notebook call: every method of `Page` shows a piece of the page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from simsim.experiments.mode import lines
from simsim.experiments.results import Results
from simsim.inputs.indicators import named_on
from simsim.report.figures.catalogue import FIGURES, shows
from simsim.report.markup import TOC, Safe, heading, image, joined, tag
from simsim.report.tables import sources
from simsim.report.tables.catalogue import TABLES
from simsim.report.tables.equity import idle
from simsim.report.view import View, filled_words
from simsim.report.words import Words


class Page:
    """What the cells of a report notebook call: every method shows a piece of the page, in the page's language."""

    def __init__(
        self,
        folder: Results | str | Path,
        lang: str = "en",
        focus: str = "",
        seeds: Sequence[int] = (),
        today: str = "",
        school: str = "",
        area: str = "",
    ) -> None:
        self.view = View.of(folder, lang, focus=focus or None, seeds=seeds, today=today)
        if school or area:
            self.view = self.view.only(school, area)
        self.say: Words = self.view.say

    def opening(self, kind: str = "comparison") -> None:
        """Show title, what was run, where the district's data come from, and what failed; the title of a comparison
        stands on its decision page.

        The reports of one scenario go on with that scenario and the base alone; that on teachers keeps all that rotate.
        """
        self.view = self.view if kind in ("comparison", "teachers") else self.view.alone()
        view, say = self.view, self.say
        names = {
            "focus": view.title(view.focus),
            "base": view.title(view.base),
            "district": sources.district_label(view),
            "place": view.place.name[view.lang] if view.place else "",
        }
        run = say("opening.run", n=view.n, scenarios=len(view.scenarios), first=view.first, last=view.last)
        title = say(f"opening.{kind}", **names)
        parts = [
            heading("about", say("opening.about")) if kind == "comparison" else tag("h1", title),
            tag("p", say(f"opening.{kind}.lead", **names), "lead"),
            tag("p", run, "run"),
        ]
        parts += [tag("p", line, "mode") for line in lines(view.results.manifest, view.lang)]
        parts.append(tag("p", Safe(say.html("synthetic.banner", district=names["district"])), "banner"))
        failed = sources.failures(view)
        if len(failed):
            parts.append(tag("p", say("opening.failed", n=len(failed)), "failed"))
        self._show(joined([*parts, idle(view)]))

    def contents(self) -> None:
        """Mark the place where the page will list its sections."""
        self._show(TOC)

    def section(self, key: str, **values: object) -> None:
        """Show a heading and what the section is about."""
        names = {
            "focus": self.view.title(self.view.focus),
            "base": self.view.title(self.view.base),
            "last": self.view.last,
            "middle": self.view.middle,
            "n": self.view.n,
            "named": named_on(),
            "today": self.view.today or f"{self.view.first}-09",
        }
        body = Safe(self.say.html(f"{key}.text", **(names | values)))
        self._show(joined([heading(key, self.say(f"{key}.heading")), tag("p", body)]))

    def figure(self, name: str, *args: str) -> None:
        """Draw a figure, with a note on how to read it; or say why there is nothing to draw."""
        figure, view = FIGURES[name], self.view
        if nothing := figure.nothing(view):
            self._show(tag("p", self.say(nothing), "quiet"))
            return
        note = self.say.html(f"note.{name}", n=view.n, base=view.title(view.base), focus=view.title(view.focus))
        resting = {column: rule for each in shows(name, args) for column, rule in view.filled.get(each, {}).items()}
        if resting:
            note = f"{note} {self.say.html('filled.note', columns=filled_words(self.say, resting))}"
        self._show(image(figure(view.illustrative if resting else view, *args), Safe(note)))

    def table(self, name: str) -> None:
        """Show a table, or say why there is nothing to show."""
        table = TABLES[name]
        nothing = table.nothing(self.view)
        self._show(tag("p", self.say(nothing), "quiet") if nothing else table(self.view))

    def text(self, key: str) -> None:
        """Show a paragraph of the catalogue."""
        self._show(tag("p", Safe(self.say.html(key))))

    @staticmethod
    def _show(content: str) -> None:
        from IPython.display import HTML, display

        display(HTML(content))  # type: ignore[no-untyped-call]
