"""New teachers: how many the district hires each year, and how they come to schools (招聘; T4 of the plan)."""

from __future__ import annotations

from typing import ClassVar, Literal

from simsim import actions
from simsim.policy import Policy, PolicySettings, setting
from simsim.world.world import World


class RecruitmentSettings(PolicySettings):
    """How many are hired, how many posts are added, and who goes where."""

    mode: Literal["match_retirements", "match_posts", "replace_share"] = setting(
        "match_retirements", unit="rule of how many are hired"
    )
    share: float | None = setting(
        None,
        unit="hires per post that retirements and exits open (replace_share)",
        parameter="replacement_rate_baseline",
        ge=0,
        le=1.5,
        only_with={"mode": ("replace_share",)},
    )
    extra_posts: int = setting(0, unit="posts added a year", ge=0, le=500)
    assignment: Literal["choice", "need", "equal"] = setting("choice", unit="rule of who goes where")


class Recruitment(Policy):
    """The year's open recruitment.

    `match_retirements` hires one for each teacher who retired, in the same stage and subject group, and nobody for
    those who left earlier; `match_posts` fills every post that nobody holds; `replace_share` fills a share of what
    retirements and exits open. Posts added (by the district's own growth or as `extra_posts`) are filled in every mode.
    New teachers choose among vacancies, the most promising first (`choice`), or are sent to the schools with most
    pupils per teacher (`need`) or with the fewest new teachers (`equal`).
    """

    name: ClassVar[str] = "recruitment"
    title: ClassVar[dict[str, str]] = {"zh": "教师招聘", "en": "Recruitment of teachers"}
    touches: ClassVar[str] = "teachers"
    effect: ClassVar[str] = (
        "through the number of teachers and their experience (exp_yr0 to exp_yr10_19); pay is in the staff costs"
    )
    zero: ClassVar[dict[str, object]] = {"mode": "replace_share"}
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
        {"mode": "replace_share", "share": 0.0, "assignment": "need"},
        {"mode": "replace_share", "share": 1.5, "assignment": "equal"},
        {"mode": "match_posts", "extra_posts": 500, "assignment": "need"},
    )
    Settings = RecruitmentSettings
    settings: RecruitmentSettings

    @classmethod
    def sets(cls, settings: RecruitmentSettings) -> set[str]:
        """Only one rule of recruitment can hold."""
        return {"the number of hires"}

    def staff(self, district: World) -> None:
        """Say what this year's hiring fills, and how new teachers come to schools."""
        mode, share = self.settings.mode, self.value(district, "share")
        if self.settings.extra_posts:
            actions.add_posts(district, self.settings.extra_posts)
        if mode == "match_posts":
            actions.fill_all_posts(district)
        else:
            actions.fill_vacated(district, *((1.0, 0.0) if mode == "match_retirements" else (share, share)))
        actions.post_new_teachers(district, self.settings.assignment)

    def teach(self, district: World) -> None:
        """Count whom the year brought."""
        self.touched += int(district.flows.tally["hires"].sum())
