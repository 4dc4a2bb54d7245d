import re

from leadping_nb.table import html_table


def widths(*rows):
    return re.findall(r"<th [^>]*?(?:min-width:(\d+)ch)?\">", html_table(("a", "b"), rows))


def test_a_column_is_as_wide_as_its_longest_word_so_that_none_breaks():
    assert widths(("one algorithm", None), ("signature", "–")) == ["9", "1"]


def test_an_address_may_break_and_nothing_has_no_width():
    assert widths(("http://127.0.0.1:40123/users/me", "")) == ["14", ""]


def test_a_table_without_rows_keeps_its_head():
    assert widths() == ["", ""]
