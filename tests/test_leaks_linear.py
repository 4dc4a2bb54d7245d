"""The work of the leak check grows with the text, and not with the findings times the text: characters are counted."""

import json
from dataclasses import replace

import pytest
from test_leaks import SOURCE_KEY, cell, notebook

from leadping_nb.leaks import files, known as known_module, patterns, rewriting
from leadping_nb.leaks.known import known_in, known_secrets
from leadping_nb.leaks.matches import lines_of, spliced, without
from leadping_nb.leaks.misplaced import without_credentials
from leadping_nb.leaks.notebook import leaks_in_notebook
from leadping_nb.leaks.patterns import secrets_in
from leadping_nb.leaks.rewriting import rewritten

LINES = 200
LOG = "".join(f"GET /leads/intake?sourceKey={SOURCE_KEY}&phone={number} 200\n" for number in range(LINES))


class Text(str):
    """A text that knows how many of its characters were counted through, or copied."""

    __slots__ = ("used",)

    def __new__(cls, text):
        made = super().__new__(cls, text)
        made.used = 0
        return made

    def count(self, part, start=0, end=None):
        self.used += (len(self) if end is None else end) - start
        return super().count(part, start, len(self) if end is None else end)

    def __getitem__(self, index):
        found = super().__getitem__(index)
        self.used += len(found)
        return found


class Copies(str):
    """A text that knows how many characters were copied out of it, and of what was made of it."""

    __slots__ = ()
    used = 0

    def __getitem__(self, index):
        return self._counted(super().__getitem__(index))

    def __add__(self, other):
        return self._counted(super().__add__(other))

    @classmethod
    def _counted(cls, text):
        cls.used += len(text)
        return cls(text)


class Items(list):
    """A list that knows how often one of its entries was asked for."""

    asked = 0

    def __getitem__(self, index):
        self.asked += 1
        return super().__getitem__(index)


class Pattern:
    """A pattern that knows how often it ran over a whole text."""

    def __init__(self, pattern):
        self.pattern, self.runs = pattern, 0

    def sub(self, *arguments):
        self.runs += 1
        return self.pattern.sub(*arguments)

    def finditer(self, text):
        self.runs += 1
        return self.pattern.finditer(text)


@pytest.fixture
def text(monkeypatch):
    text = Text(LOG)
    for module in (files, rewriting):
        monkeypatch.setattr(module, "as_text", lambda *_: text)
    return text


def test_the_lines_of_a_log_with_a_key_in_each_are_counted_once(text):
    assert [leak.line for leak in files.leaks_in_bytes(LOG.encode(), name="a.log")] == list(range(1, LINES + 1))
    assert text.used <= len(text)


def test_the_lines_of_an_output_with_a_key_in_each_are_counted_once():
    output = Text(LOG)
    assert len(leaks_in_notebook(notebook(cell(output)))) == LINES
    assert 0 < output.used <= len(output)


def test_a_log_with_a_key_in_each_line_is_rewritten_in_one_go(text):
    changes, after = rewritten(LOG.encode(), "a.log")
    assert len(changes) == 1
    assert changes[0].startswith("200 lines (1, 2, 3, …): <removed: source key #")
    assert SOURCE_KEY.encode() not in after
    assert text.used <= 3 * len(text)  # once for the lines, once to see whether it is JSON, once for the result
    assert files.masked(shown := Text(LOG)) == after.decode()
    assert shown.used <= len(shown)


def test_lines_and_placeholders_are_where_they_were_with_any_way_to_get_them():
    matches = secrets_in(LOG)
    assert list(lines_of(LOG, matches)) == [LOG.count("\n", 0, match.start) + 1 for match in matches]
    assert spliced(LOG, matches) == LOG.replace(SOURCE_KEY, matches[0].placeholder)
    assert spliced("a", []) == "a"


def test_a_body_with_a_key_in_each_line_is_copied_once(monkeypatch):
    monkeypatch.setattr(Copies, "used", 0)
    assert without_credentials({"note": Copies(LOG)}) == {"note": LOG.replace(SOURCE_KEY, "<removed: credential>")}
    assert 0 < Copies.used <= len(LOG)


def test_a_known_secret_in_each_line_is_placed_by_one_run_over_the_text(monkeypatch):
    pattern = Pattern(known_module._BETWEEN)
    monkeypatch.setattr(known_module, "_BETWEEN", pattern)
    split = LOG.replace(SOURCE_KEY, f"{SOURCE_KEY[:9]}' + '{SOURCE_KEY[9:]}")
    wanted = known_secrets(SOURCE_KEY)
    for content, encoding in ((LOG, "plain"), (split, "split")):
        pattern.runs = 0
        found = known_in(content, wanted)
        assert [match.encoding for match in found] == [encoding] * LINES
        assert pattern.runs == 2


def test_known_secrets_and_likely_ones_are_compared_in_order():
    likely = secrets_in(LOG)
    certain = Items(known_in(LOG, known_secrets(SOURCE_KEY)))
    assert without(likely, certain) == []
    assert certain.asked <= len(likely)
    assert without(likely, likely[::2]) == likely[1::2]
    assert without(likely, []) == likely


def test_the_texts_of_a_list_are_mended_in_order():
    lines = LOG.splitlines(keepends=True)
    matches = Items(secrets_in(LOG))
    after = rewriting._spliced_list(lines, matches, between="")
    assert "".join(after) == spliced(LOG, list(matches))
    assert matches.asked <= 3 * LINES


def test_keys_of_one_object_are_renamed_together(monkeypatch):
    renamed = []
    monkeypatch.setattr(rewriting, "_rename", lambda holder, keys: renamed.append(len(keys)))
    content = notebook(keys={f"{SOURCE_KEY}{number}": {SOURCE_KEY: 1} for number in range(5)})
    rewritten(json.dumps(content).encode(), "a.ipynb")
    assert renamed == [1] * 5 + [5]


@pytest.mark.parametrize(
    "line", ["Bearer a_scheme_of_tokens_{}.Bearer ", "Bearer+a_word_of_sixteen_{}+", "Bearer={}\\/"]
)
def test_no_character_after_bearer_is_judged_twice(line):
    judged = []
    text = "".join(map(line.format, range(LINES)))
    for form in patterns._FORMS:
        list(patterns._of_form(replace(form, is_secret=lambda secret: judged.append(secret) or False), text))
    assert sum(map(len, judged)) <= len(text)
