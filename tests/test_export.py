import errno
import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from IPython.core.formatters import DisplayFormatter

import leadping_nb as lp
from leadping_nb.contracts import contract
from leadping_nb.errors import IncompleteFrameWarning, LeadpingError
from leadping_nb.export.manifest import MANIFEST, Part
from leadping_nb.export.parts import Parts
from leadping_nb.export.schema import is_json
from leadping_nb.export.seen import Seen
from leadping_nb.export.tables import empty_table, table_of
from leadping_nb.frames.blocks import BlockReader
from leadping_nb.models import Field

LEADS = "/leads/all/my"
PAGE = {"page_size": 25, "rows_per_file": 50}
OF_DASK = pytest.mark.filterwarnings("ignore:The inplace keyword")  # of pandas 3.1, which Dask 2026.8 is not ready for
CHILD = Path(__file__).with_name("export_child.py")


@pytest.fixture(scope="module")
def sandbox():
    with lp.Sandbox(leads=240, rate_limit=None) as made:
        yield made


@pytest.fixture
def api(sandbox):
    sandbox.faults.off()
    with lp.connect(sandbox, rate_limit=None) as connected:
        yield connected
    sandbox.faults.off()


def ids(folder):
    return ds.dataset(folder).to_table(columns=["id"])["id"].to_pylist()


def expected_ids(api):
    return [row["id"] for row in api.rows("leads")]


def manifest(folder):
    return json.loads((folder / MANIFEST).read_text())


def visible(folder):
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


# What is written


def test_a_list_becomes_files_of_whole_pages_with_a_manifest(api, tmp_path):
    export = api.export("leads", tmp_path / "leads", **PAGE)
    assert [pq.read_metadata(path).num_rows for path in export.files] == [50, 50, 50, 50, 40]
    assert (export.rows, export.complete, export.reason) == (240, True, None)
    assert ids(export.folder) == expected_ids(api)
    found = manifest(export.folder)
    assert [part["name"] for part in found["parts"]] == [f"part-{number:05}.parquet" for number in range(5)]
    assert (found["pages"], found["total"], found["cursor"]) == (10, 240, None)
    assert found["operation"] == "POST /leads/all/my"
    assert found["options"]["page_size"] == 25
    assert pq.read_metadata(export.files[0]).row_group(0).column(0).compression == "ZSTD"


def test_the_frame_of_an_export_is_the_frame_of_the_list(api, tmp_path):
    export = api.export("leads", tmp_path / "leads", **PAGE)
    frame = export.frame()
    pd.testing.assert_frame_equal(frame, api.frame("leads", page_size=25))
    assert frame.attrs["leadping"]["complete"] is True


@pytest.mark.parametrize("name", ["events", "calls", "usage", "transactions", "sources", "tags", "automations"])
def test_any_list_can_be_exported(api, tmp_path, name):
    export = api.export(name, tmp_path / name)
    frame = api.frame(name)
    assert export.complete
    assert export.frame().dtypes.astype(str).to_dict() == frame.dtypes.astype(str).to_dict()
    assert len(export.frame()) == len(frame)


def test_a_list_without_rows_becomes_a_file_with_every_column_of_the_model(api, tmp_path):
    export = api.export("leads", tmp_path / "leads", filters={"status": "no such status"})
    schema = ds.dataset(export).schema
    assert (export.rows, len(export.files), export.complete) == (0, 1, True)
    assert schema.names == list(contract().models.columns("LeadTableRow"))
    assert schema.field("archivedAt").type == pa.timestamp("ns", "UTC")
    assert schema.field("tags").type.value_type.field("name").type == pa.string()
    assert export.frame().dtypes.equals(api.frame("leads", filters={"status": "no such status"}).dtypes)


def test_the_progress_ends_with_the_line_of_the_passport(api, tmp_path, capsys):
    api.export("leads", tmp_path / "leads", progress=True, **PAGE)
    api.export("leads", tmp_path / "leads", progress=True, **PAGE)
    assert capsys.readouterr().err.splitlines() == ["leads: 240 rows in 10 pages, complete."] * 2


def test_an_export_shows_what_it_holds(api, tmp_path):
    export = api.export("leads", tmp_path / "<leads>", **PAGE)
    assert str(export).endswith("240 rows in 10 pages, complete; 5 files.")
    assert "&lt;leads&gt;" in export._repr_html_()
    assert "<td>240</td>" in export._repr_html_()
    assert export.passport["rows"] == 240


