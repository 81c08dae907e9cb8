"""Models of input files take every value for what it is."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import BaseModel, Field, ValidationError

from simsim.inputs.exact import FLAG, NUMBER, Exact


class Inner(BaseModel):
    striving: bool = False
    month: int = 1


class Model(Exact):
    share: float | None = None
    years: int = 1
    tracked: bool = True
    word: str = ""
    keys: tuple[int, ...] = ()
    by_name: dict[str, float] = {}
    inner: Inner = Inner()
    parts: tuple[Inner, ...] = ()
    given: int = Field(1, alias="from")


@pytest.mark.parametrize(
    ("given", "place", "remedy"),
    [
        ({"share": True}, ("share",), NUMBER),
        ({"share": "0.1"}, ("share",), NUMBER),
        ({"years": True}, ("years",), NUMBER),
        ({"years": "3"}, ("years",), NUMBER),
        ({"tracked": 1}, ("tracked",), FLAG),
        ({"tracked": "yes"}, ("tracked",), FLAG),
        ({"keys": [1, "2"]}, ("keys", 1), NUMBER),
        ({"by_name": {"a": "2"}}, ("by_name", "a"), NUMBER),
        ({"inner": {"striving": "no"}}, ("inner", "striving"), FLAG),
        ({"parts": [{}, {"month": True}]}, ("parts", 1, "month"), NUMBER),
        ({"from": "2"}, ("from",), NUMBER),
    ],
)
def test_text_and_yes_are_no_numbers_and_numbers_no_flags_however_deep(given, place, remedy):
    with pytest.raises(ValidationError) as caught:
        Model.model_validate(given)
    error = caught.value.errors()[0]
    assert error["loc"] == place and remedy in error["msg"]
    with pytest.raises(ValidationError):
        Model(**given)


def test_whole_numbers_are_numbers_and_numpy_scalars_are_what_they_hold():
    model = Model(share=1, years=np.int64(2), tracked=np.bool_(False), keys=[np.int32(4)], by_name={"a": np.float32(2)})
    assert (model.share, model.years, model.tracked, model.keys, model.by_name) == (1.0, 2, False, (4,), {"a": 2.0})
    assert type(model.years) is int


def test_a_flag_in_numpy_is_no_number():
    with pytest.raises(ValidationError, match="without quotes"):
        Model(share=np.bool_(True))


def test_a_model_that_was_read_is_taken_as_it_is():
    one = Model(share=0.5)
    assert Model.model_validate(one) == one
