"""Which states lie in which time zone, so that a stand-in of a state fits a time zone that stays."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["MAIN_ZONES", "STATES", "neighbours"]

# By country and by the time zone in which most people of it live.
_STATES = (
    "CT DE DC FL GA IN KY ME MD MA MI NH NJ NY NC OH PA RI SC VT VA WV",
    "AL AR IL IA KS LA MN MS MO NE ND OK SD TN TX WI",
    "CO ID MT NM UT WY",
    "CA NV OR WA",
    "AZ",  # no summer time
    "AK",
    "HI",
    "ON QC",
    "AB",
    "BC",
    "MB",
    "SK",  # no summer time
    "NB NS PE",
    "NL",
)
_GROUPS = tuple(tuple(states.split()) for states in _STATES)
STATES: Mapping[str, tuple[str, ...]] = {state: group for group in _GROUPS for state in group}
"""By each state and province, those whose clocks go like its own."""

_MAIN = {
    "America/New_York": (
        "America/Detroit America/Fort_Wayne America/Indiana/Indianapolis America/Indiana/Marengo "
        "America/Indiana/Petersburg America/Indiana/Vevay America/Indiana/Vincennes America/Indiana/Winamac "
        "America/Indianapolis America/Kentucky/Louisville America/Kentucky/Monticello America/Louisville"
    ),
    "America/Chicago": (
        "America/Indiana/Knox America/Indiana/Tell_City America/Knox_IN America/Menominee "
        "America/North_Dakota/Beulah America/North_Dakota/Center America/North_Dakota/New_Salem"
    ),
    "America/Denver": "America/Boise",
    "America/Anchorage": "America/Juneau America/Metlakatla America/Nome America/Sitka America/Yakutat",
}
MAIN_ZONES: Mapping[str, str] = {zone: main for main, zones in _MAIN.items() for zone in zones.split()}
"""By each time zone that names a town of one state: the one with the same clock that names no state."""


def neighbours(state: str) -> tuple[str, ...]:
    """Give the other states with the same clock; none for what is no state.

    Examples
    --------
    >>> neighbours("CA"), neighbours("HI"), neighbours("London")
    (('NV', 'OR', 'WA'), (), ())
    """
    return tuple(other for other in STATES.get(state, ()) if other != state)
