"""The stage of a row is read from what names one alone; what names two tells none."""

from __future__ import annotations

from simsim.tables.stages import stage_of


def test_a_title_of_two_stages_tells_none():
    assert stage_of(["小学、初中资源配置", "2024年某区小学"]) == "primary" and stage_of(["小学、初中"]) == ""


def test_a_title_in_traditional_characters_names_both_stages_and_so_none():
    assert stage_of(["小學、初中資源配置基本情況"]) == "" and stage_of(["小學"]) == "primary"
