"""A policy in somebody's package, written before simsim had wings, runs as it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

POLICY = '''
"""Written for simsim 0.1: imports from simsim, simsim.policy, simsim.district, simsim.year and simsim.actions only."""

import numpy as np

import simsim
from simsim.actions import add_posts, fill_openings, open_school, place_pupils
from simsim.district import District
from simsim.policy import Policy, PolicySettings, setting
from simsim.year import YEAR

PHASES = [name for name, _ in YEAR]


class VillageSchool(Policy):
    """A small school opens, some neighbours change to it, and vacant posts are filled."""

    name = "village_school"
    title = {"zh": "村小", "en": "Village school"}
    rates = ("staff/exit",)

    class Settings(PolicySettings):
        """Its key, and how many change."""

        key: int = setting(900, unit="school key", ge=1)
        share: float = setting(0.01, unit="share of primary pupils", ge=0, le=1)

    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        self.opened = False

    def rate(self, name, district):
        return 0.9

    def build(self, district: District):
        if not self.opened:
            first = district.open_schools[0]
            words = {"zh": "村小", "en": "Village school"}
            place = first.x_km, first.y_km
            open_school(district, self.settings.key, words, "primary", place, (6, 0), {"books": 500.0})
            self.opened = True

    def admit(self, district):
        students = district.students
        primary = np.flatnonzero((students.grade > 1) & (students.grade < 6))
        change = district.chance(self.stream("changes"), students.id[primary], self.settings.share)
        place_pupils(district, primary[change], self.settings.key)
        self.touched += int(change.sum())

    def staff(self, district):
        add_posts(district, 5)
        fill_openings(district, 1.0, 1.0)

    def settle(self, district):
        district.spend(self.id, "running", 1000.0, self.measure)


assert simsim.Policy is Policy and "admit" in PHASES
'''

RUN = """
import simsim
policies = {"v": {"policy": "village_school", "from": "2015-09-01"}}
district = simsim.District({"name": "village", "extends": "baseline", "policies": policies}, seed=1).run(to=2016)
(policy,) = (policy for policy in district.policies if policy.id == "v")
costs = district.tables()["costs"]
print(type(policy).__module__, policy.touched > 0, 900 in district.schools, costs[costs.instance == "v"].value.tolist())
"""


def installed(folder: Path) -> dict[str, str]:
    """Lay a package out as an installer does, and return the environment of a process that finds it."""
    (folder / "village.py").write_text(POLICY, encoding="utf-8")
    info = folder / "village-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: village\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[simsim.policies]\nschool = village:VillageSchool\n", encoding="utf-8")
    return os.environ | {"PYTHONPATH": os.pathsep.join((str(folder), str(ROOT)))}


@pytest.mark.slow
def test_a_policy_written_before_the_wings_runs_unchanged(tmp_path):
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", RUN]
    done = subprocess.run(command, cwd=tmp_path, env=installed(tmp_path), capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("village True True [1000.0, 1000.0]\n", "")


@pytest.mark.slow
def test_the_names_it_uses_that_moved_are_said_once_where_it_imports_them(tmp_path):
    command = [sys.executable, "-W", "default", "-c", "import village"]
    done = subprocess.run(command, cwd=tmp_path, env=installed(tmp_path), capture_output=True, text=True)
    said = [line for line in done.stderr.splitlines() if "DeprecationWarning: simsim" in line]
    assert len(said) == 1 and "village.py" in said[0] and "simsim.actions.fill_vacated" in said[0]
