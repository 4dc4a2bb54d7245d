"""The leak check of files and folders: what is searched, what is reported, what is allowed, and how it is shown."""

import base64
import bz2
import codecs
import contextlib
import gzip
import io
import json
import lzma
import os
import pickle
import random
import sqlite3
import tempfile
import time
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import leadping_nb as lp
from leadping_nb.leaks.allow import allowed_by
from leadping_nb.leaks.files import leaks_in_bytes, without_pictures
from leadping_nb.leaks.fixing import plan_fixes
from leadping_nb.leaks.matches import digest
from leadping_nb.leaks.sarif import to_sarif

ROOT = Path(__file__).parent.parent
SOURCE_KEY = "lp_src_test0123example456789XYZ"
BUSINESS_KEY = "lp_test0123example456789ABCdef"
HASH = digest(SOURCE_KEY)
NOBODY = 65_534


def put(folder, name, content=f"KEY={SOURCE_KEY}\n"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def notebook(source="", output="", **metadata):
    cell = {
        "cell_type": "code", "execution_count": 1, "id": "a", "metadata": {}, "source": [source],
        "outputs": [{"output_type": "stream", "name": "stdout", "text": [output]}],
    }  # fmt: skip
    return json.dumps({"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"


@pytest.mark.parametrize(
    "name",
    [
        "a.py", ".env", ".env.production", "deep/er/notes.md", "a.json", "a.yaml", "a.toml", "a.csv", "a.html", "a.log",
        "a.sh", ".hidden/a.txt", "no_suffix", ".ipynb_checkpoints/a-checkpoint.ipynb", ".vscode/settings.json",
    ],
)  # fmt: skip
def test_every_text_below_a_folder_is_searched(tmp_path, name):
    path = put(tmp_path, name)
    [leak] = lp.leak_check(tmp_path)
    assert (leak.file, leak.kind, leak.hash, leak.line) == (str(path), "source key", HASH, 1)


@pytest.mark.parametrize("name", [".git/config", "node_modules/a.js", "env/lib/a.py", "__pycache__/a.pyc"])
def test_what_other_programs_keep_is_not_searched(tmp_path, name):
    put(tmp_path, "env/pyvenv.cfg", "home = x")
    put(tmp_path, name)
    assert lp.leak_check(tmp_path).ok


def database(path, *texts):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute(f"CREATE TABLE t ({', '.join('abcdef'[: len(texts)])})")
        connection.execute(f"INSERT INTO t VALUES ({', '.join('?' * len(texts))})", texts)  # noqa: S608  # only marks
        connection.commit()
    return path.read_bytes()


BYTES = {
    "some": lambda text, _: b"\0\1" + text.encode(),
    "a pickle": lambda text, _: pickle.dumps({"key": text, "rows": 10_000}),
    "a database": lambda text, path: database(path, f"key = '{text}'"),
    "UTF-16, little endian": lambda text, _: f"key\n{text}\n".encode("utf-16-le"),
    "UTF-16, big endian": lambda text, _: f"key\n{text}".encode("utf-16-be"),
    "UTF-16 within": lambda text, _: b"\0\1\2" * 9 + text.encode("utf-16-le"),
}


@pytest.mark.parametrize("key", [SOURCE_KEY, BUSINESS_KEY, BUSINESS_KEY + "x7" * 20])
@pytest.mark.parametrize("made", BYTES.values(), ids=BYTES)
def test_bytes_that_are_no_text_are_searched(tmp_path, made, key):
    put(tmp_path, "a.bin", made(key, tmp_path / "a.db"))
    for leak in (found := lp.leak_check(tmp_path)):
        assert (leak.place, leak.hash, leak.cell) == ("bytes", digest(key), None)
        assert leak.where == "bytes"
    assert str(tmp_path / "a.bin") in {leak.file for leak in found}
    assert key not in json.dumps([found.to_json(), to_sarif(found)])


def test_columns_of_a_database_that_run_on_hide_no_source_key(tmp_path):
    (tmp_path / "a.db").write_bytes(database(tmp_path / "b.db", "ours", SOURCE_KEY))
    assert {leak.hash for leak in lp.leak_check(tmp_path / "a.db")} == {HASH}


BINARY = random.Random(5).randbytes(64)  # noqa: S311  # the same bytes every time


@pytest.mark.parametrize("before", ["ours", "id7", "ID", "\x1f\0\0\0", "", " "])
@pytest.mark.parametrize("after", [b"\0", b"\x80\x04", b"\n"])
@pytest.mark.parametrize("key", [BUSINESS_KEY, "sk_test" + "0123example456789abc", "Bearer " + BUSINESS_KEY[3:]])
def test_a_key_right_behind_another_value_of_a_binary_column_is_found(key, after, before):
    [leak] = leaks_in_bytes(b"\0" + BINARY + before.encode() + key.encode() + after + BINARY, name="a.bin")
    assert leak.hash == digest(key.removeprefix("Bearer "))


def test_words_that_end_like_a_prefix_are_none_in_bytes_either():
    chance = random.Random(5)  # noqa: S311  # the same ids every time
    words = ("help", "task", "risk", "Minsk", "TASK", "disk", "yelp", "scalp", "flask")
    ids = [f"{word}_{chance.getrandbits(128):032x}".encode() for word in words for _ in range(50)]
    for between in (b"\0", b"\x1f\0\0\0", b"\n", b" "):
        assert leaks_in_bytes(b"\0" + between.join(ids), name="a.bin") == ()


def test_base64url_in_bytes_is_none():
    chance = random.Random(5)  # noqa: S311  # the same bytes every time
    text = base64.urlsafe_b64encode(chance.randbytes(4 * 1024 * 1024))
    assert text.count(b"lp_") + text.count(b"sk_") > 20
    assert leaks_in_bytes(b"\0" + text, name="a.bin") == ()


def test_pictures_archives_and_parquet_files_are_clean(tmp_path):
    chance = random.Random(5)  # noqa: S311  # the same files every time
    ids = [f"{chance.choice(('task', 'help', 'lead'))}_{chance.getrandbits(128):032x}" for _ in range(5_000)]
    pq.write_table(pa.table({"id": ids, "name": [f"lp_column_{n}" for n in range(5_000)]}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"id": ids}), tmp_path / "b.parquet", compression="none")
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ids.txt", "\n".join(ids))
    assert lp.leak_check(tmp_path).ok


PACKED = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zip": lambda data: zipped(data, zipfile.ZIP_DEFLATED),
    "zip, cut": lambda data: zipped(data, zipfile.ZIP_DEFLATED)[:-30],
}


def zipped(data, compression):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("mimetype", "test")  # first and not compressed, as in documents of offices
        archive.writestr("a.txt", data, compression)
    return written.getvalue()


@pytest.mark.parametrize("pack", PACKED.values(), ids=PACKED)
def test_what_is_compressed_is_said_not_to_be_looked_into(tmp_path, pack):
    put(tmp_path, "a.packed", pack(f"KEY={SOURCE_KEY}\n".encode() * 9))
    put(tmp_path, "b.txt", "clean")
    report = lp.leak_check(tmp_path)
    assert (report.ok, report.searched, report.compressed) == (True, 1, 1)
    assert repr(report) == "No leaks in 1 file. 1 file compressed, not looked into."
    assert report.to_json()["compressed"] == 1


def test_an_archive_that_is_not_compressed_is_searched(tmp_path):
    put(tmp_path, "a.zip", zipped(f"KEY={SOURCE_KEY}\n".encode(), zipfile.ZIP_STORED))
    put(tmp_path, "b.zip", zipped(b"clean", zipfile.ZIP_STORED))
    report = lp.leak_check(tmp_path)
    assert (len(report), report.searched, report.compressed) == (1, 2, 0)


def test_a_known_secret_is_found_in_bytes(tmp_path):
    for encoding in ("ascii", "utf-16-le", "utf-16-be"):
        put(tmp_path, "a.bin", b"\0\1" + "a-test/secret+of=example".encode(encoding))
        [leak] = lp.leak_check(tmp_path, known=["a-test/secret+of=example"])
        assert (leak.kind, leak.place) == ("known secret", "bytes")


def test_bytes_without_a_secret_are_clean_and_searched_fast():
    content = b"\0" + random.Random(5).randbytes(8 * 1024 * 1024)  # noqa: S311  # the same bytes every time
    start = time.process_time()
    assert leaks_in_bytes(content, name="a.bin") == ()
    assert time.process_time() - start < 2  # a pattern over all of it takes longer


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_texts_of_other_encodings_are_searched(tmp_path, encoding):
    put(tmp_path, "a.txt", f"é\n{SOURCE_KEY}\n".encode(encoding))
    [leak] = lp.leak_check(tmp_path)
    assert leak.line == 2


def test_a_cut_text_of_utf_16_is_searched_as_far_as_it_goes(tmp_path):
    put(tmp_path, "a.txt", codecs.BOM_UTF16_LE + f"{SOURCE_KEY} x".encode("utf-16-le")[:-1])
    assert len(lp.leak_check(tmp_path)) == 1


def test_links_are_not_followed_but_one_that_is_named_is(tmp_path):
    elsewhere = put(tmp_path, "elsewhere/a.txt")
    folder = tmp_path / "checked"
    folder.mkdir()
    (folder / "file").symlink_to(elsewhere)
    (folder / "folder").symlink_to(elsewhere.parent)
    assert lp.leak_check(folder).searched == 0
    assert len(lp.leak_check(folder / "file")) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such files here")
def test_what_is_no_regular_file_is_left_alone(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert lp.leak_check(tmp_path).searched == 0
    assert [why for _, why in lp.leak_check(tmp_path / "pipe").unreadable] == ["It is no regular file"]


def test_a_file_that_cannot_be_read_is_reported(tmp_path, monkeypatch):
    put(tmp_path, "a.txt", "clean")
    monkeypatch.setattr("leadping_nb.leaks.files.LARGEST", 3)
    report = lp.leak_check(tmp_path)
    assert (report.ok, report.searched, len(report)) == (False, 0, 0)
    [(file, why)] = report.unreadable
    assert file.endswith("a.txt")
    assert why.startswith("It is larger than")
    assert "1 file could not be searched" in repr(report)
    assert "a.txt" in report._repr_html_()


def denied(path):
    raise PermissionError(13, "Permission denied", str(path))


def test_a_file_that_cannot_be_reached_is_reported_by_itself_and_with_its_folder(tmp_path, monkeypatch):
    put(tmp_path, "a.txt", "clean")
    closed, lstat, stat = put(tmp_path, "closed/a.txt"), Path.lstat, Path.stat
    monkeypatch.setattr(Path, "lstat", lambda path: denied(path) if path == closed else lstat(path))
    monkeypatch.setattr(
        Path, "stat", lambda path, **options: denied(path) if path.parent == closed.parent else stat(path, **options)
    )
    for path, searched in ((tmp_path, 1), (closed, 0)):
        report = lp.leak_check(path)
        assert (report.unreadable, report.searched) == (((str(closed), "Permission denied"),), searched)
        assert not report.ok


@contextlib.contextmanager
def nobody(folder):
    """Read as somebody to whom files can be closed, in a folder of theirs; nothing is closed to root."""
    if os.geteuid() != 0:
        yield
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, -1)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="folders have no such modes here")
@pytest.mark.parametrize("mode", [0o000, 0o444])
def test_a_closed_folder_is_reported_wherever_it_is_met(mode):
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders lie in one that is closed to others
        folder = Path(name)
        put(folder, "a.txt", "clean")
        file = put(folder, "closed/a.txt")
        paths = (folder, file.parent, file)
        assert all(lp.leak_check(path).searched for path in paths)
        with nobody(folder):
            file.parent.chmod(mode)
            reports = [lp.leak_check(path) for path in paths]
            file.parent.chmod(0o755)
    assert [len(report.unreadable) for report in reports] == [1, 1, 1]


