"""Small districts for the tests of principals: instances by id, with a group and an alliance where asked."""

from __future__ import annotations

from simsim.district import District
from simsim.world.schools import Cluster

STAYS = {"principal.leave": 0.001}


def live(
    to: int,
    policies: dict,
    parameters: dict | None = None,
    seed: int = 4,
    start: str = "2015-09-01",
    clusters: bool = False,
) -> District:
    entries = {key: {"policy": name, "from": start, "settings": settings} for key, (name, settings) in policies.items()}
    spec = {"name": "trial", "extends": "baseline", "policies": entries, "parameters": parameters or {}}
    district = District(spec, seed=seed, fixed_parameters=True)
    if clusters:
        make_clusters(district)
    return district.run(to=to)


def make_clusters(district: District) -> None:
    """A group led by school 1 and an alliance of equals."""
    for name, kind, lead, members in (("A", "group", 1, (1, 2, 3)), ("B", "alliance", None, (4, 5))):
        cluster = Cluster(district, name, kind, district.schools[lead] if lead else None, 2015)
        for key in members:
            cluster.join(district.schools[key])
        district.clusters.append(cluster)


def series(district: District, name: str) -> dict[int, float]:
    table = district.tables()["district_year"]
    mine = table[(table.indicator == name) & (table.group == "all")]
    return dict(zip(mine.year, mine.value, strict=True))


def at(district: District, year: int) -> District:
    district.year = year
    return district
