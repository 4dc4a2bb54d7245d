import base64
import html
import json
from urllib.parse import quote

from hypothesis import given, strategies as st

from leadping_nb.disguises import disguises

SECRETS = st.text("abcXYZ019-._~+/=", min_size=12, max_size=60)
AROUND = st.binary(max_size=7)


def holds(text, secret):
    return any(form in text for form in disguises(secret))


@given(SECRETS, AROUND, AROUND)
def test_base64_of_a_longer_text_is_found_at_each_alignment(secret, before, after):
    whole = before + secret.encode() + after
    assert holds(base64.b64encode(whole).decode(), secret)
    assert holds(base64.urlsafe_b64encode(whole).decode().rstrip("="), secret)
    assert holds(whole.hex(), secret)
    assert holds(whole.hex().upper(), secret)


@given(SECRETS, st.binary(max_size=7), st.sampled_from(["", ":", " ", "-", "%", "\\x"]), st.booleans())
def test_hexadecimal_digits_are_found_whatever_stands_between_them(secret, around, sign, upper):
    pairs = [f"{byte:02X}" if upper else f"{byte:02x}" for byte in around + secret.encode() + around]
    assert holds(sign.join(["", *pairs]), secret)


@given(st.text("abcXYZ019-._~+/=", min_size=12, max_size=400), AROUND)
def test_base64_in_lines_is_found_where_it_begins_with_the_text(secret, after):
    assert holds(base64.encodebytes(secret.encode() + after).decode(), secret)
    lines = base64.b64encode(secret.encode() + after).decode()
    assert holds("\n".join(lines[at : at + 64] for at in range(0, len(lines), 64)), secret)


@given(SECRETS, st.sampled_from(["utf-16", "utf-16-le", "utf-16-be"]))
def test_the_bytes_of_utf_16_are_found_as_python_shows_them(secret, encoding):
    assert holds(repr(secret.encode(encoding)), secret)


@given(SECRETS, st.text(max_size=7), st.text(max_size=7))
def test_the_forms_of_urls_json_and_html_are_found(secret, before, after):
    whole = before + secret + after
    assert holds(whole, secret)
    assert holds(quote(whole, safe="", errors="replace"), secret)
    assert holds(quote(whole, errors="replace"), secret)
    assert holds(json.dumps(whole), secret)
    assert holds(json.dumps(whole).replace("/", "\\/"), secret)
    assert holds(html.escape(whole), secret)


@given(SECRETS)
def test_a_longer_form_comes_before_what_it_begins_with(secret):
    lengths = [len(form) for form in disguises(secret)]
    assert lengths == sorted(lengths, reverse=True)


@given(SECRETS, SECRETS)
def test_no_form_is_so_short_that_another_text_has_it(secret, other):
    assert all(len(form) >= len(secret) for form in disguises(secret))
    assert holds(other, secret) == (secret in other)


def test_a_form_is_called_by_its_plainest_name():
    assert disguises("lp_test_abcdefgh")["lp_test_abcdefgh"] == "plain"