def test_no_credential_is_in_the_folder(api, sandbox, tmp_path):
    export = api.export("leads", tmp_path / "leads", **PAGE)
    token = sandbox.user_token.encode()
    assert not any(token in path.read_bytes() for path in export.folder.iterdir())


# Going on


def test_a_complete_export_says_so_and_asks_nothing(api, sandbox, tmp_path):
    api.export("leads", tmp_path / "leads", **PAGE)
    before = len(sandbox.requests)
    again = api.export("leads", tmp_path / "leads", **PAGE)
    assert again.complete
    assert again.rows == 240
    assert len(sandbox.requests) == before


@pytest.mark.parametrize("k", range(1, 4))
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_process_that_is_killed_loses_nothing_but_the_file_it_was_writing(api, sandbox, tmp_path, k, moment):
    folder, token = tmp_path / "leads", sandbox.user_token
    command = [sys.executable, str(CHILD), sandbox.url, str(folder), str(2 * k), moment]
    ended = subprocess.run(command, input=token, text=True, check=False, cwd=CHILD.parent.parent)
    assert ended.returncode == -signal.SIGKILL
    safe = 50 * (k - 1)
    assert manifest(folder)["rows"] == safe
    before = len(sandbox.requests)
    export = api.export("leads", folder, **PAGE)
    assert ids(folder) == expected_ids(api)
    assert export.complete
    lists = [request for request in sandbox.requests[before:] if request.path == LEADS and request.status == 200]
    asked = (240 - safe + 24) // 25 + 2  # and two of those that count
    assert len(lists) in (asked, asked + 1)  # what the killed process had asked for may be answered late
    assert list(folder.glob(".*")) == []


class Killed(BaseException):
    """As if the process ended here."""


def breaking(monkeypatch, k, error):
    """Let the k-th call that makes something durable fail."""
    left = [k]

    def wrapped(call):
        def made(*arguments):
            left[0] -= 1
            if left[0] == 0:
                raise error
            return call(*arguments)

        return made

    monkeypatch.setattr(os, "fsync", wrapped(os.fsync))
    monkeypatch.setattr(os, "replace", wrapped(os.replace))
    return left


def message_of(api, folder):
    """Export as far as it goes, and give what an error of ours says."""
    try:
        with suppress(Killed):
            api.export("leads", folder, page_size=50, rows_per_file=100)
    except LeadpingError as error:
        return error.message
    return None


@pytest.mark.parametrize("error", [Killed(), OSError(errno.ENOSPC, "No space left on device")])
def test_each_row_is_there_once_wherever_it_broke(sandbox, api, tmp_path, error):
    wanted = [row["id"] for row in api.rows("leads", page_size=50)]
    k, broke = 0, True
    while broke:
        k, folder = k + 1, tmp_path / f"leads{k}"
        sandbox.faults.on("late_key", path=LEADS)
        with pytest.MonkeyPatch.context() as patch:
            left = breaking(patch, k, error)
            said = message_of(api, folder)
            broke = left[0] <= 0
        if said is not None:
            safe = manifest(folder)["rows"] if (folder / MANIFEST).exists() else 0
            assert f"The disk is full: {safe} rows in " in said, k
        export = api.export("leads", folder, page_size=50, rows_per_file=100)
        assert export.complete, k
        assert ids(folder) == wanted, k
        assert "lateKey" in ds.dataset(folder).schema.names
        assert visible(folder) == [MANIFEST, *(path.name for path in export.files)], k
    assert k > 20


