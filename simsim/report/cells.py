"""The cells of a report notebook, run by this process: an engine for papermill that starts no kernel.

A kernel of its own would load simsim a second time and hand every picture over through sockets: a third of the time of
a page.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # slow to load
    from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
    from nbformat import NotebookNode

NAME, CELLS = "simsim", "simsim_report_cells"


class Here:
    """What papermill asks of an engine: run the cells of a notebook in turn, up to the first that fails."""

    @staticmethod
    def nb_kernel_name(nb: NotebookNode, name: str | None = None) -> str:
        """Return the name of the kernel that a notebook declares."""
        return str(name or nb.metadata.kernelspec.name)

    @staticmethod
    def nb_language(nb: NotebookNode, language: str | None = None) -> str:
        """Return the language that a notebook declares."""
        return str(language or nb.metadata.kernelspec.language)

    @staticmethod
    def execute_notebook(nb: NotebookNode, kernel_name: str, **options: object) -> NotebookNode:
        """Run the code cells and keep what they show."""
        with _shell() as shell:
            for number, cell in enumerate((cell for cell in nb.cells if cell.cell_type == "code"), 1):
                cell.execution_count = number
                if not _run(shell, cell):
                    break
        return nb


@contextmanager
def _shell() -> Iterator[InteractiveShell]:
    """Offer an IPython of its own, without history, start-up files or a place in anybody's `__main__`; whoever displays
    something meanwhile reaches it.
    """
    from IPython.core.displaypub import CapturingDisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    before = InteractiveShell._instance  # a notebook from which a report is rendered has one
    with TemporaryDirectory() as folder:
        config = Config({"HistoryManager": {"enabled": False}})
        shell = InteractiveShell(  # type: ignore[no-untyped-call]
            config=config,
            ipython_dir=folder,
            display_pub_class=CapturingDisplayPublisher,
            user_module=ModuleType(CELLS),
            user_ns={},
        )
        InteractiveShell._instance = shell  # type: ignore[assignment]
        try:
            yield shell
        finally:
            InteractiveShell._instance = before
            shell.reset(new_session=False)  # type: ignore[no-untyped-call]


def _run(shell: InteractiveShell, cell: NotebookNode) -> bool:
    """Run a cell, and return whether it went well; its outputs are what it printed and displayed."""
    from nbformat import v4

    output: Callable[..., NotebookNode] = v4.new_output
    written = {"stdout": io.StringIO(), "stderr": io.StringIO()}
    with redirect_stdout(written["stdout"]), redirect_stderr(written["stderr"]):
        result = shell.run_cell(cell.source, store_history=False)  # type: ignore[no-untyped-call]
    failure = result.error_before_exec or result.error_in_exec
    texts = {name: text.getvalue() for name, text in written.items()}
    if failure is not None:
        texts = {"stderr": texts["stderr"]}  # IPython prints the traceback, which has a place of its own
    cell.outputs = [output("stream", name=name, text=text) for name, text in texts.items() if text]
    shown = shell.display_pub.outputs  # type: ignore[attr-defined]
    cell.outputs += [output("display_data", data=one["data"], metadata=one["metadata"]) for one in shown]
    shown.clear()
    if failure is not None:
        cell.outputs.append(output("error", **_told(shell, result, failure)))
    return failure is None


def _told(shell: InteractiveShell, result: ExecutionResult, failure: BaseException) -> dict[str, object]:
    """Return what a notebook keeps of an error."""
    kind, trace = type(failure), failure.__traceback__
    return {
        "ename": kind.__name__,
        "evalue": str(failure),
        "traceback": shell.InteractiveTB.structured_traceback(kind, failure, trace),
    }
