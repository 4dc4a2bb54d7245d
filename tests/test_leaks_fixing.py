"""Removing leaks: the plan comes first, afterwards a check is clean, and nothing else has changed."""

import json

import pytest
from hypothesis import given, settings, strategies as st

import leadping_nb as lp
from leadping_nb.leaks.files import leaks_in_bytes
from leadping_nb.leaks.fixing import plan_fixes
from leadping_nb.leaks.known import known_secrets
from leadping_nb.leaks.matches import digest
from leadping_nb.leaks.rewriting import rewritten

SOURCE_KEY = "lp_src_test0123example456789XYZ"
BUSINESS_KEY = "lp_test0123example456789ABCdef"
PLACEHOLDER = f"<removed: source key #{digest(SOURCE_KEY)}>"


def stream(text):
    return {"name": "stdout", "output_type": "stream", "text": [text]}


def notebook():
    cells = [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["# Leads — ä\n", f"{SOURCE_KEY}\n"]},
        {
            "cell_type": "code", "execution_count": 3, "id": "b", "metadata": {SOURCE_KEY: {"deep": SOURCE_KEY}},
            "outputs": [stream("fine\n"), stream(f"{SOURCE_KEY}\n")], "source": ["print(key)"],
        },
        {"cell_type": "code", "execution_count": 4, "id": "c", "metadata": {}, "outputs": [stream("k")], "source": []},
    ]  # fmt: skip
    metadata = {"papermill": {"parameters": {"key": f"Bearer {SOURCE_KEY}"}}, "parts": ["a", SOURCE_KEY, "b"]}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


FORMS = {
    "Jupyter": lambda value: json.dumps(value, indent=1, ensure_ascii=False) + "\n",
    "four blanks, ASCII": lambda value: json.dumps(value, indent=4) + "\n\n",
    "tabs": lambda value: json.dumps(value, indent="\t", ensure_ascii=False),
    "one line": lambda value: json.dumps(value),
    "compact": lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=False),
    "Windows": lambda value: json.dumps(value, indent=2).replace("\n", "\r\n") + "\r\n",
    "with a mark": lambda value: "\ufeff" + json.dumps(value, indent=1) + "\n",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_notebook_keeps_its_form_and_changes_where_it_must(form):
    changes, after = rewritten(form(notebook()).encode(), "a.ipynb")
    wanted = notebook()
    wanted["cells"][0]["source"][1] = f"{PLACEHOLDER}\n"
    wanted["cells"][1] |= {"outputs": [], "execution_count": None, "metadata": {PLACEHOLDER: {"deep": PLACEHOLDER}}}
    wanted["metadata"]["papermill"]["parameters"]["key"] = f"Bearer {PLACEHOLDER}"
    wanted["metadata"]["parts"][1] = PLACEHOLDER
    assert after.decode() == form(wanted)
    assert "cell 2: the outputs are cleared, as they hold a source key" in changes
    assert SOURCE_KEY not in " ".join(changes)
    assert leaks_in_bytes(after, name="a.ipynb") == ()


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(notebook()).replace(", ", " ,  "),  # no program writes it so
        json.dumps(notebook())[:-9],
        '{"a": "' + SOURCE_KEY + '", "a": 1.0e5}',
        json.dumps([SOURCE_KEY]),
    ],
    ids=["an odd form", "cut", "a key twice", "no object"],
)
def test_a_notebook_of_another_form_is_changed_as_a_text(text):
    _, after = rewritten(text.encode(), "a.ipynb")
    assert after.decode() == text.replace(SOURCE_KEY, PLACEHOLDER)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_a_text_keeps_its_encoding(encoding):
    text = f"é=1\r\nKEY={SOURCE_KEY}\r\n"
    _, after = rewritten(text.encode(encoding), ".env")
    assert after == text.replace(SOURCE_KEY, PLACEHOLDER).encode(encoding)


def test_pieces_of_a_known_secret_are_removed_from_the_texts_of_a_list():
    known = known_secrets([SOURCE_KEY])
    cell = {
        "cell_type": "code",
        "source": [f"k = '{SOURCE_KEY[:9]}' \\\n", f"'{SOURCE_KEY[9:]}'\n", "k"],
        "outputs": [],
    }
    parts = ["x", SOURCE_KEY[:9], SOURCE_KEY[9:20], f"{SOURCE_KEY[20:]} y"]
    before = json.dumps({"cells": [cell], "metadata": {"parts": parts}}).encode()
    _, after = rewritten(before, "a.ipynb", known=known)
    assert json.loads(after) == {
        "cells": [cell | {"source": [f"k = '{PLACEHOLDER}", "'\n", "k"]}],
        "metadata": {"parts": ["x", PLACEHOLDER, "", " y"]},
    }