def test_a_full_disk_says_how_many_rows_are_safe_and_the_next_call_goes_on(api, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        breaking(patch, 17, OSError(errno.ENOSPC, "No space left on device"))
        with pytest.raises(
            LeadpingError, match=r"The disk is full: \d+ rows in \d files .* safe.*call export again"
        ) as raised:
            api.export("leads", tmp_path / "leads", **PAGE)
    assert f"{manifest(tmp_path / 'leads')['rows']} rows" in str(raised.value)
    assert api.export("leads", tmp_path / "leads", **PAGE).rows == 240


def test_a_credential_that_dies_leaves_what_came_and_another_goes_on(api, sandbox, tmp_path):
    sandbox.faults.on("expired_in_mid_load", path=LEADS, after=2)
    with pytest.warns(IncompleteFrameWarning, match="The export stopped after 75 rows in 3 pages"):
        export = api.export("leads", tmp_path / "leads", **PAGE)
    assert [pq.read_metadata(path).num_rows for path in export.files] == [50, 25]
    assert not export.complete
    assert "401" in export.reason
    sandbox.faults.off()
    with lp.connect(sandbox.business_key, base_url=sandbox.url, rate_limit=None) as other:
        export = other.export("leads", tmp_path / "leads", **PAGE)
    assert export.complete
    assert ids(export.folder) == expected_ids(api)
    assert export.passport["key_type"] == "business key"


def test_a_new_export_whose_first_page_fails_raises_and_leaves_no_folder(api, sandbox, tmp_path):
    sandbox.faults.on("server_error", path=LEADS)
    with pytest.raises(lp.ServerError):
        api.export("leads", tmp_path / "leads", **PAGE)
    assert not (tmp_path / "leads").exists()


def test_going_on_and_failing_at_once_keeps_what_was_there(api, sandbox, tmp_path):
    sandbox.faults.on("forbidden_in_mid_load", path=LEADS)
    for _ in range(2):
        with pytest.warns(IncompleteFrameWarning, match="25 rows in 1 page:"):
            export = api.export("leads", tmp_path / "leads", **PAGE)
    assert export.rows == 25


def test_an_interrupted_export_keeps_what_came(api, sandbox, tmp_path, monkeypatch):
    pages = api._session.read
    asked = []

    def read(*arguments, **options):
        asked.append(1)
        if len(asked) == 4:
            raise KeyboardInterrupt
        return pages(*arguments, **options)

    monkeypatch.setattr(api._session, "read", read)
    with pytest.warns(IncompleteFrameWarning, match="It was interrupted after 75 rows in 3 pages"):
        api.export("leads", tmp_path / "leads", **PAGE)
    assert api.export("leads", tmp_path / "leads", **PAGE).complete
    assert ids(tmp_path / "leads") == expected_ids(api)


def test_a_page_that_is_cut_off_is_asked_for_again_by_the_next_call(api, sandbox, tmp_path):
    sandbox.faults.on("items_of_text", path=LEADS, after=3)
    with pytest.warns(IncompleteFrameWarning, match="after 75 rows in 3 pages"):
        api.export("leads", tmp_path / "leads", **PAGE)
    sandbox.faults.off()
    assert api.export("leads", tmp_path / "leads", **PAGE).complete
    assert ids(tmp_path / "leads") == expected_ids(api)


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("leads", {"page_size": 50}),
        ("leads", {"page_size": 25, "filters": {"status": "New"}}),
        ("events", {"page_size": 25}),
    ],
)
def test_an_export_is_not_gone_on_with_by_other_options(api, tmp_path, name, query):
    api.export("leads", tmp_path / "leads", **PAGE)
    with pytest.raises(LeadpingError) as raised:
        api.export(name, tmp_path / "leads", **query)
    assert '"page_size": 25' in str(raised.value)
    assert f'"page_size": {query["page_size"]}' in str(raised.value)
    assert ids(tmp_path / "leads") == expected_ids(api)


def test_an_export_is_not_gone_on_with_by_another_revision(api, tmp_path):
    api.export("leads", tmp_path / "leads", **PAGE)
    with (
        lp.Sandbox(leads=10, revision="2026-10-26") as newer,
        lp.connect(newer) as other,
        pytest.raises(LeadpingError, match=r"2026-07-05.*2026-10-26"),
    ):
        other.export("leads", tmp_path / "leads", **PAGE)


def test_a_folder_of_other_files_is_left_alone(api, tmp_path):
    (tmp_path / "part-00000.parquet").write_text("somebody's")
    with pytest.raises(LeadpingError, match="holds no export"):
        api.export("leads", tmp_path, **PAGE)
    assert visible(tmp_path) == ["part-00000.parquet"]


