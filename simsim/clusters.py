"""Clusters of schools: education groups, alliances, large school zones."""

from __future__ import annotations

import mesa

from simsim.schools import School

KINDS = ("group", "alliance", "zone")


class Cluster(mesa.Agent):
    """Schools that share teachers and lessons under one head; `lead` is None among equals."""

    def __init__(self, model: mesa.Model, name: str, kind: str, lead: School | None, formed: int) -> None:
        super().__init__(model)
        self.name, self.kind, self.lead, self.formed = name, kind, lead, formed
        self.title = {"zh": name, "en": name}
        self.members: dict[int, School] = {}

    def join(self, school: School) -> None:
        """Take a school in; a school belongs to one cluster at most (ValueError)."""
        if school.cluster is not None:
            raise ValueError(f"{school} already belongs to {school.cluster.name}; a school joins one cluster")
        self.members[school.key] = school
        school.cluster = self

    def dissolve(self) -> None:
        """Let all members go, and cease to be."""
        for school in self.members.values():
            school.cluster = None
        self.members = {}
        self.remove()

    def __repr__(self) -> str:
        return f"Cluster({self.name}, {self.kind}, {len(self.members)} schools)"
