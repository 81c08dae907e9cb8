"""What an experiment is made from: the digests of code and inputs, and the versions of what makes the numbers."""

from __future__ import annotations

import inspect
import platform
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from simsim.conditioning.numbers import factual_scenario
from simsim.districts.files import DistrictData
from simsim.experiments.manifest import digest
from simsim.inputs import parameters
from simsim.inputs.defaults import country
from simsim.inputs.documents import Draft
from simsim.inputs.paths import PACKAGE, resource
from simsim.policy import find
from simsim.scenarios.scenario import Scenario

LIBRARIES = ("simsim", "mesa", "numpy", "pandas", "scipy", "pyarrow", "pydantic", "joblib")
RUN = (
    "base", "inputs", "districts", "world", "rules", "record", "policy.py", "actions.py", "policies", "scenarios",
    "year.py", "conditioning", "district.py", "experiments/worker.py", "experiments/shared_years.py",
    "experiments/memory.py", "experiments/packing.py", "experiments/parts.py", "experiments/store.py",
    "experiments/__init__.py", "__init__.py",
)  # fmt: skip
"""The wings and files that a run loads. Nothing else reaches a result: what reads results may change meanwhile."""


def code_digest(scenarios: Iterable[Scenario] = (), districts: Iterable[DistrictData] = ()) -> str:
    """Return the digest of all code that a run of these scenarios can execute, other packages' policies included: those
    of the factual scenarios as well, with which the worlds of these districts are solved.
    """
    once = {id(data): data for data in districts}  # read for every scenario, the same district would take seconds
    factual = [factual_scenario(data) for data in once.values() if data.factual is not None]
    return digest(_own_code() | _foreign_policies([*scenarios, *factual]))


@cache
def _own_code() -> dict[str, str]:
    """Return the digests of simsim's own code, read once: what this process runs, even if a file changes meanwhile."""
    return code_of(PACKAGE)


def code_of(package: Path) -> dict[str, str]:
    """Return a digest for each module of simsim that a run loads, by its path in the package."""
    places = [package / name for name in RUN]
    files = [path for place in places for path in (place.rglob("*.py") if place.is_dir() else [place])]
    return {path.relative_to(package).as_posix(): digest(path.read_bytes().replace(b"\r\n", b"\n")) for path in files}


def _foreign_policies(scenarios: Iterable[Scenario]) -> dict[str, str]:
    """Return a digest for each policy used that is not simsim's own."""
    used = {i.policy for scenario in scenarios for i in getattr(scenario, "instances", ())}
    return {
        name: digest(_source(find(name))) for name in sorted(used) if not find(name).__module__.startswith("simsim.")
    }


def _source(cls: type) -> str:
    """Return the file of a class; for one typed into a notebook, the source of its functions."""
    try:
        return Path(str(inspect.getsourcefile(cls))).read_text(encoding="utf-8")
    except (TypeError, OSError):
        return "".join(inspect.getsource(f) for f in vars(cls).values() if inspect.isfunction(f))


def versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that make the numbers."""
    return {"python": platform.python_version()} | {name: _version(name) for name in LIBRARIES}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def district_digest(data: DistrictData) -> str:
    """Return the digest of everything a district's files say, of the year as of which, and of the factual scenario
    that its worlds are solved with.
    """
    factual = None if data.factual is None else factual_scenario(data).digest
    return digest({"files": data.digest, "country": country(data.spec), "factual": factual})


def inputs_of(scenarios: Sequence[Scenario], districts: Mapping[str, DistrictData], to: int, fixed: bool) -> Draft:
    """Return the digests of everything that a run's results depend on, besides its seed and the code."""
    numbers = {name: [p.value, p.low, p.high, p.kind, p.role, p.rule] for name, p in parameters.load().items()}
    standards = {
        path.name: digest(path.read_bytes()) for path in sorted((resource("parameters") / "standards").glob("*.yaml"))
    }
    return {
        "scenarios": {scenario.name: scenario.digest for scenario in scenarios},
        "districts": {name: district_digest(data) for name, data in districts.items()},
        "parameters": digest(numbers),
        "standards": digest(standards),
        "to": to,
        "fixed_parameters": fixed,
    }
