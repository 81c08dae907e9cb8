"""Families: what is drawn once about a child, the same in every world where the child exists."""

from __future__ import annotations

import numpy as np

from simsim.base.arrays import Columns, Floats, Ints, Mask, Rows
from simsim.world.world import World

EVER = 0
"""The year of draws that are made once in a life."""


def traits(world: World, ids: Ints, places: Rows, migrant: Mask) -> Columns:
    """Draw the lasting traits of children `ids` (n, sorted) who live in neighbourhood rows `places` (n).

    SES has SD 1 over the district: neighbourhoods differ as in neighbourhoods.csv, children within them by the rest.
    """
    p, places_of = world.p, world.neighbourhoods
    within = np.sqrt(max(0.0, 1.0 - p["ses_between_school_share"]))
    angle = 2.0 * np.pi * world.uniform("family/direction", ids, EVER)
    away = places_of.radius_km[places] * np.sqrt(world.uniform("family/distance", ids, EVER))
    between = np.sqrt(p["ses_between_school_share"]) * places_of.standing[places]
    ses = (
        between + within * world.normal("family/ses", ids, EVER) - p["migrant_ses_gap"] * (migrant - p["migrant_share"])
    )
    need = world.uniform("family/disabled", ids, EVER)
    one, two = world.uniform("family/luck", ids, EVER), world.uniform("family/class-draw", ids, EVER)
    return {
        "id": ids,
        "female": one < p["girls_share"],
        "neighbourhood": places_of.key[places],
        "home_x": places_of.x_km[places] + away * np.cos(angle),
        "home_y": places_of.y_km[places] + away * np.sin(angle),
        "ses": ses,
        "migrant": migrant,
        "entitled": ~migrant | world.chance("family/entitled", ids, p["migrant_entitled_share"], EVER),
        "disabled": need < p["disability_prevalence"],
        "severity": np.where(need < p["disability_prevalence"], need / (p["disability_prevalence"] or 1.0), 0.0),
        "poor": poverty(world, ids, ses),
        "class_draw": two,
    }


def poverty(world: World, ids: Ints, ses: Floats) -> Mask:
    """Return who is poor (n): `poverty_share` of all, three times
    as likely in the lower half of SES as in the upper.
    """
    share = world.p["poverty_share"]
    return world.chance("family/poor", ids, np.where(ses < 0.0, 1.5 * share, 0.5 * share), EVER)


def entry_knowledge(world: World, ids: Ints, places: Rows, ses: Floats, migrant: Mask) -> Floats:
    """Return K on entry to the first grade (n, SD): SES, migration, what a neighbourhood
    shares beyond SES, and the child's own.
    """
    p = world.p
    own = world.normal("family/entry", ids, EVER) * sd_entry(p)
    migration = p["m0_migrant_entry_gap"] * (migrant - p["migrant_share"])
    knowledge: Floats = p["b0_ses_entry"] * ses - migration + shared_start(world)[places] + own
    return knowledge


def shared_start(world: World) -> Floats:
    """Return what children of each neighbourhood share on entry beyond SES (n, SD): more
    where SES is high, alike within a subdistrict.
    """
    p, places = world.p, world.neighbourhoods
    alone = world.normal("family/neighbourhood", places.key.astype(np.int64), EVER)
    together = world.normal("family/area", places.area.astype(np.int64), EVER)
    area, corr = p["unobs_area_share"], p["unobs_ses_corr"]
    luck = np.sqrt(area) * together + np.sqrt(1.0 - area) * alone
    start: Floats = np.sqrt(p["unobs_between_school_share"]) * (corr * places.standing + np.sqrt(1.0 - corr**2) * luck)
    return start


def variance_of_knowledge(p: dict[str, float]) -> float:
    """Return var(K) for which an observed score has variance 1: reliability, less what is gone next year."""
    return p["test_reliability"] - (1.0 - p["lam_persist"]) ** 2 * variance_of_teaching(p)


def variance_of_teaching(p: dict[str, float]) -> float:
    """Return the variance of yearly value added over classes (SD^2): team, school, principal, class shock, drift."""
    return (
        p["sd_teacher_composite"] ** 2 + p["sd_school_resid"] ** 2 + p["sd_principal"] ** 2 + p["sd_class_shock"] ** 2
    )


def sd_entry(p: dict[str, float]) -> float:
    """Return sd(u), solved so that K has its variance on entry."""
    migrants = p["migrant_share"] * (1.0 - p["migrant_share"]) * p["m0_migrant_entry_gap"] ** 2
    together = (
        2.0
        * p["b0_ses_entry"]
        * p["unobs_ses_corr"]
        * np.sqrt(p["ses_between_school_share"] * p["unobs_between_school_share"])
    )
    explained = p["b0_ses_entry"] ** 2 + migrants + p["unobs_between_school_share"] + together
    return float(np.sqrt(max(variance_of_knowledge(p) - explained, 0.0)))


def sd_growth(p: dict[str, float], years: float) -> float:
    """Return sd(eta), solved so that K keeps its variance from grade to grade.

    The covariance of K with SES is taken at the middle grade, after so many `years`; what schools add to K until then
    enters the same way.
    """
    rho, lam, b = p["rho_K"], p["lam_persist"], p["b_g_ses_annual"]
    with_ses = p["b0_ses_entry"] * rho**years + b * (1.0 - rho**years) / (1.0 - rho)
    lasting = (
        p["sd_school_resid"] ** 2
        + p["sd_principal"] ** 2
        + (p["corr_teacher_school_ses_init"] * p["sd_teacher_composite"]) ** 2
    )
    with_school = lam * lasting * (1.0 - rho**years) / (1.0 - rho)
    gained = b**2 + 2 * rho * b * with_ses + lam**2 * variance_of_teaching(p) + 2 * rho * lam * with_school
    return float(np.sqrt(max((1.0 - rho**2) * variance_of_knowledge(p) - gained, 0.0)))
