"""A kernel that is this Python with this simsim, for pages that are served."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from simsim.inputs.paths import PACKAGE

KERNEL = "simsim"


@contextmanager
def own_kernel() -> Iterator[str]:
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
        with environment(
            JUPYTER_PATH=folder,
            JUPYTER_RUNTIME_DIR=folder,
            IPYTHONDIR=folder,
            JUPYTER_PLATFORM_DIRS="1",
            PYDEVD_DISABLE_FILE_VALIDATION="1",
        ):
            yield KERNEL


@contextmanager
def environment(**values: str) -> Iterator[None]:
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
