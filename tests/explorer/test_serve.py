"""The page asks for nothing from elsewhere, and a port that is taken is refused."""

from __future__ import annotations

import os
import socket

import pytest

from simsim.explorer import serve
from simsim.inputs.errors import InputError


def test_a_port_that_is_taken_is_refused_with_its_remedy():
    with socket.socket() as taken:
        taken.bind((serve.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match="name another one"):
            serve._port(port)
    assert serve._port(None) > 0


def test_a_scenario_that_is_none_is_refused_before_anything_is_served():
    with pytest.raises(InputError, match="did you mean plan"):
        serve.serve("plam", browser=False)


def test_the_page_offers_no_address_of_another_machine(tmp_path):
    with serve._templates(tmp_path):
        page = (tmp_path / "voila" / "templates" / serve.TEMPLATE / "index.html.j2").read_text("utf-8")
        assert os.environ["JUPYTER_PATH"].startswith(str(tmp_path))
    assert 'src="http' not in page and 'href="http' not in page and "notebook_css" in page
    assert "'self'" in serve.POLICY and "http:" not in serve.POLICY
