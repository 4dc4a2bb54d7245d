"""A notebook's texts looked at together: what is found piece by piece is found so too."""

from hypothesis import example, given, settings, strategies as st
from test_leaks import KEY, OPAQUE, TOKEN, cell, notebook, shown
from test_leaks_sieve import PIECES

from leadping_nb.leaks import leaks_in_notebook
from leadping_nb.leaks.known import known_secrets
from leadping_nb.leaks.notebook import matches_in, pieces_with_secrets
from leadping_nb.leaks.pieces import parts, pieces

CUT = ("<", ">", "<b ", KEY[:9], KEY[9:20], KEY[20:], "' + '", "=\n", "</i>", "&shy;", "&", "\\", "\x1b[", "\0")
KNOWN = known_secrets([KEY])


def texts():
    whole = st.sampled_from((f"log.of.schemes.Bearer {OPAQUE}", f"{KEY[:9]}' + '{KEY[9:]}", KEY, TOKEN, "Bearer"))
    return whole | st.lists(st.sampled_from((*PIECES, *CUT)), max_size=6).map("".join)


def values():
    return st.recursive(
        texts() | st.integers(), lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts(), inner, max_size=4)
    )


def one_by_one(content, known):
    return [piece for path, part in parts(content) for piece in pieces(part, path) if matches_in(piece.text, known)]


@settings(max_examples=600, deadline=None)
@given(values())
@example({"token_type": "Bearer", "log": f"httpx.auth.schemes.Bearer {OPAQUE}"})
@example(["Bearer", f"httpx.auth.schemes.Bearer {OPAQUE}"])
@example({"a": "x <", "b": f"{KEY[:9]}' + '{KEY[9:]}>"})
@example({"a": "eyJ", "b": TOKEN})
def test_no_text_hides_the_secret_of_another(value):
    content = notebook(cell("", shown() | {"data": {"application/json": value}}), beside=value)
    for known in ((), KNOWN):
        assert [piece for piece, _ in pieces_with_secrets(content, known)] == one_by_one(content, known)


def test_a_bearer_that_names_a_scheme_hides_no_header_after_it():
    for text in (f"scheme=Bearer\nheader.Authorization/Bearer {OPAQUE}", f"Bearer a_scheme_of_tokens.bearer {OPAQUE}"):
        [leak] = leaks_in_notebook(notebook(cell(text)))
        assert leak.kind == "bearer header"
