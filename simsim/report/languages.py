"""Pages of one experiment in several languages, made side by side: the numbers that all of them show are worked out
once, then every language has a process of its own, a copy of this one (fork), so that nothing is read again. One
language alone has its figures drawn by such a copy.

Where a process cannot be copied safely (macOS, Windows) or has one core, one language is made after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from simsim.experiments.openings import openings
from simsim.experiments.plan_account import comparison_table
from simsim.experiments.tasks import ledger
from simsim.inputs.errors import InputError
from simsim.report.ahead import on_two_cores
from simsim.report.copies import can_part, copies
from simsim.report.figures.schools import rotating
from simsim.report.view import View

Make = Callable[[str], Sequence[Path]]
"""Makes the pages of a language."""
OF_VIEW = ("levels", "pairs", "numbers", "measures", "board", "schools", "turned_away")
OF_FOCUS = (comparison_table, ledger, openings)
"""What takes longest of what pages of a comparison share: asked of the view, and of the results for the focus."""


def side_by_side(languages: Sequence[str], make: Make) -> Iterator[Path]:
    """Yield the pages of every language, in their order; the first language that fails ends all.

    What a language raises is raised here; PageLost where its process died. Whoever leaves early leaves no process
    behind.
    """
    if not can_part():
        for lang in languages:
            yield from make(lang)
    elif len(languages) == 1:
        with on_two_cores():
            pages = make(languages[0])
        yield from pages
    else:
        with copies({f"the pages in {lang}": partial(_at_once, make, lang) for lang in languages}) as makers:
            for maker in makers:
                for pages in maker:
                    yield from pages


def _at_once(make: Make, lang: str) -> Iterator[Sequence[Path]]:
    """Yield the pages of a language, all or none."""
    yield list(make(lang))


def work_out(view: View) -> None:
    """Work out what a comparison shows in every language: it is kept beside the tables (`once`), where pages find it.

    What cannot be worked out (without a plan, say) is told by the page.
    """
    wanted: list[Callable[[], object]] = [
        *(partial(getattr, view, name) for name in OF_VIEW),
        *(partial(answer, view.results, view.focus) for answer in OF_FOCUS),
        *(partial(view.by_school, scenario, "pupils", view.stages[0]) for scenario in view.pair),
        partial(rotating, view),
    ]
    for answer in wanted:
        with suppress(InputError):
            answer()
