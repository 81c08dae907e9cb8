"""A correction shared over parameters: exact conditioning of a Gaussian (Matheron's rule) on the expected path.

theta + C H' (H C H' + R)^-1 (t + e - f(theta)): C holds the variances of the priors, H is the Jacobian of what the path
expects, R the variance of the soft facts and e a draw of their error; a published total has neither.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from simsim.base.arrays import Floats
from simsim.base.streams import Streams
from simsim.conditioning.path import INFLOW, SHARED, Path, named, vector
from simsim.districts.factual import Factual
from simsim.inputs.parameters import Parameter

STEP = 0.01
"""Step of the numeric Jacobian, as a share of a parameter's range."""
VARIANCE_OF_TRIANGLE = 18.0


def shared(
    path: Path, factual: Factual, drawn: Mapping[str, float], priors: Mapping[str, Parameter], streams: Streams
) -> dict[str, float]:
    """Return the shared parameters by name, nearest to what was drawn in the sense of their priors, whose path ends at
    the published pupils.

    Where in-migration would fall below its range it is put on the lower end, and the others take the rest.
    """
    widths = np.array([_width(priors.get(name)) for name in SHARED])
    variances = np.array([_variance(priors.get(name)) for name in SHARED])
    values = _conditioned(path, factual, vector(drawn), variances, widths, streams)
    prior, inflow = priors.get(INFLOW), SHARED.index(INFLOW)
    if prior is not None and prior.low is not None and values[inflow] < prior.low:
        start = vector(drawn)
        start[inflow], variances[inflow] = prior.low, 0.0
        values = _conditioned(path, factual, start, variances, widths, streams)
    return named(values)


def _conditioned(
    path: Path, factual: Factual, start: Floats, variances: Floats, widths: Floats, streams: Streams
) -> Floats:
    """Return the conditioned parameters: on all facts, then once more on the published total alone."""
    zero = np.zeros(1, np.int64)
    sd = np.array([0.0, *(fact.sd for fact in factual.soft)])
    error = [0.0, *(streams.normal(f"conditioning/{fact.name}", 0, zero)[0] for fact in factual.soft)]
    target = np.array([factual.pupils, *(fact.value for fact in factual.soft)])
    values = _step(path, factual, start, variances, widths, target + sd * np.array(error), sd)
    return _step(path, factual, values, variances, widths, target[:1], sd[:1])


def _step(
    path: Path, factual: Factual, start: Floats, variances: Floats, widths: Floats, target: Floats, sd: Floats
) -> Floats:
    """Return the parameters after one step of conditioning on the first facts, as many as there are targets."""
    n = len(target)
    here = expected(path, factual, start)[:n]
    jacobian = np.zeros((n, len(start)))
    for place in np.flatnonzero((variances > 0) & (widths > 0)):
        moved = start.copy()
        moved[place] += STEP * widths[place]
        jacobian[:, place] = (expected(path, factual, moved)[:n] - here) / (STEP * widths[place])
    spread = variances[:, None] * jacobian.T
    gain: Floats = spread @ np.linalg.pinv(jacobian @ spread + np.diag(sd**2), hermitian=True)
    moved_to: Floats = start + gain @ (target - here)
    return moved_to


def expected(path: Path, factual: Factual, values: Floats) -> Floats:
    """Return what the path expects of every fact: pupils of the published year, then the soft facts."""
    p = named(values)
    rolls = path.rolls(p)
    return np.array([rolls[factual.year].sum(), *(path.fact(fact, rolls, p) for fact in factual.soft)])


def _width(prior: Parameter | None) -> float:
    return 0.0 if prior is None or prior.low is None or prior.high is None else prior.high - prior.low


def _variance(prior: Parameter | None) -> float:
    """Return the variance of a triangular prior; 0 for a parameter that is not drawn."""
    if prior is None or prior.low is None or prior.high is None or not prior.uncertain:
        return 0.0
    low, mode, high = prior.low, prior.value, prior.high
    return (low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / VARIANCE_OF_TRIANGLE
