"""Reports: a notebook is executed with checked parameters and becomes one HTML page."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import TYPE_CHECKING

from simsim.experiments.manifest import slug, writable
from simsim.experiments.results import Results
from simsim.inputs.errors import InputError, Problem, suggest
from simsim.inputs.paths import path_of, resource
from simsim.inputs.run_limits import true_or_false
from simsim.inputs.whole_files import write_bytes
from simsim.report import cells
from simsim.report.ahead import asked_by, drawing_ahead
from simsim.report.data import write_workbook
from simsim.report.garbage import seldom_collected
from simsim.report.markup import body_of, skeleton
from simsim.report.tables.sources import district_label
from simsim.report.view import View, opened

if TYPE_CHECKING:  # slow to load
    from nbformat import NotebookNode

KINDS = ("comparison", "scenario", "outlook", "teachers", "school")
ONE_PLACE = "school"
"""The kind of page that is of one school or one area."""


class ReportError(RuntimeError):
    """A cell of a report failed; the notebook, as far as it got, is kept for a look."""


def render(
    kind: str,
    results: Results | str | Path,
    lang: str = "en",
    out: str | Path | None = None,
    scenario: str | None = None,
    parameters: Mapping[str, object] | None = None,
    short: bool = False,
) -> Path:
    """Execute the notebook of a report and return its HTML page: `simsim.render("comparison", results, lang="zh")`.

    `results` are Results or the folder of an experiment; both files go to `out`, by default that folder. `scenario` is
    the one told in most detail, `parameters` go to the notebook: the page of one school or area takes `school` or
    `area`. A `short` report has the sections that fit six sheets. ReportError when a cell failed; InputError for
    anything that is not there.
    """  # fmt: skip
    if not isinstance(kind, str) or kind not in KINDS:
        raise InputError(Problem("report", "kind", kind, f"must be one of {', '.join(KINDS)}{suggest(kind, KINDS)}"))
    if parameters is not None and not isinstance(parameters, Mapping):
        raise InputError(Problem("report", "parameters", parameters, "must map names of parameters to values"))
    with _on_disk(results) as (folder, seeds), opened(results if seeds else folder), seldom_collected():
        more, short = dict(parameters or {}), true_or_false("short", short, "report")
        view = View.of(folder, lang, focus=scenario, seeds=seeds, today=str(more.get("today") or ""))
        if kind == ONE_PLACE:
            view = view.only(more.get("school"), more.get("area"))
        target = _target(folder, results, out)
        given: dict[str, object] = {"folder": str(folder.resolve()), "lang": lang, "seeds": seeds, "focus": view.focus}
        given |= more | ({"short": True} if short else {})
        name = (
            f"report-{kind}"
            + (f"-{slug(view.focus)}" if kind == "scenario" else "")
            + (f"-{slug(view.place.key)}" if view.place else "")
            + ("-short" if short else "")
            + ("" if lang == "en" else f".{lang}")
        )
        source = resource("notebooks") / f"report-{kind}.ipynb"
        with drawing_ahead(view.of_kind(kind), [] if short else asked_by(source)):
            return _made(source, target / f"{name}.ipynb", given, view)


def render_experiment(
    folder: str | Path, lang: str = "en", out: str | Path | None = None, short: bool = False
) -> list[Path]:
    """Render what suits an experiment: the comparison, or for a single scenario its own report; past the
    district's last year the outlook as well.

    InputError when it is no experiment or has no finished run, ReportError when a cell failed.
    """
    with opened(folder) as results:
        view = View.of(results, lang)
        kinds = [
            "comparison" if len(view.scenarios) > 1 else "scenario",
            *(["outlook"] if view.looks_ahead else []),
        ]
        return [render(kind, results, lang, out, short=short) for kind in kinds]


@contextmanager
def _on_disk(results: Results | str | Path) -> Iterator[tuple[Path, list[int]]]:
    """Give the folder of results, saving them for a moment when they have none, and the replications that they hold."""
    if not isinstance(results, Results):
        yield path_of(results, "report", "results"), []
    elif results.folder is not None:
        yield results.folder, sorted({seed for name in results.scenarios for seed in results.replications(name)})
    else:
        with TemporaryDirectory() as folder:
            yield results.save(Path(folder) / "results"), []


def _target(folder: Path, results: Results | str | Path, out: str | Path | None) -> Path:
    if out is None and isinstance(results, Results) and results.folder is None:
        raise InputError(Problem("report", "out", None, "these results have no folder; name one for the report"))
    return writable(path_of(out, "report", "out") if out is not None else folder)


def check_parameters(notebook: Path, given: Mapping[str, object]) -> None:
    """Refuse (InputError) parameters that the notebook's cell does not declare: papermill would
    only log them and run with the defaults.
    """
    papermill = _papermill()
    known = list(papermill.inspect_notebook(str(notebook)))
    problems = [
        Problem(notebook.name, name, None, f"is not a parameter{suggest(name, known)}")
        for name in given
        if name not in known
    ]
    if problems:
        raise InputError(problems)


def _made(source: Path, executed: Path, given: Mapping[str, object], view: View) -> Path:
    """Execute a notebook and write it, its page, and beside it the numbers behind figures and tables."""
    page, data = executed.with_suffix(".html"), executed.with_suffix(".data")
    if "data" in _papermill().inspect_notebook(str(source)):
        given = {"data": str(data)} | dict(given)
    check_parameters(source, given)
    notebook = execute(source, executed, given)
    write_workbook(data, view.say("contents"))
    title = titled(executed.stem.split(".")[0], view)
    words = {key: view.say(key) for key in ("contents", "csv", "sort", "annex.paper")}
    write_bytes(skeleton(body_of(notebook), title, view.lang, words).encode(), page)
    return page


def titled(name: str, view: View) -> str:
    """Return the title of the page of a report, as its first heading says it."""
    kind = next(kind for kind in KINDS if name.startswith(f"report-{kind}"))
    place = view.place.name[view.lang] if view.place else ""
    names = {"focus": view.title(view.focus), "base": view.title(view.base), "district": district_label(view)}
    return view.say(f"opening.{kind}", place=place, **names)


def execute(source: Path, executed: Path, given: Mapping[str, object]) -> NotebookNode:
    """Run a notebook in this process, whatever kernels are installed; ReportError names the cell that failed."""
    papermill = _papermill()
    papermill.engines.papermill_engines.register(cells.NAME, cells.Here)
    try:
        notebook: NotebookNode = papermill.execute_notebook(
            str(source), str(executed), dict(given), engine_name=cells.NAME, progress_bar=False
        )
    except OSError as error:
        executed.unlink(missing_ok=True)
        raise type(error)(error.errno, error.strerror, error.filename or str(executed)) from error
    except papermill.PapermillExecutionError as error:
        raise ReportError(
            f"{executed.name}: cell {error.exec_count} failed: {error.ename}: {error.evalue}; see {executed}"
        ) from None
    return notebook


def _papermill() -> ModuleType:
    """Import papermill, without the grammar of internationalised addresses (three seconds) that jsonschema would build
    for a check that no notebook asks for.
    """
    grammar = "rfc3987_syntax"
    left_out = grammar not in sys.modules
    if left_out:
        sys.modules[grammar] = None  # type: ignore[assignment]  # Python's way to say: there is none
    try:
        import papermill
    finally:
        if left_out:
            del sys.modules[grammar]
    library: ModuleType = papermill
    return library