def test_nothing_to_look_at_is_not_clean():
    for paths in ([], (), iter(())):
        with pytest.raises(lp.LeadpingError, match="no path to look at"):
            lp.leak_check(paths)


def test_a_missing_path_is_an_error_with_a_hint_that_repeats_no_secret(tmp_path):
    with pytest.raises(lp.LeadpingError, match="no file or folder") as missing:
        lp.leak_check(tmp_path / SOURCE_KEY)
    assert missing.value.hint
    assert SOURCE_KEY not in str(missing.value)


def test_several_paths_are_checked_in_order(tmp_path):
    paths = [put(tmp_path, "b.txt"), put(tmp_path, "a.txt")]
    assert [leak.file for leak in lp.leak_check(paths)] == list(map(str, paths))


def test_a_secret_in_the_name_of_a_file_is_found_and_the_name_is_not_repeated(tmp_path):
    put(tmp_path, f"key {SOURCE_KEY}.txt", "clean")
    put(tmp_path, f"{BUSINESS_KEY}/a.txt")
    report = lp.leak_check(tmp_path)
    assert {leak.place for leak in report} == {"file name", "text"}
    assert SOURCE_KEY not in repr(report)
    assert BUSINESS_KEY not in repr(report)


FORGED = "a\nNo leaks in 3 files.\x1b[31m\u202e.txt"


