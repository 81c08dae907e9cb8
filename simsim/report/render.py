"""Reports: a notebook is executed with checked parameters and becomes one HTML page; `Page` is what the notebook's
cells call.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from simsim.experiments.manifest import writable
from simsim.experiments.results import Results
from simsim.inputs.errors import InputError, Problem, suggest
from simsim.inputs.paths import PACKAGE, resource
from simsim.report.view import PLAN_RECORD_ENDS, View
from simsim.report.words import Words

KINDS = ("comparison", "scenario", "outlook")
KERNEL = "simsim-report"


class ReportError(RuntimeError):
    """A cell of a report failed; the notebook, as far as it got, is kept for a look."""


def render(
    kind: str,
    results: Results | str | Path,
    lang: str = "en",
    out: str | Path | None = None,
    scenario: str | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Path:
    """Execute the notebook of a report and return its HTML page: `simsim.render("comparison", results, lang="zh")`.

    `results` are Results or the folder of an experiment; both files go to `out`, by default that folder. `scenario` is
    the one told in most detail. ReportError when a cell failed; InputError for anything that is not there.
    """  # fmt: skip
    if kind not in KINDS:
        raise InputError(Problem("report", "kind", kind, f"must be one of {', '.join(KINDS)}{suggest(kind, KINDS)}"))
    with _on_disk(results) as (folder, seeds):
        view = View.of(folder, lang, focus=scenario, seeds=seeds)
        target = _target(folder, results, out)
        given = {"folder": str(folder.resolve()), "lang": lang, "seeds": seeds, "focus": view.focus} | dict(
            parameters or {}
        )
        name = (
            f"report-{kind}"
            + (f"-{_safe(view.focus)}" if kind == "scenario" else "")
            + ("" if lang == "en" else f".{lang}")
        )
        return _made(resource("notebooks") / f"report-{kind}.ipynb", target / f"{name}.ipynb", given, view)


def render_experiment(folder: str | Path, lang: str = "en", out: str | Path | None = None) -> list[Path]:
    """Render what suits an experiment: the comparison, or for a single scenario its own report; past 2024 the outlook
    as well.
    """
    results = Results.load(folder)
    view = View.of(results, lang)
    kinds = [
        "comparison" if len(view.scenarios) > 1 else "scenario",
        *(["outlook"] if view.last > PLAN_RECORD_ENDS else []),
    ]
    return [render(kind, results, lang, out) for kind in kinds]


def _safe(name: str) -> str:
    from simsim.experiments.manifest import slug

    return slug(name)


@contextmanager
def _on_disk(results: Results | str | Path) -> Iterator[tuple[Path, list[int]]]:
    """Give the folder of results, saving them for a moment when they have none, and the replications that they hold."""
    if not isinstance(results, Results):
        yield Path(results), []
    elif results.folder is not None:
        yield results.folder, sorted({seed for name in results.scenarios for seed in results.replications(name)})
    else:
        with TemporaryDirectory() as folder:
            yield results.save(Path(folder) / "results"), []


def _target(folder: Path, results: Results | str | Path, out: str | Path | None) -> Path:
    if out is None and isinstance(results, Results) and results.folder is None:
        raise InputError(Problem("report", "out", None, "these results have no folder; name one for the report"))
    return writable(Path(out) if out is not None else folder)


def check_parameters(notebook: Path, given: Mapping[str, Any]) -> None:
    """Refuse parameters that the notebook's cell does not declare: papermill would only log them and run with the
    defaults.
    """
    import papermill

    known = list(papermill.inspect_notebook(str(notebook)))
    problems = [
        Problem(notebook.name, name, None, f"is not a parameter{suggest(name, known)}")
        for name in given
        if name not in known
    ]
    if problems:
        raise InputError(problems)


def _made(source: Path, executed: Path, given: Mapping[str, Any], view: View) -> Path:
    """Execute a notebook and write it and its page."""
    from simsim.experiments.store import write_bytes
    from simsim.report.page import body_of, skeleton

    check_parameters(source, given)
    notebook = execute(source, executed, given)
    page = executed.with_suffix(".html")
    title = f"{view.say('report.title')}: {view.results.manifest.get('name', '')}"
    write_bytes(skeleton(body_of(notebook), title, view.lang, view.say("contents")).encode(), page)
    return page


def execute(source: Path, executed: Path, given: Mapping[str, Any]) -> Any:
    """Run a notebook with this Python, whatever kernels are installed; ReportError names the cell that failed."""
    import papermill

    with _own_kernel() as kernel:
        try:
            notebook = papermill.execute_notebook(
                str(source),
                str(executed),
                dict(given),
                kernel_name=kernel,
                progress_bar=False,
                log_output=False,
                cwd=str(Path.cwd()),
            )
        except papermill.PapermillExecutionError as error:
            raise ReportError(
                f"{executed.name}: cell {error.exec_count} failed: {error.ename}: {error.evalue}; see {executed}"
            ) from None
    return notebook


@contextmanager
def _own_kernel() -> Iterator[str]:
    """Offer a kernel that is this Python with this simsim, and keep a user's start-up files and history out of it."""
    with TemporaryDirectory() as folder:
        spec = Path(folder) / "kernels" / KERNEL
        spec.mkdir(parents=True)
        path = os.pathsep.join(filter(None, (str(PACKAGE.parent), os.environ.get("PYTHONPATH"))))
        argv = [
            sys.executable,
            "-m",
            "ipykernel_launcher",
            "-f",
            "{connection_file}",
            "--HistoryManager.enabled=False",
            "--log-level=40",
        ]
        content = {
            "argv": argv,
            "display_name": "Python 3",
            "language": "python",
            "env": {"PYTHONPATH": path, "MPLBACKEND": "agg"},
        }
        (spec / "kernel.json").write_text(json.dumps(content), encoding="utf-8")
        with _environment(
            JUPYTER_PATH=folder,
            JUPYTER_RUNTIME_DIR=folder,
            IPYTHONDIR=folder,
            JUPYTER_PLATFORM_DIRS="1",
            PYDEVD_DISABLE_FILE_VALIDATION="1",
        ):
            yield KERNEL


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    """Set environment variables for a while."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


class Page:
    """What the cells of a report notebook call: every method shows a piece of the page, in the page's language."""

    def __init__(
        self, folder: Results | str | Path, lang: str = "en", focus: str = "", seeds: Sequence[int] = ()
    ) -> None:
        self.view = View.of(folder, lang, focus=focus or None, seeds=seeds)
        self.say: Words = self.view.say

    def opening(self, kind: str = "comparison") -> None:
        """Show title, what was run, that the district is synthetic, and what failed.

        The report of one scenario goes on with that scenario and the base alone.
        """
        from simsim.report.page import Safe, joined, tag
        from simsim.report.tables import sources

        self.view = self.view if kind == "comparison" else self.view.alone()
        view, say = self.view, self.say
        from simsim.report.tables.equity import idle

        names = {
            "focus": view.title(view.focus),
            "base": view.title(view.base),
            "district": sources.district_label(view),
        }
        run = say("opening.run", n=view.n, scenarios=len(view.scenarios), first=view.first, last=view.last)
        parts = [
            tag("h1", say(f"opening.{kind}", **names)),
            tag("p", say(f"opening.{kind}.lead", **names), "lead"),
            tag("p", run, "run"),
        ]
        parts.append(tag("p", Safe(say.html("synthetic.banner", district=names["district"])), "banner"))
        failed = sources.failures(view)
        if len(failed):
            parts.append(tag("p", say("opening.failed", n=len(failed)), "failed"))
        self._show(joined([*parts, idle(view)]))

    def contents(self) -> None:
        """Mark the place where the page will list its sections."""
        from simsim.report.page import TOC

        self._show(TOC)

    def section(self, key: str, **values: Any) -> None:
        """Show a heading and what the section is about."""
        from simsim.report.page import Safe, heading, joined, tag

        names = {
            "focus": self.view.title(self.view.focus),
            "base": self.view.title(self.view.base),
            "last": self.view.last,
            "middle": self.view.middle,
        }
        body = Safe(self.say.html(f"{key}.text", **(names | values)))
        self._show(joined([heading(key, self.say(f"{key}.heading")), tag("p", body)]))

    def figure(self, name: str, *args: Any) -> None:
        """Draw a figure, with a note on how to read it; or say why there is nothing to draw."""
        from simsim.report.figures.catalogue import FIGURES, missing
        from simsim.report.page import Safe, image, tag

        nothing = missing(self.view, name)
        if nothing:
            self._show(tag("p", self.say(nothing), "quiet"))
        else:
            note = Safe(
                self.say.html(
                    f"note.{name}",
                    n=self.view.n,
                    base=self.view.title(self.view.base),
                    focus=self.view.title(self.view.focus),
                )
            )
            self._show(image(FIGURES[name](self.view, *args), note))

    def table(self, name: str) -> None:
        """Show a table, or say why there is nothing to show."""
        from simsim.report.figures.catalogue import missing
        from simsim.report.page import tag
        from simsim.report.tables import cards as report_cards
        from simsim.report.tables import differences as report_tables
        from simsim.report.tables import equity as report_people
        from simsim.report.tables import outlook as report_outlook
        from simsim.report.tables import plan as report_plan
        from simsim.report.tables import sources as report_sources

        nothing = missing(self.view, name)
        modules = (report_tables, report_plan, report_people, report_outlook, report_sources)
        tables = {"cards": report_cards.cards} | {
            key: make for module in modules for key, make in module.TABLES.items()
        }
        content = tag("p", self.say(nothing), "quiet") if nothing else tables[name](self.view)
        self._show(content)

    def text(self, key: str) -> None:
        """Show a paragraph of the catalogue."""
        from simsim.report.page import Safe, tag

        self._show(tag("p", Safe(self.say.html(key))))

    @staticmethod
    def _show(content: str) -> None:
        from IPython.display import HTML, display

        display(HTML(content))
