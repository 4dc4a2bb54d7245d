from __future__ import annotations

import pytest
from fitting import misfits

from leadping_nb.contracts import REVISIONS
from leadping_nb.models import Models, models
from leadping_nb.sandbox.synth import Synth

LOOP = Models(
    "test",
    {
        "Tree": {"id": "string!", "child": "@Tree?", "children": "[@Tree]!", "other": "@Branch?", "sure": "boolean!"},
        "Branch": {"tree": "@Tree?", "leaf": "string:date!", "size": "integer:int32!", "alarm": "string:time!"},
    },
    {},
)


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_model_has_a_value_that_fits(revision: str) -> None:
    known = models(revision)
    synth = Synth(known, 7)
    for model in known.specs:
        for key in ("a", "b", "c"):
            assert list(misfits(synth.made(model, key), model, known)) == []


def test_models_that_contain_themselves_come_to_an_end() -> None:
    for key in map(str, range(50)):
        assert list(misfits(Synth(LOOP, 7).made("Tree", key), "Tree", LOOP)) == []


def test_values_depend_on_seed_and_key_alone() -> None:
    known = models(REVISIONS[0])
    first = Synth(known, 7).made("AutomationResponse", "x")
    assert first == Synth(known, 7).made("AutomationResponse", "x")
    assert first != Synth(known, 8).made("AutomationResponse", "x")
    assert first != Synth(known, 7).made("AutomationResponse", "y")


def test_known_values_are_kept_and_foreign_ones_left_out() -> None:
    made = Synth(LOOP, 7).made("Branch", "x", {"size": 3, "colour": "red"})
    assert made["size"] == 3
    assert "colour" not in made


def test_nulls_come_only_where_they_may() -> None:
    synth = Synth(models(REVISIONS[0]), 7)
    rows = [synth.made("NotificationTableRow", str(at)) for at in range(60)]
    assert any(row["readAt"] is None for row in rows)
    assert not any(row["readAt"] is None for row in rows) or any(row["readAt"] for row in rows)
    assert all(row["message"] is not None for row in rows)
    field = models(REVISIONS[0])["NotificationTableRow"].fields["priority"]
    assert {synth.value(field, str(at)) for at in range(60)} == set(field.enum)