def test_an_export_goes_into_the_home_folder(api, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    export = api.export("leads", "~/leads", **PAGE)
    assert export.folder == tmp_path / "leads"
    assert len(export.frame()) == len(lp.to_dask("~/leads")) == 240
    assert visible(tmp_path) == ["leads"]


def test_hidden_files_are_no_others_and_stay(api, tmp_path):
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".DS_Store").write_text("the Finder's")
    assert len(pd.read_parquet(api.export("leads", tmp_path, **PAGE).folder)) == 240
    assert (tmp_path / ".ipynb_checkpoints").is_dir()
    assert (tmp_path / ".DS_Store").read_text() == "the Finder's"


def test_a_folder_that_cannot_be_read_is_an_error_that_says_why(api, tmp_path):
    (tmp_path / MANIFEST).mkdir()
    with pytest.raises(LeadpingError, match=r"cannot be read \(Is a directory\)"):
        api.export("leads", tmp_path, **PAGE)


@OF_DASK
def test_dask_says_why_an_export_cannot_be_read(tmp_path):
    (tmp_path / MANIFEST).mkdir()
    with pytest.raises(LeadpingError, match=r"cannot be read \(Is a directory\)"):
        lp.to_dask(tmp_path)


def test_where_nothing_can_be_written_nothing_is_asked_for(api, sandbox, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("a file and no folder")
    asked = len(sandbox.requests)
    with pytest.raises(LeadpingError, match="takes no files"):
        api.export("leads", tmp_path / "file" / "leads", **PAGE)
    monkeypatch.setattr(os, "access", lambda place, mode: place != tmp_path)
    with pytest.raises(LeadpingError, match="takes no files"):
        api.export("leads", tmp_path / "new" / "leads", **PAGE)
    assert len(sandbox.requests) == asked


def test_the_frame_of_an_export_that_is_not_whole_says_so_above_itself(api, sandbox, tmp_path, monkeypatch):
    sandbox.faults.on("forbidden_in_mid_load", path=LEADS)
    with pytest.warns(IncompleteFrameWarning):
        export = api.export("leads", tmp_path / "leads", **PAGE)
    notebook = SimpleNamespace(display_formatter=DisplayFormatter())
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: notebook))
    shown, _ = notebook.display_formatter.format(export.frame())
    assert "<strong>Not complete:</strong> The export stopped after" in shown["text/html"]


def test_a_manifest_that_is_none_is_an_error(api, tmp_path):
    (tmp_path / MANIFEST).write_text("[]")
    with pytest.raises(LeadpingError, match="no manifest"):
        api.export("leads", tmp_path, **PAGE)


def test_a_file_that_is_missing_is_an_error_that_names_it(api, sandbox, tmp_path):
    sandbox.faults.on("forbidden_in_mid_load", path=LEADS)
    with pytest.warns(IncompleteFrameWarning):
        export = api.export("leads", tmp_path / "leads", **PAGE)
    export.files[0].unlink()
    with pytest.raises(LeadpingError, match=r"part-00000\.parquet is missing or damaged"):
        api.export("leads", tmp_path / "leads", **PAGE)