def test_a_file_name_moves_no_cursor_and_forges_no_line(tmp_path, monkeypatch):
    put(tmp_path, FORGED)
    report = lp.leak_check(tmp_path)
    shown = (repr(report), str(report[0]), repr(plan_fixes(report)), report._repr_html_())
    for text in shown:
        assert "a\\nNo leaks in 3 files.\\x1b[31m\\u202e.txt" in text
    assert all(line.isprintable() for text in shown for line in text.split("\n"))
    assert report[0].file == str(tmp_path / FORGED)
    monkeypatch.setattr("leadping_nb.leaks.files.LARGEST", 3)
    unread = lp.leak_check(tmp_path)
    assert "\x1b" not in repr(unread) + unread._repr_html_()
    with pytest.raises(lp.LeadpingError) as missing:
        lp.leak_check(tmp_path / "\x1b[31m")
    assert "\x1b" not in str(missing.value)


def test_a_file_name_that_is_no_text_can_be_printed():
    leak = lp.Leak(kind="source key", hash=HASH, place="text", file="a\udcff.txt")
    assert str(leak).encode() == f"a\\udcff.txt: text, line 1: source key #{HASH}".encode()
    assert "a%FF.txt" in json.dumps(to_sarif(lp.LeakReport((leak,), 1)))