def test_what_is_allowed_stays(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(f"{SOURCE_KEY} {BUSINESS_KEY}")
    allowed = [digest(BUSINESS_KEY)]
    plan_fixes(lp.leak_check(path, allow=allowed), allow=allowed).apply()
    assert path.read_text() == f"{PLACEHOLDER} {BUSINESS_KEY}"


def test_a_plan_changes_nothing_before_it_is_applied(tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(notebook()))
    path.chmod(0o640)
    before = path.read_bytes()
    plan = plan_fixes(lp.leak_check(tmp_path))
    assert path.read_bytes() == before
    assert "the outputs are cleared" in repr(plan)
    assert SOURCE_KEY not in repr(plan)
    assert SOURCE_KEY not in repr(plan.files)
    assert plan.apply() == (path,)
    assert lp.leak_check(tmp_path).ok
    assert path.stat().st_mode & 0o777 == 0o640
    assert [one.name for one in tmp_path.iterdir()] == ["a.ipynb"]


def test_a_file_that_changed_after_the_plan_stays_as_it_is(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(SOURCE_KEY)
    plan = plan_fixes(lp.leak_check(path))
    path.write_text("new")
    with pytest.raises(lp.LeadpingError, match="changed meanwhile"):
        plan.apply()
    assert path.read_text() == "new"


def test_a_link_that_was_named_stays_a_link(tmp_path):
    (tmp_path / "a.txt").write_text(SOURCE_KEY)
    (tmp_path / "link").symlink_to("a.txt")
    plan_fixes(lp.leak_check(tmp_path / "link")).apply()
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "a.txt").read_text() == PLACEHOLDER


def test_a_file_that_is_gone_is_an_error(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(SOURCE_KEY)
    plan = plan_fixes(lp.leak_check(path))
    path.unlink()
    with pytest.raises(lp.LeadpingError, match="cannot be written"):
        plan.apply()


def test_a_name_with_a_secret_is_left_to_a_person(tmp_path):
    (tmp_path / f"{SOURCE_KEY}.txt").write_text("clean")
    plan = plan_fixes(lp.leak_check(tmp_path))
    assert "rename it by hand" in repr(plan)
    assert SOURCE_KEY not in repr(plan)
    assert plan.apply() == ()


def test_what_only_touches_across_values_leaves_a_notebook_that_can_be_read():
    before = json.dumps({"cells": [], "metadata": {SOURCE_KEY[:12]: SOURCE_KEY[12:]}}).encode()
    assert rewritten(before, "a.ipynb", known=known_secrets([SOURCE_KEY])) == ([], before)


FRAGMENTS = st.sampled_from(
    [
        SOURCE_KEY,
        BUSINESS_KEY,
        SOURCE_KEY[:12],
        SOURCE_KEY[12:],
        "Bearer ",
        "\n",
        '"',
        "' + '",
        "\\",
        "\x1b[0m",
        "ä",
        "_",
        "x ",
    ]
)
TEXTS = st.lists(FRAGMENTS, max_size=8).map("".join)
VALUES = st.recursive(
    TEXTS | st.none() | st.integers(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(VALUES, VALUES, TEXTS, st.sampled_from(list(FORMS.values())), st.booleans())
def test_after_a_fix_a_check_is_clean(source, data, text, form, with_known):
    known = known_secrets([SOURCE_KEY] if with_known else [])
    outputs = [{"output_type": "display_data", "data": {"application/json": data}}]
    content = {
        "cells": [{"cell_type": "code", "source": source, "outputs": outputs, "metadata": data}],
        "metadata": source,
    }
    for name, before in (("a.ipynb", form(content).encode()), ("a.txt", text.encode())):
        after = before
        for _ in range(4):
            _, after = rewritten(after, name, known=known)
        assert leaks_in_bytes(after, name=name, known=known) == ()
        if name == "a.ipynb":
            json.loads(after.decode("utf-8-sig"))


def test_bytes_stay_as_they_are_and_the_plan_says_so(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(content := b"\0\1" + SOURCE_KEY.encode())
    plan = plan_fixes(lp.leak_check(path))
    assert "a.bin: it is no text and stays as it is" in repr(plan)
    assert plan.apply() == ()
    assert path.read_bytes() == content


def test_what_is_done_is_listed_in_the_order_of_the_cells(tmp_path):
    cells = [
        {"cell_type": "code", "source": f"'{SOURCE_KEY}'", "outputs": [], "metadata": {}},
        {
            "cell_type": "code",
            "source": "",
            "outputs": [stream(SOURCE_KEY)],
            "metadata": {SOURCE_KEY: {"a": SOURCE_KEY}},
        },
        {"cell_type": "code", "source": f"'{SOURCE_KEY}'", "outputs": [stream(SOURCE_KEY)], "metadata": {}},
    ]
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"cells": cells, "metadata": {"deep": {"er": SOURCE_KEY}}}))
    lines = repr(plan_fixes(lp.leak_check(path))).splitlines()
    numbers = [int(line.partition(": cell ")[2].partition(",")[0].partition(":")[0] or 9) for line in lines]
    assert numbers == sorted(numbers)
    assert set(numbers) == {1, 2, 3, 9}
