"""What the cells of a report notebook call: every method of `Page` shows a piece of the page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from simsim.experiments.mode import lines
from simsim.experiments.results import Results
from simsim.inputs.indicators import named_on, sureness
from simsim.report.ahead import shown
from simsim.report.data import BOOK, DataFolder, behind_figure, behind_table
from simsim.report.figures.catalogue import FIGURES
from simsim.report.markup import TOC, Safe, details, heading, joined, tag
from simsim.report.tables import sources
from simsim.report.tables.catalogue import TABLES
from simsim.report.tables.equity import idle
from simsim.report.view import View
from simsim.report.words import Words

SHORT = (
    "big", "glance", "plan_table", "enrolment", "teachers", "costs", "gains", "limits",
    "timeline", "own_past", "outlook_areas", "outlook_short",
)  # fmt: skip
"""The sections of a short report, of any kind; what stands before the first section is in every report."""
TOLD_FIRST = ("glance", "teachers", "costs")
"""Of these, what a short comparison leaves out: its decision page and main findings tell it."""
FULL_ONLY = ("gains_areas", "homes", "gains.others", "gains_others")
"""What a section of a short report does without."""
LIMITS, OTHERS, ALONE = "limits", ".others", ".alone"
ANNEXES = ("paired", "milestones", "equity", "scoreboard", "crowding", "fitted", "provenance")
"""Tables that stand folded and not on paper: a figure beside them tells the same, or few ask for them."""


class Page:
    """What the cells of a report notebook call: every method shows a piece of the page, in the page's language."""

    def __init__(
        self,
        folder: Results | str | Path,
        lang: str = "en",
        focus: str = "",
        seeds: Sequence[int] = (),
        short: bool = False,
        today: str = "",
        school: str = "",
        area: str = "",
        data: str | Path = "",
    ) -> None:
        """Open an experiment; `short` leaves out what does not fit six sheets, `data` is the folder for the numbers
        behind figures and tables (none: they are not written).
        """
        self.short: tuple[str, ...] = SHORT if short else ()
        self.left_out = False
        self.view = View.of(folder, lang, focus=focus or None, seeds=seeds, today=today)
        if school or area:
            self.view = self.view.only(school, area)
        self.view.results.frame("district_year")  # read whole, once: nearly every exhibit asks for some of it
        self.say: Words = self.view.say
        self.data = DataFolder(Path(data)) if data else None
        self.part = ""
        self.waiting: Safe | None = None
        self.nothing: list[str] = []
        self.empty: list[str] = []
        if self.data is not None:
            self.data.empty()

    def opening(self, kind: str = "comparison") -> None:
        """Show title, what was run, where the district's data come from, and what failed; the title of a comparison
        stands on its decision page.

        The reports of one scenario go on with that scenario and the base alone; that on teachers keeps all that rotate.
        """
        self.view = self.view.of_kind(kind)
        view, say = self.view, self.say
        if kind == "comparison":
            self.short = tuple(key for key in self.short if key not in TOLD_FIRST)
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
            tag("p", say(f"opening.{kind}.lead{self._alone(f'opening.{kind}.lead')}", **names), "lead"),
            tag("p", run, "run"),
        ]
        parts += [tag("p", line, "mode") for line in lines(view.results.manifest, view.lang)]
        parts.append(tag("p", Safe(say.html("synthetic.banner", district=names["district"])), "banner"))
        failed = sources.failures(view)
        if len(failed):
            parts.append(tag("p", say("opening.failed", n=len(failed)), "failed"))
        if view.n < sureness().fewest_replications:
            parts.append(tag("p", say("opening.few", n=view.n, fewest=sureness().fewest_replications), "failed"))
        if self.data is not None:
            book = tag("a", say("data.book"), href=f"{self.data.path.name}/{BOOK}")
            parts.append(tag("p", book, "data"))
        self._show(joined([*parts, idle(view)]))

    def contents(self) -> None:
        """Mark the place where the page will list its sections."""
        self._show(TOC)

    def section(self, key: str, **values: object) -> None:
        """Begin a section with a heading and what it is about; of a short report only the sections that it has.

        It is shown with the first thing it holds; one that holds nothing is named among the limits, with the reason.
        """
        self._close()
        self.left_out = bool(self.short) and key not in self.short
        names = {
            "focus": self.view.title(self.view.focus),
            "base": self.view.title(self.view.base),
            "last": self.view.last,
            "middle": self.view.middle,
            "n": self.view.n,
            "named": named_on(),
            "today": self.say.month(self.view.today or f"{self.view.first}-09"),
        }
        body = Safe(self.say.html(f"{key}.text{self._alone(f'{key}.text')}", **(names | values)))
        self.part = self.say(f"{key}.heading")
        self.waiting = None if self.left_out else joined([heading(key, self.part), tag("p", body)])
        if key == LIMITS and self.empty:
            self._show(tag("p", self.say("page.empty", items=self.say("join").join(self.empty))))

    def _alone(self, key: str) -> str:
        """Return the end of the key of a text that is another where the base is told alone; none where it is not."""
        return ALONE if self.view.focus == self.view.base and f"{key}{ALONE}" in self.say.texts else ""

    def _close(self) -> None:
        """End a section: show its heading if it waits still, or leave it out if there was nothing to show."""
        if self.waiting is not None and self.nothing:
            reason = self.nothing[0].rstrip(".。")
            self.empty.append(self.say("page.empty.item", part=self.part, reason=reason))
        elif self.waiting is not None:
            self._show("")
        self.waiting, self.nothing = None, []

    def _tell_nothing(self, key: str) -> None:
        """Say why there is nothing to show, once in a section, if the section shows anything."""
        said = self.say(key)
        if said in self.nothing:
            return
        self.nothing.append(said)
        if self.waiting is None:
            self._show(tag("p", said, "quiet"))

    def figure(self, name: str, *args: str) -> None:
        """Draw a figure, with a note on how to read it; or say why there is nothing to draw."""
        if self._without(name):
            return
        figure, view = FIGURES[name], self.view
        if nothing := figure.nothing(view):
            self._tell_nothing(nothing)
            return
        link = self._linked(name, [behind_figure(view, name, figure, args)] if self.data is not None else [])
        self._show(joined([shown(view, name, *args), link]))

    def table(self, name: str) -> None:
        """Show a table, or say why there is nothing to show."""
        if self._without(name):
            return
        table = TABLES[name]
        nothing = table.nothing(self.view)
        if nothing:
            self._tell_nothing(nothing)
            return
        piece = table(self.view)
        link = self._linked(name, behind_table(self.view, table, piece) if self.data is not None else [])
        shown = details(self.say("annex.show"), piece, annex=True, names=False) if name in ANNEXES else piece
        self._show(joined([shown, link]))

    def _linked(self, name: str, frames: Sequence[pd.DataFrame]) -> Safe:
        """Write the numbers behind a figure or table, and return links to their files."""
        if self.data is None:
            return Safe("")
        files = [self.data.add(self.view, name, self.part or name, frame) for frame in frames]
        links = [
            tag("a", self.say("data.csv", n=file[:2]), href=f"{self.data.path.name}/{file}") for file in files if file
        ]
        return tag("p", joined(links), "data") if links else Safe("")

    def text(self, key: str) -> None:
        """Show a paragraph of the catalogue; one on other scenarios where there are any."""
        if not self._without(key) and (len(self.view.others) > 1 or not key.endswith(OTHERS)):
            self._show(tag("p", Safe(self.say.html(key))))

    def _without(self, name: str) -> bool:
        """Whether a report does without a figure, table or paragraph."""
        return self.left_out or (bool(self.short) and name in FULL_ONLY)

    def _show(self, content: str) -> None:
        if self.left_out:
            return
        from IPython.display import HTML, display

        if self.waiting is not None:
            content = joined([self.waiting, *(tag("p", said, "quiet") for said in self.nothing), Safe(content)])
            self.waiting = None
        display(HTML(content))  # type: ignore[no-untyped-call]