def test_one_known_secret_and_one_hash_need_no_list(tmp_path):
    put(tmp_path, "a.txt", f"'{SOURCE_KEY[:12]}' + '{SOURCE_KEY[12:]}'")
    for known in (SOURCE_KEY, lp.Secret(SOURCE_KEY), lp.Credential.from_text(SOURCE_KEY)):
        [leak] = lp.leak_check(tmp_path, known=known)
        assert leak.encoding == "split"
        assert "line 1" in repr(plan_fixes(lp.leak_check(tmp_path, known=known), known=known))
        assert lp.leak_check(tmp_path, known=known, allow=HASH).allowed == 1


@pytest.mark.parametrize("path", [None, 5, [None]])
def test_what_is_no_path_is_an_error_with_a_hint(path):
    with pytest.raises(lp.LeadpingError, match="is a text or a Path") as refused:
        lp.leak_check(path)
    assert "list of them" in refused.value.hint


@pytest.mark.parametrize("content", ["a.ipynb", Path("a.ipynb"), None, []])
def test_what_is_no_notebook_in_memory_is_an_error_with_a_hint(content):
    with pytest.raises(lp.LeadpingError, match="is a dict") as refused:
        lp.leaks_in_notebook(content)
    assert "leak_check" in refused.value.hint


def test_what_is_in_two_paths_counts_once(tmp_path):
    path = put(tmp_path, "deep/a.txt")
    (tmp_path / "link").symlink_to(path)
    report = lp.leak_check([tmp_path, tmp_path / "deep", path, tmp_path / "deep" / ".." / "deep", tmp_path / "link"])
    assert (len(report), report.searched, len(report.files)) == (1, 1, 1)


# -- notebooks ---------------------------------------------------------------------------------------------------------