@pytest.mark.parametrize("spoilt", [lambda size: slice(4, size // 2), lambda size: slice(size - 40, size)])
def test_a_file_that_was_damaged_is_an_error_whoever_reads_it(api, sandbox, tmp_path, spoilt):
    sandbox.faults.on("forbidden_in_mid_load", path=LEADS)
    with pytest.warns(IncompleteFrameWarning):
        export = api.export("leads", tmp_path / "leads", **PAGE)
    content = bytearray(export.files[0].read_bytes())
    place = spoilt(len(content))
    content[place] = b"\xff" * (place.stop - place.start)
    export.files[0].write_bytes(content)
    with pytest.raises(LeadpingError, match=r"part-00000\.parquet is missing or damaged"):
        api.export("leads", tmp_path / "leads", **PAGE)
    with pytest.raises(LeadpingError, match="is damaged"):
        export.frame()


@OF_DASK
def test_readers_of_ours_take_the_files_that_count_and_miss_none(api, tmp_path):
    export = api.export("leads", tmp_path / "leads", **PAGE)
    (export.folder / "part-00099.parquet").write_bytes(export.files[0].read_bytes())
    assert len(lp.to_dask(export)) == len(export.frame()) == 240
    export.files[1].unlink()
    for read in (export.frame, lambda: lp.to_dask(export)):
        with pytest.raises(LeadpingError, match=r"part-00001\.parquet is missing or damaged"):
            read()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no flock")
def test_two_exports_do_not_write_to_one_folder(api, sandbox, tmp_path):
    import fcntl

    (tmp_path / "leads").mkdir()
    opened = os.open(tmp_path / "leads", os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        with pytest.raises(LeadpingError, match="Another export writes"):
            api.export("leads", tmp_path / "leads", **PAGE)
    finally:
        os.close(opened)


@pytest.mark.parametrize("fault", ["repeated_cursor", "cursor_loop", "repeated_page"])
def test_a_list_that_goes_in_circles_is_not_complete_and_has_no_row_twice(api, sandbox, tmp_path, fault):
    sandbox.faults.on(fault, path=LEADS)
    for _ in range(2):
        with pytest.warns(IncompleteFrameWarning):
            export = api.export("leads", tmp_path / "leads", **PAGE)
        assert not export.complete
        assert max(Counter(ids(export.folder)).values()) == 1


@pytest.mark.parametrize("fault", ["overlapping_page", "changed_row"])
def test_rows_that_come_twice_are_left_out_and_counted_across_files(api, sandbox, tmp_path, fault):
    sandbox.faults.on(fault, path=LEADS)
    export = api.export("leads", tmp_path / "leads", **PAGE)
    assert ids(export.folder) == expected_ids_without_fault(sandbox)
    assert export.passport["dropped"] > 5
    assert any("came twice" in note for note in export.passport["notes"])


def expected_ids_without_fault(sandbox):
    sandbox.faults.off()
    with lp.connect(sandbox, rate_limit=None) as api:
        return expected_ids(api)


def test_a_row_that_is_missing_is_said_also_by_the_next_call(api, sandbox, tmp_path):
    sandbox.faults.on("missing_row", path=LEADS)
    for _ in range(2):
        with pytest.warns(IncompleteFrameWarning, match="The server counts 240 rows and gave 239"):
            export = api.export("leads", tmp_path / "leads", **PAGE)
    assert export.rows == 239


@pytest.mark.parametrize("fault", ["empty_page", "larger_page", "smaller_page", "no_count", "deep_json", "gzip"])
def test_odd_pages_are_exported_whole(api, sandbox, tmp_path, fault):
    wanted = expected_ids(api)
    sandbox.faults.on(fault, path=LEADS)
    export = api.export("leads", tmp_path / "leads", **PAGE)
    assert export.complete
    assert ids(export.folder) == wanted


@pytest.mark.parametrize(("fault", "column"), [("wide_number", "wideNumber"), ("lone_surrogate", "oddText")])
def test_what_no_type_holds_is_json_text_and_comes_back_as_it_was(api, sandbox, tmp_path, fault, column):
    sandbox.faults.on(fault, path=LEADS)
    export = api.export("leads", tmp_path / "leads", **PAGE)
    assert is_json(ds.dataset(export).schema.field(column))
    first = export.frame()[column].dropna().iloc[0]
    assert first == {"wideNumber": 10**30, "oddText": "half \ud83d of it"}[column]
    assert any(note.startswith(f"{column}: no type of Arrow") for note in export.passport["notes"])


def test_the_notes_speak_of_what_is_in_the_files():
    reader = BlockReader({})
    block = reader.read(b'{"items": [{"mixed": 1, "lists": [{"a": 1}]}, {"mixed": "a", "lists": [{"b": 2}]}]}')
    table, notes = table_of([block], reader.shape, {}, ())
    assert table["lists"].to_pylist() == [[{"a": 1, "b": None}], [{"a": None, "b": 2}]]
    assert notes == ["mixed: no type of Arrow holds its values, so it is JSON text."]


def test_a_type_that_changes_is_an_error_and_what_was_written_stays(api, sandbox, tmp_path):
    sandbox.faults.on("type_change", path=LEADS)
    for _ in range(2):
        with pytest.raises(LeadpingError, match=r"firstName: the files so far hold text, and .* whole numbers"):
            api.export("leads", tmp_path / "leads", **PAGE)
        assert manifest(tmp_path / "leads")["rows"] == 50
    sandbox.faults.off()
    assert api.export("leads", tmp_path / "leads", **PAGE).complete
    assert ids(tmp_path / "leads") == expected_ids(api)


@pytest.mark.parametrize("rows", [0, -1])
def test_a_file_needs_a_row(api, tmp_path, rows):
    with pytest.raises(LeadpingError, match="rows_per_file"):
        api.export("leads", tmp_path / "leads", rows_per_file=rows)


# Schemas that grow


def written(folder, *files, model=None, fields=None):
    """Write files of rows, each of which is a list of batches."""
    known = contract().models
    fields = fields or (known.columns(model) if model else {})
    schema = empty_table(fields, known).schema
    made: list[Part] = []
    parts, reader = Parts(folder, schema, made), BlockReader(fields)
    for batches in files:
        for rows in batches:
            table, _ = table_of([reader.read_rows(rows)], reader.shape, fields, parts.as_json)
            parts.add(table)
        parts.write()
    parts.align()
    return ds.dataset(folder)


def values_of(dataset, name):
    return dataset.to_table()[name].to_pylist()


@pytest.mark.parametrize(
    ("first", "second", "type_"),
    [
        (None, "text", pa.string()),
        (None, [{"a": 1}], pa.list_(pa.struct([("a", pa.int64())]))),
        (1, 2.5, pa.float64()),
        (2.5, 1, pa.float64()),
        (7, 2**64 - 1, pa.uint64()),
        ([], ["text"], pa.list_(pa.string())),
        ([1], [2.5], pa.list_(pa.float64())),
        ([{"a": 1}], [{"a": 2.5, "b": None}], pa.list_(pa.struct([("a", pa.float64()), ("b", pa.null())]))),
        ([{"a": None}], [{"a": {"b": [1]}}], None),
    ],
)
def test_a_column_gets_a_type_that_holds_old_and_new_values(tmp_path, first, second, type_):
    dataset = written(tmp_path, [[{"x": first}]], [[{"x": second}]], [[{"x": first}]])
    if type_ is not None:
        assert dataset.schema.field("x").type == type_
    if not isinstance(first, list) or not first or first == [1]:
        assert values_of(dataset, "x") == [first, second, first]
    assert {pq.read_schema(path) == dataset.schema for path in dataset.files} == {True}


def test_a_member_that_comes_late_in_objects_of_lists_is_null_in_the_earlier_ones(tmp_path):
    dataset = written(tmp_path, [[{"x": [{"a": 1}]}]], [[{"x": [{"b": "text"}]}]])
    assert values_of(dataset, "x") == [[{"a": 1, "b": None}], [{"a": None, "b": "text"}]]


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (1, "text", "x: the files so far hold whole numbers, and what comes now is text"),
        ("text", True, "x: the files so far hold text, and what comes now is true or false"),
        (2**53 + 1, 2.5, "x: the files so far hold whole numbers, and what comes now is fractions"),
        ([1], ["text"], "x: the files so far hold list<"),
        ("text", ["text"], "x: the files so far hold text, and what comes now is list<"),
        ("text", 10**30, "x: the files so far hold text, and what comes now is values of several kinds"),
    ],
)
def test_what_does_not_fit_what_was_written_is_an_error_that_names_both_types(tmp_path, first, second, said):
    with pytest.raises(LeadpingError, match=said.replace("<", r"\<")):
        written(tmp_path, [[{"x": first}]], [[{"x": second}]])


@pytest.mark.parametrize(
    ("first", "second"),
    [(1, "text"), ("text", [{"a": 1}]), (2**53 + 1, 2.5), (True, 10**30), ("2026-01-02", 7), (10**30, "text")],
)
def test_what_was_not_written_yet_becomes_json_text(tmp_path, first, second):
    dataset = written(tmp_path, [[{"x": first}], [{"x": second}], [{"x": None}]], [[{"x": first}]])
    assert is_json(dataset.schema.field("x"))
    texts = values_of(dataset, "x")
    assert [None if text is None else json.loads(text) for text in texts] == [first, second, None, first]


@pytest.mark.parametrize(
    ("values", "type_", "found"),
    [
        ([[{"a": 1}], None, [{"b": "text"}, None]], pa.list_(pa.struct([("a", pa.int64()), ("b", pa.string())])), None),
        ([[{"a": [1]}], [{"b": {"c": 2.5}}]], None, [[{"a": [1], "b": None}], [{"a": None, "b": {"c": 2.5}}]]),
    ],
)
def test_objects_in_lists_have_all_members_that_any_of_them_has(tmp_path, values, type_, found):
    dataset = written(tmp_path, [[{"x": value} for value in values]])
    assert type_ is None or dataset.schema.field("x").type == type_
    wanted = found or [[{"a": 1, "b": None}], None, [{"a": None, "b": "text"}, None]]
    assert values_of(dataset, "x") == wanted


@pytest.mark.parametrize(
    "values",
    [
        [[{}]],
        [[1, "text"]],
        [[{"a": 1}], [{"a": "text"}, {"b": 1}]],
        [[1], "text"],
        [[[[[[[[[[[1]]]]]]]]]]],
        [{"a": 1}, 7],
        [[10**30]],
        ["half \ud83d"],
    ],
)
def test_values_that_share_no_type_are_json_text(tmp_path, values):
    dataset = written(tmp_path, [[{"x": value} for value in values]])
    assert is_json(dataset.schema.field("x"))
    assert [json.loads(text) for text in values_of(dataset, "x")] == values


@pytest.mark.parametrize(
    ("field", "first", "text"),
    [
        (Field("x", "number", format="decimal"), 1.25, "1.250000"),
        (Field("x", "string", format="date"), "2026-01-02", '"2026-01-02"'),
    ],
)
def test_money_and_dates_become_json_text_without_loss(tmp_path, field, first, text):
    typed = written(tmp_path, [[{"x": first}]], fields={"x": field}).schema.field("x").type
    assert typed in (pa.decimal128(18, 6), pa.date32())
    dataset = written(tmp_path, [[{"x": first}], [{"x": ["other"]}]], fields={"x": field})
    assert values_of(dataset, "x") == [text, '["other"]']


def test_times_that_become_json_text_keep_every_digit(tmp_path):
    dataset = written(tmp_path, [[{"sentAt": "2026-01-02T03:04:05.1234567Z"}], [{"sentAt": 7}]])
    assert values_of(dataset, "sentAt") == ['"2026-01-02T03:04:05.123456700Z"', "7"]


def test_times_that_nanoseconds_do_not_hold_turn_the_column_to_microseconds(tmp_path):
    rows = [[{"createdAt": "2026-01-02T03:04:05.123456Z"}]], [[{"createdAt": "0001-01-01T00:00:00Z"}]]
    dataset = written(tmp_path, *rows, model="LeadTableRow")
    assert dataset.schema.field("createdAt").type == pa.timestamp("us", "UTC")
    assert [value.year for value in values_of(dataset, "createdAt")] == [2026, 1]


def test_times_whose_digits_would_be_lost_are_an_error(tmp_path):
    rows = [[{"createdAt": "2026-01-02T03:04:05.1234567Z"}]], [[{"createdAt": "0001-01-01T00:00:00Z"}]]
    with pytest.raises(LeadpingError, match="createdAt: the files so far hold times"):
        written(tmp_path, *rows, model="LeadTableRow")


def test_a_promise_that_was_not_used_yet_gives_way(tmp_path):
    dataset = written(tmp_path, [[{"archiveReason": None}]], [[{"archiveReason": "text"}]], model="LeadTableRow")
    assert values_of(dataset, "archiveReason") == [None, "text"]


def test_free_maps_and_money_and_lists_have_the_types_of_the_model(tmp_path):
    known = contract().models
    schemas = {name: empty_table(known.columns(name), known).schema for name in known.specs}
    kinds = Counter(
        (entry.type, entry.format == "decimal", is_json(schemas[name].field(column)))
        for name in known.specs
        for column, entry in known.columns(name).items()
        if entry.type == "map" or entry.format == "decimal"
    )
    assert set(kinds) <= {("map", False, True), ("number", True, False)}
    assert kinds["map", False, True] > 0
    for schema in schemas.values():
        pq.write_table(schema.empty_table(), tmp_path / "empty.parquet")


def test_ids_are_known_again_whatever_came_between():
    seen = Seen()
    texts = [f"id{number % 700}" for number in range(5_000)]
    fresh = [
        entry for start in range(0, 5_000, 64) for entry in seen.news(pa.chunked_array([texts[start : start + 64]]))
    ]
    assert sum(fresh) == 700
    assert all(fresh[:700])
    assert seen.news(pa.chunked_array([pa.array([None, None], pa.string())])).all()


def test_rows_whose_ids_are_lists_are_all_kept(tmp_path):
    rows = [[{"id": ["a"]}, {"id": ["a"]}]]
    assert values_of(written(tmp_path, rows, rows), "id") == [["a"]] * 4


# Readers


@pytest.fixture
def late(api, sandbox, tmp_path):
    """An export in which a column came with the third page."""
    sandbox.faults.on("late_key", path=LEADS)
    return api.export("leads", tmp_path / "leads", **PAGE)


@OF_DASK
def test_every_reader_sees_a_column_that_came_late_without_any_option(late):
    folder, files = late.folder, str(late.folder / "*.parquet")
    counts = {
        "pyarrow": len(ds.dataset(folder).to_table(columns=["lateKey"]).drop_null()),
        "pandas": int(pd.read_parquet(folder)["lateKey"].notna().sum()),
        "ours": int(late.frame()["lateKey"].notna().sum()),
        "duckdb": duckdb.sql(f"SELECT count(lateKey) FROM '{files}'").fetchall()[0][0],  # noqa: S608  # our folder
        "polars": pl.scan_parquet(files).select(pl.col("lateKey").count()).collect().item(),
        "dask": int(lp.to_dask(late)["lateKey"].notnull().sum().compute(scheduler="synchronous")),
    }
    assert set(counts.values()) == {190}, counts


def test_a_plain_dataset_sees_late_columns_also_after_a_kill(api, sandbox, tmp_path, monkeypatch):
    folder = tmp_path / "leads"
    sandbox.faults.on("late_key", path=LEADS)
    with monkeypatch.context() as patch:
        breaking(patch, 26, Killed())
        with pytest.raises(Killed):
            api.export("leads", folder, page_size=25, rows_per_file=25)
    files = [str(folder / part["name"]) for part in manifest(folder)["parts"]]
    assert ["lateKey" in pq.read_schema(file).names for file in files] == [True, False, True]
    assert "lateKey" in ds.dataset(folder).schema.names
    assert "lateKey" in pd.read_parquet(folder)
    united = duckdb.sql(f"SELECT count(lateKey) FROM read_parquet({files}, union_by_name=true)")  # noqa: S608  # ours
    assert united.fetchall()[0][0] == 25
    inserted = pl.scan_parquet(files, missing_columns="insert").select(pl.col("lateKey").count())
    assert inserted.collect().item() == 25


@OF_DASK
def test_a_cluster_of_dask_counts_a_funnel_by_source(api, tmp_path):
    from dask.distributed import Client, LocalCluster

    export = api.export("leads", tmp_path / "leads", **PAGE)
    with (
        LocalCluster(
            n_workers=1,
            processes=False,
            dashboard_address="127.0.0.1:0",
            worker_dashboard_address="127.0.0.1:0",
        ) as cluster,
        Client(cluster),
    ):
        leads = lp.to_dask(export)
        funnel = leads.groupby(["sourceName", "status"]).size().compute().unstack(fill_value=0)
    frame = api.frame("leads")
    wanted = pd.crosstab(frame["sourceName"], frame["status"])
    assert leads.npartitions == 5
    assert funnel.sort_index().to_dict() == wanted[funnel.columns].to_dict()


@OF_DASK
def test_dask_opens_exports_alone_and_says_what_is_missing(api, sandbox, tmp_path, monkeypatch):
    with pytest.raises(LeadpingError, match=MANIFEST):
        lp.to_dask(tmp_path)
    sandbox.faults.on("forbidden_in_mid_load", path=LEADS)
    with pytest.warns(IncompleteFrameWarning):
        export = api.export("leads", tmp_path / "leads", **PAGE)
    with pytest.warns(IncompleteFrameWarning, match="holds what came"):
        assert len(lp.to_dask(export)) == 25
    monkeypatch.setitem(sys.modules, "dask.dataframe", None)
    with pytest.raises(LeadpingError, match=r"pip install .*\[dask\]"):
        lp.to_dask(export)


def test_the_threads_of_an_export_end_with_it(api, tmp_path):
    api.export("leads", tmp_path / "leads", **PAGE)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("leadping-writer")]
