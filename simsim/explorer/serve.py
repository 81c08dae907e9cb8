"""The explorer as a page of its own: Voila on this machine alone, behind a token, without anything from the network."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
import webbrowser
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from simsim.explorer.kernel import environment, own_kernel
from simsim.explorer.state import Explorer
from simsim.inputs.documents import Draft
from simsim.inputs.errors import InputError, Problem
from simsim.report.words import Words

HOST = "127.0.0.1"
FOREIGN = "https://cdn."
TEMPLATE, LAB = "offline", "lab"
ANY_PORT, LAST_PORT = 0, 65535
TOKEN_BYTES = 24
AGAIN = 0.1
IDLE_SECONDS = 1800
POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self' ws://{host}:{port}; "
    "frame-ancestors 'self'"
)
"""What a browser may load: nothing from elsewhere, whatever a widget asks for."""


def serve(
    scenario: str = "plan",
    district: str | None = None,
    port: int | None = None,
    browser: bool = True,
    told: Callable[[str], None] = print,
    **settings: object,
) -> None:
    """Serve the explorer of a scenario until somebody ends it; `told` hears the address, token included.

    InputError for a scenario or district that cannot be read, a port that is taken, and where Voila is not installed.
    """
    Explorer(_absolute(scenario), _place(district), **settings)  # type: ignore[arg-type]  # what is wrong is told here
    _installed()
    number, token = _port(port), os.urandom(TOKEN_BYTES).hex()
    with TemporaryDirectory() as folder, own_kernel() as kernel, _templates(Path(folder)):
        given = {"scenario": _absolute(scenario), "district": _place(district), **settings}
        notebook = _notebook(Path(folder), kernel, given)
        address = f"http://{HOST}:{number}/?token={token}"
        words = Words(str(settings.get("lang", "en")))("explore.address", address=address)
        threading.Thread(target=_tell, args=(number, address, words, browser, told), daemon=True).start()
        with suppress(KeyboardInterrupt):
            _voila(notebook, number, token)


def _tell(port: int, address: str, words: str, browser: bool, told: Callable[[str], None]) -> None:
    """Tell the address once somebody answers there."""
    while True:
        with socket.socket() as found:
            if not found.connect_ex((HOST, port)):
                break
        time.sleep(AGAIN)
    with suppress(BrokenPipeError):  # nobody reads any more
        told(words)
    if browser:
        webbrowser.open(address)


def _voila(notebook: Path, port: int, token: str) -> None:
    """Be the server."""
    from traitlets.config import Config
    from voila.app import Voila

    config = Config()
    config.Voila.ip, config.Voila.port, config.Voila.port_retries = HOST, port, 0
    config.Voila.open_browser = False
    config.Voila.log_level = "WARN"
    config.Voila.tornado_settings = {"headers": {"Content-Security-Policy": POLICY.format(host=HOST, port=port)}}
    config.VoilaConfiguration.template = TEMPLATE
    config.VoilaConfiguration.show_tracebacks = False
    config.MappingKernelManager.cull_idle_timeout = IDLE_SECONDS
    app = Voila.instance(config=config, token=token)
    app.initialize([str(notebook)])
    app.start()


def _installed() -> None:
    for name in ("voila", "ipywidgets"):
        if find_spec(name) is None:
            raise InputError(Problem("explore", name, None, "is not installed; pip install ipywidgets voila"))


def _absolute(scenario: str) -> str:
    """Return a scenario's file with its whole path, and a name as it is."""
    return os.path.abspath(scenario) if scenario.endswith((".yaml", ".yml")) else scenario


def _place(district: str | None) -> str | None:
    return os.path.abspath(district) if district and os.path.isdir(district) else district


def _port(port: int | None) -> int:
    """Return the port asked for if it is free, or any free one; InputError for one that is taken."""
    if port is not None and not ANY_PORT < port <= LAST_PORT:
        raise InputError(Problem("explore", "--port", port, f"must be a number from 1 to {LAST_PORT}"))
    with socket.socket() as found:
        try:
            found.bind((HOST, ANY_PORT if port is None else port))
        except OSError as error:
            remedy = f"cannot be used ({error.strerror}); leave --port out, or name another one"
            raise InputError(Problem("explore", "--port", port, remedy)) from None
        return int(found.getsockname()[1])


def _notebook(folder: Path, kernel: str, given: Mapping[str, object]) -> Path:
    """Write the page's notebook: a single call."""
    call = ", ".join(f"{name}={value!r}" for name, value in given.items())
    source = f"import os\nimport simsim\nos.chdir({os.getcwd()!r})\nsimsim.explore({call})"
    cell: Draft = {"cell_type": "code", "id": "explore", "metadata": {}, "outputs": [], "execution_count": None}
    cell["source"] = source
    spec = {"name": kernel, "display_name": "Python 3", "language": "python"}
    content = {"cells": [cell], "metadata": {"kernelspec": spec}, "nbformat": 4, "nbformat_minor": 5}
    path = folder / "simsim.ipynb"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@contextmanager
def _templates(folder: Path) -> Iterator[None]:
    """Offer Voila's own page without what it would load from elsewhere (icons that the explorer does not use)."""
    target = folder / "voila" / "templates" / TEMPLATE
    target.mkdir(parents=True)
    lines = (_share() / LAB / "index.html.j2").read_text(encoding="utf-8").splitlines()
    (target / "index.html.j2").write_text("\n".join(line for line in lines if FOREIGN not in line), encoding="utf-8")
    (target / "conf.json").write_text(json.dumps({"base_template": LAB}), encoding="utf-8")
    with environment(JUPYTER_PATH=os.pathsep.join([str(folder), os.environ.get("JUPYTER_PATH", "")])):
        yield


def _share() -> Path:
    """Return the folder of Voila's templates."""
    from jupyter_core.paths import jupyter_path

    found = [path for place in jupyter_path("voila", "templates") if (path := Path(place)).joinpath(LAB).is_dir()]
    if not found:
        raise InputError(Problem("explore", "voila", None, "has no templates; install it anew: pip install voila"))
    return found[0]