def test_a_notebook_says_the_cell_and_the_place(tmp_path):
    path = put(tmp_path, "a.ipynb", notebook(source=f"key = '{BUSINESS_KEY}'", output=f"a\n{SOURCE_KEY}"))
    found = [(leak.cell, leak.place, leak.line, leak.kind) for leak in lp.leak_check(path)]
    assert found == [(1, "source", 1, "business key"), (1, "output 1, stdout", 2, "source key")]


@pytest.mark.parametrize("cut", [5, 60])
def test_a_notebook_that_is_no_json_is_searched_as_text(cut):
    content = notebook(output=SOURCE_KEY)[:-cut].encode()
    [leak] = leaks_in_bytes(content, name="a.ipynb")
    assert leak.place == "text"


@pytest.mark.parametrize(
    "content", ['["{}"]', '"{}"', "{}", '{{"a": "{}", "a": ""}}', '{{"a": ' + "[" * 2_000 + '"{}"' + "]" * 2_000 + "}}"]
)
def test_what_hides_from_the_parser_of_a_notebook_is_found(content):
    [leak] = leaks_in_bytes(content.format(SOURCE_KEY).encode(), name="a.ipynb")
    assert leak.hash == HASH


def test_escapes_in_the_json_of_a_notebook_are_read():
    key = "lp_test/0123+" + "example456789ABCdef"
    for escaped in (key.replace("/", "\\/"), key.replace("+", "\\u002B").replace("/", "\\u002F")):
        content = f'{{"cells": [], "metadata": {{"a": "{escaped}"}}}}'
        [leak] = leaks_in_bytes(content.encode(), name="a.ipynb")
        assert leak.place == "notebook metadata"


OPAQUE = "Bearer {}".format("test0123example4567ABCDEF")
TOKEN = (
    "eyJhbGciOiJIUzI1NiJ9."  # {"alg": "HS256"}
    "eyJzdWIiOiJ1c2VyX3Rlc3RfZXhhbXBsZSJ9."  # {"sub": "user_test_example"}
    "dGVzdC1leGFtcGxlLXRlc3QtZXhhbXBsZS10ZXN0LWU"
)


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("key", [SOURCE_KEY, BUSINESS_KEY, OPAQUE, OPAQUE.lower(), TOKEN])
def test_a_file_shows_what_the_same_notebook_in_memory_shows_wherever_its_source_is_cut(key, indent):
    for at in range(1, len(key)):
        source = ["import os\n", f"key = '{key[:at]}", f"{key[at:]}'\n", "print(key)"]
        content = {"cells": [{"cell_type": "code", "source": source, "outputs": []}], "metadata": {}}
        expected = lp.leaks_in_notebook(content)
        assert expected
        assert leaks_in_bytes(json.dumps(content, indent=indent).encode(), name="a.ipynb") == expected


@pytest.mark.parametrize("key", [SOURCE_KEY, OPAQUE, TOKEN])
def test_letters_that_are_escaped_in_the_json_of_a_notebook_hide_nothing(key):
    expected = lp.leaks_in_notebook({"cells": [], "metadata": {"a": key}})
    for at in range(len(key)):
        if key[at] != " ":
            escaped = f"{key[:at]}\\u{ord(key[at]):04x}{key[at + 1 :]}"
            content = f'{{"cells": [], "metadata": {{"a": "{escaped}"}}}}'
            assert leaks_in_bytes(content.encode(), name="a.ipynb") == expected


def test_an_escaped_letter_after_bearer_belongs_to_no_secret():
    content = json.dumps({"cells": [], "metadata": {"a": "Bearer ä123example456789XYZ"}}).encode()
    assert leaks_in_bytes(content, name="a.ipynb") == ()


def test_pictures_are_cut_out_but_nothing_else():
    content = b'{"image/png": "iVBOR", "image/jpeg" : "/9j", "image/svg+xml": "<svg", "a": "\\"image/png\\": \\"x\\""}'
    assert without_pictures(content) == content.replace(b"iVBOR", b"").replace(b"/9j", b"")
    for kept in (b'{"image/png": "lp_test"}', b'{"image/png": "a.b"}', b'{"image/png": ["a"]}', b'{"image/png": "a'):
        assert without_pictures(kept) == kept


