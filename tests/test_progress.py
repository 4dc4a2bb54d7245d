"""The progress of loads: in a notebook that really runs, in a terminal, and nowhere; and what it leaves."""

import contextvars
import io
import os
import re
import subprocess
import sys
import threading
from types import SimpleNamespace

import IPython
import IPython.display
import nbclient
import nbformat
import pytest

from leadping_nb.progress import Progress, progress

LINE = "leads: 5,000 rows in 50 pages, complete."


class Clock:
    """Seconds that pass when a test says so."""

    now = 100.0

    def __call__(self):
        return self.now


class Terminal(io.StringIO):
    """A text that says it is a terminal."""

    def isatty(self):
        return True


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def published(monkeypatch):
    """What a notebook display publishes here, in a process that is no kernel."""
    found = []

    def publish(bundle, *, raw, display_id, update):
        assert raw
        found.append(SimpleNamespace(bundle=bundle, id=display_id, update=update, cell=CELL.get("none")))

    monkeypatch.setattr(IPython, "get_ipython", lambda: SimpleNamespace(kernel=object()))
    monkeypatch.setattr(IPython.display, "display", publish)
    return found


@pytest.fixture
def terminal(monkeypatch):
    """Make standard error a terminal of a hundred columns; in the test, as pytest sets it anew before each."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")

    def begin():
        monkeypatch.setattr(sys, "stderr", Terminal())
        return sys.stderr

    return begin


CELL = contextvars.ContextVar("the cell that runs")


# A notebook that runs

IMPORT = "from leadping_nb.progress import progress"
WHOLE = f"""
with progress() as shown:
    shown.begin("leads")
    for page in range(50):
        shown.advance("leads", rows=100 * (page + 1), pages=page + 1, total=5_000)
        if page == 20:
            shown.wait("leads", 0.3, "the API answered 429")
    shown.end("leads", "{LINE}")
"""
RAISES = """
with progress() as shown:
    shown.begin("leads")
    shown.begin("events")
    shown.advance("events", rows=200, pages=1, total=None)
    shown.end("leads", "leads: 5,000 rows in 50 pages, complete.")
    raise ValueError("a page of the test failed")
"""
INTERRUPTED = """
import signal
with progress() as shown:
    shown.begin("leads")
    shown.advance("leads", rows=200, pages=1, total=5_000)
    signal.raise_signal(signal.SIGINT)
"""
THREADS = """
import threading, time
def load(name):
    shown.begin(name)
    for page in range(40):
        shown.advance(name, rows=page * 10 + 10, pages=page + 1, total=400)
    shown.end(name, f"{name}: 400 rows in 40 pages, complete.")
names = [f"list {number}" for number in range(8)]
with progress() as shown:
    for name in names:
        shown.begin(name)
    threads = [threading.Thread(target=load, args=(name,)) for name in names]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
"""
OLDER_KERNEL = """
import threading
publisher = get_ipython().display_pub
publisher._parent_header_global = {}
with progress() as shown:
    thread = threading.Thread(target=lambda: (shown.begin("leads"), shown.end("leads", "leads: no rows, complete.")))
    thread.start()
    thread.join()
"""
BESIDE = f"""
print("before")
with progress(monotonic=iter(range(100)).__next__) as shown:
    shown.begin("leads")
    print("meanwhile")
    shown.advance("leads", rows=200, pages=1, total=5_000)
    shown.end("leads", "{LINE}")
print("after")
"""
NOTHING = """
with progress() as shown:
    pass
with progress(False) as shown:
    shown.begin("leads")
    shown.end("leads", "leads: no rows, complete.")
