"""Teachers leave and change schools; posts grow. Titles are in titles.py; hiring comes after, in hiring.py."""

from __future__ import annotations

import numpy as np

from simsim.base.arrays import Floats, Ints, Mask, Rows
from simsim.base.codes import FIRST, STAGES, SUBJECT_GROUPS
from simsim.base.geometry import distance_km
from simsim.base.matching import in_turn
from simsim.base.rows import ranked
from simsim.base.streams import gumbel
from simsim.world.schools import Part
from simsim.world.staff import age
from simsim.world.teachers import SEPTEMBER_INDEX, team_weight
from simsim.world.world import World

RETIREMENT, EXIT, GROWTH = range(3)
NONE = -1
EXIT_AGES = (30, 40, 50)
EXIT_RATES = ("exit_u30", "exit_30_39", "exit_40_49", "exit_50p_nonretire")


def depart(world: World) -> None:
    """Retire those whose month has come, let others leave the profession, and note the openings."""
    world.vacated[:] = 0
    due = world.teachers.retire_month < world.year * 12 + SEPTEMBER_INDEX
    _open(world, RETIREMENT, due)
    world.flows.dismiss(due, "retirements")
    teachers = world.teachers
    band = np.searchsorted(EXIT_AGES, age(world), side="right")
    hazard = world.rate("staff/exit", np.array([world.p[name] for name in EXIT_RATES])[band])
    exits = world.chance("staff/exit", teachers.id, hazard)
    _open(world, EXIT, exits)
    world.flows.dismiss(exits, "exits")
    release_homeless(world)


def release_homeless(world: World) -> None:
    """Give a home to teachers whose home school no longer teaches their stage: the school where they work."""
    teachers = world.teachers
    lost = world.parts.place[teachers.stage, teachers.home] < 0
    teachers.home[lost] = teachers.post[lost]


def _open(world: World, why: int, leaving: Mask) -> None:
    """Count the openings that public teachers leave behind, by stage and subject group."""
    teachers = world.teachers
    rows = leaving & teachers.public
    np.add.at(world.vacated[why], (teachers.stage[rows], teachers.subject[rows]), 1)


def add_posts(world: World) -> None:
    """Add public posts at the fitted yearly rate, shared like the posts there are unless a policy levels them."""
    p = world.p
    if world.year > p["posts_growth_until"]:
        return
    posts = int(world.parts.posts[world.parts.public].sum())
    n = world.streams.whole("staff/posts", world.year, np.zeros(1, np.int64), p["posts_growth"] * posts)
    levelled = world.instructions.level_growth or p["structure.growth_levelled"]
    (spread_posts if levelled else share_posts)(world, int(n[0]))


def share_posts(world: World, n: int) -> None:
    """Add `n` public posts: to the stages by need, one by one where most pupils share a post measured by the stage's
    own mean of the first year, and inside a stage in proportion to the posts that schools have.

    A school that is just opening is staffed by the policy that opens it.
    """
    parts = world.parts
    mine = parts.public & ~parts.opening
    rolls, posts = parts.rolls(), parts.posts.sum(axis=1)
    stages = [stage for stage in world.system.stages if posts[mine & (parts.stage == stage)].sum()]
    need = np.array([rolls[mine & (parts.stage == stage)].sum() / world.pupils_per_post[stage] for stage in stages])
    held = np.array([posts[mine & (parts.stage == stage)].sum() for stage in stages], dtype=float)
    added = np.zeros(len(stages), np.int64)
    for _ in range(n if stages else 0):
        added[np.argmax(need / (held + added))] += 1
    for stage, more in zip(stages, added.tolist(), strict=True):
        rows, mix = np.flatnonzero(mine & (parts.stage == stage)), parts.post_mix(stage)
        u = world.uniform("staff/posts-where", np.array([stage]))[0]
        for row in in_proportion(rows, posts[rows], more, u).tolist():
            mix[add_post(world, row, mix)] += 1


def in_proportion(rows: Ints, weights: Ints, n: int, u: float) -> Ints:
    """Return `n` of `rows` (k), each as often as its weight says, rounded by one draw `u` (systematic sampling)."""
    upper = np.cumsum(weights)
    drawn: Ints = rows[np.searchsorted(upper, (np.arange(n) + u) / max(n, 1) * upper[-1], side="right")]
    return drawn


def spread_posts(world: World, n: int) -> None:
    """Add `n` public posts one by one where most pupils share a post, measured by
    the stage's own mean of the first year.

    A school that is just opening is staffed by the policy that opens it.
    """
    parts = world.parts
    rows = np.flatnonzero(parts.public & ~parts.opening)
    posts = parts.posts[rows].sum(axis=1).astype(float)
    need = parts.rolls()[rows] / world.pupils_per_post[parts.stage[rows]]
    load, mixes = need / np.maximum(posts, 1.0), [parts.post_mix(stage) for stage in range(len(STAGES))]
    for _ in range(n):
        best = int(np.argmax(load))
        posts[best] += 1
        load[best] = need[best] / np.maximum(posts[best], 1.0)
        stage = int(parts.stage[rows[best]])
        mixes[stage][add_post(world, int(rows[best]), mixes[stage])] += 1


