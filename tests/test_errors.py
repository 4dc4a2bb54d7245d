import copy
import inspect
import pickle
from types import MappingProxyType

import pytest

import leadping_nb as lp
from leadping_nb import errors

KINDS = [kind for kind in vars(errors).values() if inspect.isclass(kind) and issubclass(kind, lp.LeadpingError)]
GIVEN = {
    "rule": "key type",
    "check": lp.check_lead({"phone": "no"}),
    "status": 401,
    "url": "https://api.leadping.ai/users/me",
    "problem": lp.Problem(title="Unauthorized"),
}
AGAIN = {"pickled": lambda error: pickle.loads(pickle.dumps(error)), "copied": copy.copy, "deeply": copy.deepcopy}  # noqa: S301  # our own


@pytest.mark.parametrize("again", AGAIN.values(), ids=AGAIN)
@pytest.mark.parametrize("kind", KINDS)
def test_an_error_comes_back_from_another_process_as_it_was(kind, again):
    wanted = inspect.signature(kind.__init__).parameters
    error = kind("It failed.", hint="Do this.", **{name: GIVEN[name] for name in GIVEN if name in wanted})
    back = again(error)
    assert type(back) is kind
    assert (str(back), back.args, back.__dict__.keys()) == (str(error), error.args, error.__dict__.keys())
    assert getattr(back, "status", None) == getattr(error, "status", None)


@pytest.mark.parametrize("again", AGAIN.values(), ids=AGAIN)
def test_an_error_of_the_api_brings_its_challenge_with_it(again):
    with lp.Sandbox(leads=1) as sandbox, lp.connect("lp_example", base_url=sandbox.url) as api:
        with pytest.raises(lp.UnauthorizedError) as caught:
            api.get("/tags")
        back = again(caught.value)
        assert back.challenges == caught.value.challenges
        assert isinstance(back.challenges[0].params, MappingProxyType)
        assert back.problem == caught.value.problem
        assert str(lp.explain(back, api.credential)) == str(lp.explain(caught.value, api.credential))
