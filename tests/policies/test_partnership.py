"""University partners: an effect that grows, lasts and fades, and is paid while it lasts."""

from __future__ import annotations

import pytest

from simsim.district import District
from simsim.inputs.errors import InputError
from tests.trials import live, spent

PARTNERS = {"schools": [1, 7], "effect": 0.06, "ramp_years": 3, "fade_years": 2, "cost": 100_000}


def programs(district: District) -> dict[int, float]:
    return {part.key: part.program for part in district.parts}


@pytest.mark.slow
def test_a_partnership_grows_lasts_and_fades_and_is_paid_while_it_lasts():
    district = live(2014, {"partnership": PARTNERS | {"years": 4}})
    effect = []
    for _ in range(8):
        district.step()
        effect.append(programs(district)[1])
        assert programs(district)[7] == effect[-1] and sum(programs(district).values()) == pytest.approx(2 * effect[-1])
    assert effect == pytest.approx([0.02, 0.04, 0.06, 0.06, 0.04, 0.02, 0.0, 0.0])
    assert spent(district, "partnership") == dict.fromkeys(range(2015, 2019), 200_000)
    assert district.policies[0].touched == 8


def test_the_effect_of_a_partnership_outlasts_the_end_of_its_instance():
    instance = {
        "policy": "partnership",
        "from": "2015-09-01",
        "to": "2016-09-01",
        "settings": PARTNERS | {"ramp_years": 1},
    }
    district = District({"name": "trial", "extends": "baseline", "policies": {"G": instance}}, seed=5).run(to=2016)
    assert programs(district)[1] == pytest.approx(0.04)
    assert spent(district, "G") == {2015: 200_000}


def test_a_partnership_may_take_the_schools_that_monitoring_marked():
    district = live(2016, {"monitoring": {}, "partnership": {"supported": 2, "effect": 0.03, "ramp_years": 1}})
    helped = {key for key, value in programs(district).items() if value}
    assert len(helped) == 2 and spent(district, "partnership") == dict.fromkeys((2015, 2016), 200_000)
    alone = live(2016, {"partnership": {"supported": 2}})
    assert not any(programs(alone).values()) and alone.policies[0].touched == 0


def test_a_partner_that_is_not_there_is_an_error():
    with pytest.raises(InputError, match="888: is not a school"):
        live(2014, {"partnership": {"schools": [888]}})
