"""What can be taken away: the scenario as YAML, as Python, and as a command."""

from __future__ import annotations

from pprint import pformat

from simsim.explorer.state import EXPLORED, Explorer
from simsim.inputs.run_limits import last_year_of
from simsim.inputs.yamlfile import yaml_text

SEEDS = 30
"""What is taken away runs as many worlds as an experiment does by default."""


def as_yaml(state: Explorer) -> str:
    """Return the current scenario as the content of a scenario file."""
    return yaml_text(_plain(state), width=100)


def as_python(state: Explorer) -> str:
    """Return a program that runs the current scenario against its reference."""
    place = f", district={state.place!r}" if state.place else ""
    to = "" if state.to == _usual(state) else f", to={state.to}"
    return (
        "import simsim\n\n"
        f"scenario = {pformat(_plain(state), sort_dicts=False, width=100)}\n"
        f'experiment = simsim.Experiment(["{state.against}", scenario], seeds={SEEDS}{to}{place})\n'
        "results = experiment.run(jobs=2)\n"
        f'results.paired("{EXPLORED}", "{state.against}", "{state.indicator}", "{state.stage}", "all", {state.year})\n'
    )


def as_command(state: Explorer) -> str:
    """Return lines for a shell that write the scenario, run it against its reference and make the report."""
    place = f" --district '{state.place}'" if state.place else ""
    to = "" if state.to == _usual(state) else f" --to {state.to}"
    return (
        f"cat > {EXPLORED}.yaml <<'END'\n{as_yaml(state)}END\n"
        f"simsim run {state.against} {EXPLORED}.yaml --seeds {SEEDS}{to}{place} --out outputs/{EXPLORED}\n"
        f"simsim report outputs/{EXPLORED} --lang {state.lang}\n"
    )


def _usual(state: Explorer) -> int:
    return last_year_of(None, [state.data])


def _plain(state: Explorer) -> dict[str, object]:
    """Return the scenario as plain data: YAML knows no mapping but dict."""
    found = _dict(state.draft())
    assert isinstance(found, dict)
    return found


def _dict(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _dict(item) for key, item in value.items()}
    return [_dict(item) for item in value] if isinstance(value, list | tuple) else value
