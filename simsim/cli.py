"""The command line: `simsim run`, `compare`, `report`, ... Results on stdout, progress and mistakes on stderr.

Exit codes: 0 done; 1 something failed while running, and what succeeded is kept; 2 the user's mistake, in one message.
Every command stands in `commands/`; everything heavy is imported inside the command that needs it.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Callable, Mapping
from typing import NoReturn

import typer

from simsim.commands import assessment, districts, experiments, new, report, scenarios, studies
from simsim.commands.process import (
    DONE,
    FAILED,
    INTERRUPTED,
    MISTAKE,
    STOPPED,
    able_to_write,
    flushed,
    open_streams,
    reader_is_gone,
    stopped_by_signals,
)
from simsim.inputs.errors import InputError
from simsim.inputs.failures import GONE, explained, not_text, working_folder_is_gone

Commands = Mapping[str, Callable[..., None]]
"""Commands by what is typed, in the order in which --help lists them."""
COMMANDS: Commands = {
    "run": experiments.run,
    "compare": experiments.compare,
    "sensitivity": studies.sensitivity,
    "large-classes": experiments.large_classes,
    "need": experiments.need,
    "report": report.report,
    "explore": report.explore,
    "assess": assessment.assess,
    "hindcast": studies.hindcast,
    "standstill": studies.standstill,
    "check": scenarios.check,
    "list": scenarios.list_,
    "show": scenarios.show,
    "worlds": studies.worlds,
    "verify": experiments.verify,
}
DISTRICT: Commands = {
    "synthesise": districts.synthesise,
    "template": districts.template,
    "import": districts.import_,
    "scale": districts.scale,
    "check": districts.check,
    "fit": districts.fit,
    "calibrate": districts.calibrate,
    "hindcast": districts.hindcast,
}
NEW: Commands = {"policy": new.policy, "scenario": new.scenario, "notebook": new.notebook}

NEW_OBJECTS = 50_000
"""After how many new objects a command looks for garbage: while it loads modules and reads YAML nearly all of them
stay, and looking through them as often as Python does is a sixth of its start.
"""


def group(commands: Commands, says: str) -> typer.Typer:
    """Return the command that offers these commands, and says this about itself."""
    made = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=says)
    for name, function in commands.items():
        made.command(name)(function)
    return made


app = group(COMMANDS, "Simulate a school district.")
app.add_typer(group(DISTRICT, "Build, import, check or fit a district."), name="district")
app.add_typer(group(NEW, "Write a file to start from."), name="new")


def main() -> None:
    """Run the command line; a mistake of the user's is one message and exit code 2, a failure one message and 1.

    A reader that has seen enough (`| head`) is no failure, and nobody to read is none either (`>&-`).
    """
    open_streams()
    able_to_write()
    try:
        with stopped_by_signals():
            app()
    except InputError as error:
        typer.echo(f"{error}\n{GONE}" if working_folder_is_gone() else error, err=True)
        raise SystemExit(MISTAKE) from None
    except UnicodeEncodeError as error:
        typer.echo(not_text(error), err=True)
        raise SystemExit(MISTAKE) from None
    except KeyboardInterrupt:  # before typer, which answers it later on, was ready
        typer.echo(STOPPED, err=True)
        raise SystemExit(FAILED) from None
    except OSError as error:
        typer.echo(f"{type(error).__name__}: {explained(error)}", err=True)
        raise SystemExit(MISTAKE if working_folder_is_gone() else FAILED) from None
    except RuntimeError as error:
        typer.echo(f"{type(error).__name__}: {error}", err=True)
        raise SystemExit(FAILED) from None
    except SystemExit as done:
        if isinstance(done.__context__, BrokenPipeError):  # typer's own answer to a reader that has gone is 1
            raise SystemExit(DONE if reader_is_gone() else FAILED) from None
        if done.code == INTERRUPTED:
            typer.echo(STOPPED, err=True)
            raise SystemExit(FAILED) from None
        raise


def command() -> NoReturn:
    """Be the process of the command line: run it, then leave at once.

    When everything is written and every Python cleanup has run, the process ends without tearing its native threads
    down: now and then one of them (Arrow's, or the pool's) was still alive and aborted a run that had succeeded.
    """
    gc.set_threshold(NEW_OBJECTS)
    code: object = 0
    try:
        main()
    except SystemExit as done:
        code = done.code
    if "joblib.externals.loky" in sys.modules:
        from joblib.externals.loky import get_reusable_executor

        get_reusable_executor(reuse=True).shutdown(wait=True)
    atexit._run_exitfuncs()
    code = code if isinstance(code, int) else FAILED if code else DONE
    os._exit(max(code, flushed()))