"""
CELLS = {
    "whole": WHOLE,
    "raises": RAISES,
    "interrupted": INTERRUPTED,
    "threads": THREADS,
    "older kernel": OLDER_KERNEL,
    "beside": BESIDE,
    "nothing": NOTHING,
}


def stored():
    """Run the cells in a kernel of their own; give the outputs of each as the notebook stores them."""
    cells = [nbformat.v4.new_code_cell(source) for source in (IMPORT, *CELLS.values())]
    notebook = nbformat.v4.new_notebook(cells=cells)
    nbclient.NotebookClient(notebook, kernel_name="python3", allow_errors=True, timeout=60).execute()
    assert "widgets" not in notebook.metadata
    return dict(zip(CELLS, [[dict(output) for output in cell.outputs] for cell in notebook.cells[1:]], strict=True))


@pytest.fixture(scope="module")
def notebook():
    return stored()


def display_of(line):
    return {"output_type": "display_data", "metadata": {}, "data": {"text/plain": line}}


def test_a_notebook_keeps_exactly_the_one_line(notebook):
    assert notebook["whole"] == [display_of(LINE)]


def test_a_cell_that_raises_keeps_what_ended_and_says_what_did_not(notebook):
    shown, error = notebook["raises"]
    assert shown == display_of(f"{LINE}\nevents: not finished.")
    assert error["ename"] == "ValueError"


def test_an_interrupted_cell_keeps_a_true_line_and_nothing_half_drawn(notebook):
    shown, error = notebook["interrupted"]
    assert shown == display_of("leads: not finished.")
    assert error["ename"] == "KeyboardInterrupt"


def test_threads_keep_their_lines_in_the_cell_that_began_them_and_in_its_order(notebook):
    lines = [f"list {number}: 400 rows in 40 pages, complete." for number in range(8)]
    assert notebook["threads"] == [display_of("\n".join(lines))]


def test_a_kernel_that_forgets_the_cell_in_threads_shows_their_lines_all_the_same(notebook):
    assert notebook["older kernel"] == [display_of("leads: no rows, complete.")]


def test_other_output_of_the_cell_stays_as_it_is(notebook):
    before, shown, *later = notebook["beside"]
    assert before["text"] == "before\n"
    assert shown == display_of(LINE)
    assert "".join(output["text"] for output in later) == "meanwhile\nafter\n"


def test_a_notebook_without_a_load_or_with_progress_unwanted_stays_empty(notebook):
    assert notebook["nothing"] == []


def test_a_notebook_stores_the_same_on_every_run(notebook):
    def without_tracebacks(cells):
        return {name: [{**output, "traceback": None} for output in outputs] for name, outputs in cells.items()}

    assert without_tracebacks(stored()) == without_tracebacks(notebook)


# What a notebook sees on the way


def test_one_display_is_opened_in_plain_text_and_then_updated(published, clock):
    with progress(monotonic=clock) as shown:
        shown.begin("leads")
        clock.now += 1
        shown.advance("leads", rows=100, pages=1, total=5_000)
        shown.end("leads", LINE)
    assert [entry.update for entry in published] == [False, True, True, True]
    assert len({entry.id for entry in published}) == 1
    assert published[0].bundle == {"text/plain": "leads: loading."}
    assert published[-1].bundle == {"text/plain": LINE}


def test_two_displays_do_not_update_each_other(published, clock):
    for _ in range(2):
        with progress(monotonic=clock) as shown:
            shown.begin("leads")
    assert len({entry.id for entry in published}) == 2


def test_rows_pages_rate_and_time_left_are_shown_with_a_bar_that_has_a_name(published, clock):
    with progress(monotonic=clock) as shown:
        shown.begin("leads")
        clock.now += 2
        shown.advance("leads", rows=1_200, pages=6, total=5_000)
        page = published[-1].bundle["text/html"]
    assert "1,200 of 5,000 rows in 6 pages, 600 rows/s, about 7 s left" in page
    assert '<progress aria-label="leads" max="1" value="0.2400"' in page


@pytest.mark.parametrize("total", [None, 100])
def test_a_total_that_is_unknown_or_too_small_promises_nothing(published, clock, total):
    with progress(monotonic=clock) as shown:
        shown.begin("leads")
        clock.now += 2
        shown.advance("leads", rows=1_200, pages=1, total=total)
        page = published[-1].bundle["text/html"]
    assert "1,200 rows in 1 page, 600 rows/s</span>" in page
    assert "value=" not in page


@pytest.mark.parametrize(
    ("total", "left"), [(2_200, "2 s"), (101_000, "2 min"), (10_001_000, "2.8 h")], ids=["seconds", "minutes", "hours"]
)
def test_the_time_left_is_said_in_its_own_unit(published, clock, total, left):
    with progress(monotonic=clock) as shown:
        shown.begin("leads")
        clock.now += 1
        shown.advance("leads", rows=1_000, pages=5, total=total)
        assert f"about {left} left" in published[-1].bundle["text/html"]


def test_a_wait_is_shown_at_once_with_its_reason_and_goes_with_the_next_page(published, clock):
    with progress(monotonic=clock) as shown:
        shown.begin("leads")
        shown.advance("leads", rows=200, pages=1, total=None)
        shown.wait("leads", 12, "the API answered 429")
        assert "200 rows in 1 page, waiting 12 s: the API answered 429" in published[-1].bundle["text/html"]
        clock.now += 12
        shown.advance("leads", rows=400, pages=2, total=None)
        assert "waiting" not in published[-1].bundle["text/html"]


def test_there_are_at_most_five_updates_a_second(published, clock):
    with progress(monotonic=clock) as shown:
        shown.begin("leads")
        opened = len(published)
        for page in range(1_000):
            clock.now += 0.01
            shown.advance("leads", rows=page, pages=page, total=None)
        assert 40 <= len(published) - opened <= 50


def test_many_short_waits_are_no_more_updates(published, clock):
    with progress(monotonic=clock) as shown:
        shown.begin("leads")
        opened = len(published)
        for _ in range(100):
            shown.wait("leads", 0.1, "the limit is shared")
        assert len(published) == opened


def test_updates_of_other_threads_belong_to_the_cell_that_made_the_display(published, clock):
    CELL.set("this cell")
    with progress(monotonic=clock) as shown:
        worker = threading.Thread(target=shown.begin, args=("leads",))
        worker.start()
        worker.join()
    assert {entry.cell for entry in published} == {"this cell"}


def test_a_thread_that_comes_after_the_end_changes_nothing(published, clock):
    with progress(monotonic=clock) as shown:
        shown.begin("leads")
    count = len(published)
    clock.now += 10
    shown.advance("leads", rows=200, pages=1, total=None)
    shown.wait("leads", 10, "the API answered 429")
    assert len(published) == count


def test_what_a_server_says_is_text_and_one_line(published, clock):
    with progress(monotonic=clock) as shown:
        shown.begin("<leads>")
        shown.wait("<leads>", 5, "it said <b>\nno\x1b[31m")
        assert "waiting 5 s: it said &lt;b&gt; no [31m" in published[-1].bundle["text/html"]
        assert "<leads>" not in published[-1].bundle["text/html"]
        shown.end("<leads>", "leads: it said\r\nno\x1b[31m")
    assert published[-1].bundle == {"text/plain": "leads: it said no [31m"}


# A terminal


def screen(written):
    """Give the lines that a terminal shows after all that was written, by the few sequences that rich uses."""
    lines, row, column = [""], 0, 0
    for sequence, text in re.findall(r"(\x1b\[[0-9;?]*[A-Za-z])|([^\x1b]+)", written):
        kind, count = sequence[-1:], int(re.sub(r"\D", "", sequence) or 1)
        if kind == "A":
            row -= count
        elif kind == "K":
            lines[row] = ""
        for letter in text:
            if letter == "\n":
                row, column = row + 1, 0
                lines += [""] * (row + 1 - len(lines))
            elif letter == "\r":
                column = 0
            else:
                lines[row] = lines[row][:column].ljust(column) + letter + lines[row][column + 1 :]
                column += 1
    return [line.rstrip() for line in lines if line.strip()]


def test_a_terminal_shows_a_row_a_load_and_keeps_only_the_lines(terminal, clock):
    stderr = terminal()
    with progress(monotonic=clock) as shown:
        shown.begin("leads")
        shown.begin("events")
        clock.now += 2
        shown.advance("leads", rows=1_200, pages=6, total=5_000)
        shown.wait("events", 12, "the API answered 429")
        clock.now += 4
    written = stderr.getvalue()
    assert "1,200 of 5,000 rows in 6 pages, 200 rows/s, about 19 s left" in written
    assert "loading, waiting 8 s: the API answered 429" in written
    assert screen(written) == ["leads: not finished.", "events: not finished."]


def test_a_terminal_keeps_the_lines_in_the_order_of_their_beginnings(terminal, clock):
    stderr = terminal()
    with progress(monotonic=clock) as shown:
        shown.begin("leads")
        shown.begin("events")
        shown.end("events", "events: no rows, complete.")
        shown.end("leads", LINE)
    assert screen(stderr.getvalue()) == [LINE, "events: no rows, complete."]


def interrupted(shown):
    shown.begin("leads")
    raise KeyboardInterrupt


def test_a_terminal_is_left_whole_when_a_load_raises(terminal, clock):
    stderr = terminal()
    shown = progress(monotonic=clock)
    with pytest.raises(KeyboardInterrupt), shown:
        interrupted(shown)
    assert stderr.getvalue().rindex("\x1b[?25h") > stderr.getvalue().rindex("\x1b[?25l")  # the cursor is back
    assert sys.stderr is stderr
    assert screen(stderr.getvalue()) == ["leads: not finished."]


def test_names_are_no_markup_in_a_terminal(terminal, clock):
    stderr = terminal()
    with progress(monotonic=clock) as shown:
        shown.begin("[red]leads")
    assert screen(stderr.getvalue()) == ["[red]leads: not finished."]


def test_a_script_in_a_terminal_keeps_its_own_output_apart():
    code = (
        "from leadping_nb.progress import progress\n"
        "with progress() as shown:\n"
        "    shown.begin('leads'); print('id,status')\n"
        f"    shown.end('leads', {LINE!r})\n"
    )
    own, its = os.openpty()
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=its, text=True) as script:
        os.close(its)
        written = b""
        try:
            while part := os.read(own, 4096):
                written += part
        except OSError:  # how a pseudo-terminal says that it was closed
            pass
        printed = script.stdout.read()
    os.close(own)
    assert script.returncode == 0
    assert printed == "id,status\n"
    assert screen(written.decode()) == [LINE]


# Neither


def test_nothing_is_written_where_there_is_neither(capsys):
    with progress() as shown:
        shown.begin("leads")
        shown.advance("leads", rows=200, pages=1, total=None)
        shown.wait("leads", 1, "the API answered 429")
        shown.end("leads", LINE)
    assert type(shown) is Progress
    assert capsys.readouterr() == ("", "")


def test_who_wants_it_gets_the_lines_where_there_is_neither(capsys):
    with progress(True) as shown:
        shown.begin("leads")
        shown.advance("leads", rows=200, pages=1, total=None)
        shown.end("leads", LINE)
        shown.begin("events")
    assert capsys.readouterr() == ("", f"{LINE}\nevents: not finished.\n")


def test_unwanted_progress_is_silent_in_a_terminal_too(terminal):
    stderr = terminal()
    with progress(False) as shown:
        shown.begin("leads")
        shown.end("leads", LINE)
    assert stderr.getvalue() == ""


def test_a_process_without_standard_error_is_no_trouble(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    for wanted in (None, True):
        with progress(wanted) as shown:
            shown.begin("leads")


def test_the_silent_display_loads_nothing_but_the_standard_library():
    code = (
        "import sys; from leadping_nb.progress import progress\n"
        "with progress(True) as shown: shown.begin('leads')\n"
        "print([name for name in ('IPython', 'rich', 'pandas') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
