import pytest
from hypothesis import given, settings, strategies as st

from leadping_nb.challenge import parse_www_authenticate


def read(header):
    return [(found.scheme, found.token68, dict(found.params)) for found in parse_www_authenticate(header)]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, []),
        ("", []),
        (
            'Bearer resource_metadata="https://api.example/.well-known/oauth-protected-resource"',
            [("Bearer", None, {"resource_metadata": "https://api.example/.well-known/oauth-protected-resource"})],
        ),
        ("Bearer", [("Bearer", None, {})]),
        ("Negotiate YWJj==", [("Negotiate", "YWJj==", {})]),
        ('Basic realm="a, b", Bearer', [("Basic", None, {"realm": "a, b"}), ("Bearer", None, {})]),
        (r'Basic realm="say \"hi\" \\ bye"', [("Basic", None, {"realm": 'say "hi" \\ bye'})]),
        (
            'Newauth realm="apps", type=1, title="Login to \\"apps\\"", Basic realm="simple"',
            [
                ("Newauth", None, {"realm": "apps", "type": "1", "title": 'Login to "apps"'}),
                ("Basic", None, {"realm": "simple"}),
            ],
        ),
        ("Bearer a = b , C=d", [("Bearer", None, {"a": "b", "c": "d"})]),
        (
            "Bearer resource_metadata=https://api.example/x?a=1&b=2",
            [("Bearer", None, {"resource_metadata": "https://api.example/x?a=1&b=2"})],
        ),
        (", ,Bearer x=y,,", [("Bearer", None, {"x": "y"})]),
        ('Bearer realm="never closed', [("Bearer", None, {"realm": "never closed"})]),
        ("Bearer error=a, error=b", [("Bearer", None, {"error": "a"})]),
        ('realm="no scheme"', []),
    ],
)
def test_challenges_are_read_by_rfc_9110(header, expected):
    assert read(header) == expected


def test_what_no_server_sends_is_not_read_to_its_end():
    assert len(parse_www_authenticate("a," * 500_000)) == 32_768


def test_the_scheme_compares_without_regard_to_case():
    assert parse_www_authenticate("bEARER a=b")[0].is_bearer()
    assert not parse_www_authenticate("Basic realm=x")[0].is_bearer()


@settings(deadline=None, max_examples=300)
@given(st.text() | st.text(alphabet='Bearer =",\\ab1 \t'))
def test_no_header_makes_it_fail(header):
    assert isinstance(parse_www_authenticate(header), list)


@given(
    st.dictionaries(
        st.from_regex(r"[a-z_]{1,10}", fullmatch=True), st.text(st.characters(codec="latin-1"), max_size=20), min_size=1
    )
)
def test_quoted_parameters_come_back_unchanged(params):
    def quoted(value):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'

    header = "Bearer " + ", ".join(f"{name}={quoted(value)}" for name, value in params.items())
    assert read(header) == [("Bearer", None, params)]