def add_post(world: World, index: int, mix: Ints | None = None) -> int:
    """Add one post to a part, which this year's hiring fills like other growth; return its subject group.

    `mix` is the stage's posts by subject group, for who adds many posts and keeps count.
    """
    part = world.parts[index]
    group = group_short(world, part, mix)
    part.posts[group] += 1
    world.vacated[GROWTH, part.stage, group] += 1
    return group


def group_short(world: World, part: Part, mix: Ints | None = None) -> int:
    """Return the subject group in which a part is furthest below its stage's mix of posts."""
    whole = world.parts.post_mix(part.stage) if mix is None else mix
    shares = [
        (posts + 1) / max(all_posts, 1) for posts, all_posts in zip(part.posts.tolist(), whole.tolist(), strict=True)
    ]
    return shares.index(min(shares))


def move(world: World) -> None:
    """Let public teachers apply elsewhere: more from schools of low standing, more of those with higher titles.

    Who is known to teach well chooses first, and each takes the vacancy it likes best.
    """
    teachers, p = world.teachers, world.p
    status = world.parts.status
    at = world.parts.of_teachers()
    sought = np.exp(p["title_utility"] * (teachers.title - FIRST))
    odds = p["vol_move_base"] / (1.0 - p["vol_move_base"]) * p["vol_move_or_status"] ** status[at] * sought
    hazard = world.rate("staff/voluntary-move", odds / (1.0 + odds))
    free = teachers.public & (teachers.post == teachers.home)
    movers = np.flatnonzero(free & world.chance("staff/voluntary-move", teachers.id, hazard))
    movers = movers[np.argsort(-teachers.monitored[movers], kind="stable")]
    vacant = world.parts.vacancies() * world.parts.public[:, None]
    chosen = choose_posts(world, movers, vacant, at[movers])
    keys = world.parts.key[chosen]
    world.move_teachers(movers[chosen != NONE], keys[chosen != NONE], "voluntary")


def choose_posts(world: World, rows: Ints, vacant: Ints, origin: Rows) -> Ints:
    """Return the part each teacher (rows, in turn) takes: the vacancy it likes best, or -1 when there is none.

    Utility counts the school's standing, the distance from the present school (`origin`, -1 for a newcomer) and a
    keyed taste; `vacant` (parts, groups) is reduced in place and gains what a mover leaves behind.
    """
    teachers, p = world.teachers, world.p
    if not len(rows):
        return np.full(0, NONE)
    x, y = world.parts.x_km, world.parts.y_km
    keys = world.parts.key
    taste = gumbel(world.streams.per_person("staff/taste", world.year, teachers.id[rows], keys))
    liking = p["teacher_u_school"] * world.parts.status + taste
    moving = origin != NONE
    liking[moving] += p["teacher_u_km"] * distance_km(x[origin[moving], None], y[origin[moving], None], x, y)
    stage, group = (teachers.columns[name][rows].astype(np.int64) for name in ("stage", "subject"))
    return in_turn(liking, stage, group, origin.astype(np.int64), world.parts.stage, vacant)


def name_backbones(world: World) -> None:
    """Name as many backbone teachers as the quota of each stage has room for: the first share, raised by policies."""
    teachers = world.teachers
    mine = teachers.public
    people = np.bincount(teachers.stage[mine], minlength=len(STAGES))
    named = np.bincount(teachers.stage[mine & teachers.backbone], minlength=len(STAGES))
    quota = np.broadcast_to(world.rate("staff/backbone-quota", first_share(world)), len(STAGES))
    room = np.maximum(np.rint(quota * people).astype(np.int64) - named, 0)
    name(world, candidates(world), room, "staff/backbone-label", "backbone")


def first_share(world: World) -> Floats:
    """Return the share of backbone teachers by stage (stages) that schools.csv gives for public schools."""
    public = [row for row in world.first_schools if row["ownership"] == "public"]
    named = np.array([sum(row[f"backbone_{stage}"] for row in public) for stage in STAGES], dtype=float)
    columns = [[f"t_{stage}_{group}" for group in SUBJECT_GROUPS] for stage in STAGES]
    staff = np.array([sum(row[column] for row in public for column in mine) for mine in columns], dtype=float)
    share: Floats = named / np.maximum(staff, 1)
    return share


def candidates(world: World) -> Ints:
    """Return the rows of public teachers who may be named backbone:
    with at least the first title and not named before.
    """
    teachers = world.teachers
    return np.flatnonzero(teachers.public & ~teachers.backbone & (teachers.title >= FIRST))


def name(world: World, rows: Ints, counts: Ints, stream: str, column: str) -> Ints:
    """Give the `counts` (stages) best-looking of the candidates (rows) a label,
    `backbone` or `star`; return their rows.

    What is seen of a candidate correlates with effectiveness by `star_label_corr_mu` (Chu et al. 2015: awards say
    little); a label changes no effectiveness.
    """
    teachers, corr = world.teachers, world.p["star_label_corr_mu"]
    own = teachers.mu[rows] / (team_weight(world.p) or 1.0)
    seen = corr * own + np.sqrt(1.0 - corr**2) * world.normal(stream, teachers.id[rows])
    order = rows[ranked(-seen)]
    named = np.concatenate([order[teachers.stage[order] == s][: int(counts[s])] for s in range(len(STAGES))])
    getattr(teachers, column)[named] = True
    return named