def test_known_secrets_are_found_in_files_in_every_form(tmp_path):
    secret = lp.Secret("a-test/secret+of=example")
    put(tmp_path, "a.ipynb", notebook(output="a-test%2Fsecret%2Bof%3Dexample"))
    put(tmp_path, "b.txt", "YS10ZXN0L3NlY3JldCtvZj1leGFtcGxl")
    put(tmp_path, "c.ipynb", notebook(source="k = ('a-test/secret'\n     '+of=example')"))
    found = [leak.encoding for leak in lp.leak_check(tmp_path, known=[secret])]
    assert found == ["URL-encoded", "base64", "split"]
    assert lp.leak_check(tmp_path).ok


# -- the allow-list ----------------------------------------------------------------------------------------------------


def test_what_the_list_allows_is_no_leak_and_counted(tmp_path):
    put(tmp_path, "deep/a.txt")
    put(tmp_path, ".leadping-leaks-allow", f"# ours\n\n{HASH}  # made up for a test\n")
    for path in (tmp_path, tmp_path / "deep", tmp_path / "deep" / "a.txt"):
        report = lp.leak_check(path)
        assert (report.ok, report.allowed) == (True, 1)
    assert "1 finding allowed" in repr(report)
    assert len(lp.leak_check(tmp_path, allow=())) == 1


def test_an_allow_list_can_be_named_or_given(tmp_path):
    put(tmp_path, "a.txt")
    listed = put(tmp_path, "list", f"{HASH} # made up\n")
    assert lp.leak_check(tmp_path, allow=listed).ok
    assert lp.leak_check(tmp_path, allow=[HASH]).ok


