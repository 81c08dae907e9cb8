"""Named rates: what a policy may multiply, with unit, base and who asks."""

from __future__ import annotations

# What a policy may multiply; whoever uses a rate asks `district.rate(name, base)`.
RATES = (
    "admit/leave", "admit/inflow", "admit/births", "admit/view-error", "build/reactive-rooms", "staff/exit",
    "staff/voluntary-move",
    "staff/replacement", "staff/principal-leaves", "staff/title", "staff/backbone-quota", "teach/utilisation",
    "assess/monitoring-error", "settle/upkeep", "policy/non-compliance", "teach/unserved",
)  # fmt: skip