def test_what_is_allowed_is_the_same_however_a_file_is_reached(tmp_path):
    put(tmp_path, "sub/a.txt")
    put(tmp_path, "sub/b.txt", BUSINESS_KEY)
    put(tmp_path, "c.txt")
    put(tmp_path, "sub/.leadping-leaks-allow", f"{HASH}  # made up for a test\n")
    put(tmp_path, ".leadping-leaks-allow", f"{digest(BUSINESS_KEY)}  # made up for a test\n")
    for paths in (tmp_path, [tmp_path / "c.txt", tmp_path / "sub"], [tmp_path / "sub/a.txt", tmp_path]):
        report = lp.leak_check(paths)
        assert [leak.file for leak in report] == [str(tmp_path / "c.txt")]
        assert report.allowed == 2
        assert [file.path for file in plan_fixes(report).files if file.changes] == [tmp_path / "c.txt"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_an_allow_list_may_be_in_any_encoding_that_it_marks(tmp_path, encoding):
    put(tmp_path, "a.txt")
    (tmp_path / ".leadping-leaks-allow").write_text(f"{HASH}  # für einen Test\r\n", encoding=encoding)
    assert lp.leak_check(tmp_path).allowed == 1


@pytest.mark.parametrize(
    ("content", "why"), [("ab\0", "it is no text. Save it as UTF-8."), ("a line\n", "Line 1 of the allow-list")]
)
def test_an_allow_list_with_a_fault_is_named(tmp_path, content, why):
    put(tmp_path, "deep/a.txt")
    listed = put(tmp_path, ".leadping-leaks-allow", content)
    with pytest.raises(lp.LeadpingError) as refused:
        lp.leak_check(tmp_path)
    assert why in str(refused.value)
    assert f"the allow-list {listed}" in str(refused.value).replace("The", "the")


def test_a_list_above_the_repository_does_not_count(tmp_path):
    put(tmp_path, ".leadping-leaks-allow", f"{HASH}  # elsewhere\n")
    put(tmp_path, "repository/.git/HEAD", "")
    put(tmp_path, "repository/a.txt")
    assert len(lp.leak_check(tmp_path / "repository")) == 1


@pytest.mark.parametrize("line", [SOURCE_KEY, HASH, f"{HASH}  #", f"{HASH}0  # why"])
def test_a_line_that_is_no_hash_with_a_reason_is_refused_without_echo(line):
    with pytest.raises(lp.LeadpingError, match="Line 2 of the allow-list") as refused:
        allowed_by(f"# first\n{line}\n")
    assert line not in str(refused.value)


def test_an_allow_list_that_cannot_be_read_is_an_error(tmp_path):
    with pytest.raises(lp.LeadpingError, match="cannot be read"):
        lp.leak_check(tmp_path, allow=tmp_path / "missing")


def test_this_repository_is_clean():
    report = lp.leak_check(ROOT)
    assert list(report) == []
    assert report.searched > 300


# -- reports -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def report(tmp_path):
    put(tmp_path, "a b.ipynb", notebook(output=SOURCE_KEY))
    put(tmp_path, "b.txt", f"x\n{BUSINESS_KEY} <b>")
    return lp.leak_check(tmp_path)


def test_a_report_is_a_sequence_a_frame_a_page_and_a_text_without_a_secret(report):
    assert (len(report), report[0].kind, len(report[:1]), report.ok) == (2, "source key", 1, False)
    assert report.frame["cell"].isna().tolist() == [False, True]
    assert report.frame["line"].tolist() == [1, 2]
    assert list(lp.LeakReport().frame.columns) == list(report.frame.columns)
    for shown in (repr(report), report._repr_html_(), report.frame.to_csv(), json.dumps(report.to_json())):
        assert HASH in shown
        assert "https://leadping.ai/api-keys" in shown
        assert SOURCE_KEY not in shown
        assert BUSINESS_KEY not in shown
    assert repr(report).endswith("2 leaks in 2 of 2 files.")


def test_findings_that_differ_in_their_lines_alone_are_one_line_of_the_report(tmp_path):
    path = put(tmp_path, "a.log", f"{SOURCE_KEY}\n" * 1_234 + f"{BUSINESS_KEY}\n")
    put(tmp_path, "b.log", f"{SOURCE_KEY}\n" * 2)
    report = lp.leak_check(tmp_path)
    first, second, third, *rest = repr(report).split("\n")
    assert first == f"{path}: text, 1,234 lines (1, 2, 3, …): source key #{HASH}"
    assert second == f"{path}: text, line 1235: business key #{digest(BUSINESS_KEY)}"
    assert third.endswith(f"b.log: text, 2 lines (1, 2): source key #{HASH}")
    assert (len(rest), rest[-1]) == (3, "1,237 leaks in 2 of 2 files.")
    assert report._repr_html_().count("<tr>") == 4
    assert len(report.frame) == len(report.to_json()["leaks"]) == len(report) == 1_237


def test_sarif_says_where_and_what_to_do(report):
    sarif = to_sarif(report)
    [run] = sarif["runs"]
    first, second = run["results"]
    assert (sarif["version"], first["ruleId"], first["partialFingerprints"]) == (
        "2.1.0", "source-key", {"secretHash/v1": HASH},
    )  # fmt: skip
    assert first["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "cell 1, output 1, stdout, line 1"}]
    assert first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].endswith("/a%20b.ipynb")
    assert second["locations"][0]["physicalLocation"]["region"] == {"startLine": 2}
    assert run["tool"]["driver"]["rules"][second["ruleIndex"]]["id"] == "business-key"
    assert run["invocations"][0]["executionSuccessful"]
    assert SOURCE_KEY not in json.dumps(sarif)


def test_articles_fit_the_kinds(tmp_path):
    put(tmp_path, "a.ipynb", notebook(output="sk_test" + "0123example456789abc"))
    report = lp.leak_check(tmp_path)
    shown = json.dumps(to_sarif(report)) + repr(plan_fixes(report))
    assert "An organization key (#" in shown
    assert "An organization key in a file." in shown
    assert "they hold an organization key" in shown
    assert "A user token in a file." in shown


def test_sarif_names_what_was_not_searched():
    [run] = to_sarif(lp.LeakReport(unreadable=(("a b.txt", "It cannot be read"),)))["runs"]
    [notification] = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b.txt"


def test_a_file_without_permission_is_reported(tmp_path, monkeypatch):
    put(tmp_path, "a.txt")

    def refused(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    [(file, why)] = lp.leak_check(tmp_path).unreadable
    assert file == str(tmp_path / "a.txt")
    assert "Permission" in why
