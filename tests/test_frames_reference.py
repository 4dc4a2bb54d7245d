"""``to_frame`` against a slow implementation that is obviously right, on whatever pages hypothesis can think of."""

import copy
import json
import math
import re
from decimal import Decimal
from fractions import Fraction
from unittest.mock import patch

import pandas as pd
from hypothesis import HealthCheck, given, settings, strategies as st

from leadping_nb import contract
from leadping_nb.frames import to_frame

# The reference: JSON by the standard library, then plain Python, one value at a time.

INSTANT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?([Zz]|[+-]\d\d(?::?\d\d)?)?", re.A
)
SECOND = 10**9
LOW, HIGH = -(2**63) + 1, 2**63 - 1
PROMISES = {"string": "str", "integer": "Int64", "number": "Float64", "boolean": "boolean"}
ARROW = {
    "str": "string[pyarrow]",
    "Int64": "int64[pyarrow]",
    "UInt64": "uint64[pyarrow]",
    "Float64": "double[pyarrow]",
    "boolean": "bool[pyarrow]",
    "datetime64[ns, UTC]": "timestamp[ns, tz=UTC][pyarrow]",
    "datetime64[us, UTC]": "timestamp[us, tz=UTC][pyarrow]",
    "datetime64[s]": "timestamp[s][pyarrow]",
}


def rows_of(body):
    value = json.loads(body.decode("utf-8-sig"), parse_float=lambda text: beyond(float(text), text))
    return (value["items"] or []) if isinstance(value, dict) else value


def beyond(value, text):
    return Decimal(text) if math.isinf(value) else value


def day_number(year, month, day):
    """Days since 1970-01-01 by counting them, or None if there is no such day."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    lengths = [31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    if not 1 <= month <= 12 or not 1 <= day <= lengths[month - 1]:
        return None
    before = year - 1
    return before * 365 + before // 4 - before // 100 + before // 400 + sum(lengths[: month - 1]) + day - 719_163


def instant(text):
    """Whole nanoseconds since 1970 in UTC with the digits of the second that count, or None if it is no instant."""
    match = INSTANT.fullmatch(text) if isinstance(text, str) else None
    if not match:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    days = day_number(year, month, day)
    fraction, offset = (match[7] or "").rstrip("0"), (match[8] or "Z").replace(":", "")
    if days is None or hour > 23 or minute > 59 or second > 59 or len(fraction) > 9:
        return None
    shift = 0
    if offset not in ("Z", "z"):
        hours, minutes = int(offset[1:3]), int(offset[3:] or 0)
        if hours > 23 or minutes > 59:
            return None
        shift = (hours * 60 + minutes) * (-60 if offset[0] == "-" else 60)
    whole = days * 86_400 + hour * 3_600 + minute * 60 + second - shift
    return whole * SECOND + int(fraction.ljust(9, "0")), len(fraction)


def narrowest(values):
    present = [value for value in values if value is not None]
    kinds = {type(value) for value in present}
    if kinds == {str} and not any(0xD800 <= ord(letter) < 0xE000 for value in present for letter in value):
        return "str", values
    if kinds == {bool}:
        return "boolean", values
    if kinds == {int} and all(-(2**63) <= value < 2**63 for value in present):
        return "Int64", values
    if kinds == {int} and all(0 <= value < 2**64 for value in present):
        return "UInt64", values
    if float in kinds and kinds <= {int, float} and exact_as_floats(present):
        return "Float64", [None if value is None else float(value) for value in values]
    return "object", values


def exact_as_floats(present):
    return all(value == value and (isinstance(value, float) or abs(value) <= 2**53) for value in present)


def instants(values):
    present = [value for value in values if value is not None]
    read = [instant(value) for value in present]
    if None in read:
        return None
    exact = iter(read)
    numbers = [None if value is None else next(exact)[0] for value in values]
    if all(LOW <= number <= HIGH for number, _ in read):
        return "datetime64[ns, UTC]", numbers
    in_years = all(
        day_number(1, 1, 1) * 86_400 <= number // SECOND < (day_number(9999, 12, 31) + 1) * 86_400 for number, _ in read
    )
    return ("datetime64[us, UTC]", numbers) if in_years and all(digits <= 6 for _, digits in read) else None


def expected(name, values, field):
    """The dtype and the values that a column should have."""
    present = [value for value in values if value is not None]
    kinds = {type(value) for value in present}
    if field is None or field.type == "any":
        return (re.search(r"[a-z0-9]At$", name) and instants(values)) or narrowest(values)
    if field.type in ("array", "map", "object"):
        return "object", values
    if field.format == "date-time":
        return instants(values) or narrowest(values)
    if field.format == "date":
        days = [
            re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", value, re.A) if isinstance(value, str) else None for value in present
        ]
        if all(days) and all(int(day[1]) and day_number(*map(int, day.groups())) is not None for day in days):
            return "datetime64[s]", [None if value is None else value for value in values]
        return narrowest(values)
    if field.format == "decimal":
        money = [Decimal(str(value)) for value in present if type(value) in (int, float) and math.isfinite(value)]
        fits = all(value == round(value, 6) and abs(value) < 10**12 for value in money if abs(value) < 10**300)
        if (
            len(money) == len(present)
            and fits
            and all(len(Decimal(str(value)).as_tuple().digits) <= 15 for value in present if type(value) is float)
        ):
            return "decimal128(18, 6)[pyarrow]", [None if value is None else Decimal(str(value)) for value in values]
        return narrowest(values)
    if field.type == "integer" and kinds <= {int} and all(-(2**63) <= value < 2**63 for value in present):
        return "Int64", values
    if field.type == "number" and kinds <= {int, float} and exact_as_floats(present):
        return "Float64", [None if value is None else float(value) for value in values]
    if not present or (field.type == "boolean" and kinds == {bool}):
        return PROMISES[field.type], values
    return narrowest(values)


def promised_tree(fields):
    tree = {}
    for name, field in fields.items():
        *parents, last = name.split(".")
        at = tree
        for parent in parents:
            at = at.setdefault(parent, {})
        at[last] = field
    return tree


def flat(objects, tree, path=()):
    """The columns of objects: a key that holds nothing but objects becomes the columns of these."""
    keys = dict.fromkeys([*tree, *(key for entry in objects if entry is not None for key in entry)])
    for key in keys:
        promise = tree.get(key)
        values = [None if entry is None else entry.get(key) for entry in objects]
        present = [value for value in values if value is not None]
        below = promise if isinstance(promise, dict) else {}
        kept = promise is not None and not below
        if all(isinstance(value, dict) for value in present) and not kept and (any(present) or below):
            yield from flat(values, below, (*path, key))
            continue
        yield (*path, key), values
        yield from flat([None] * len(objects), below, (*path, key))


def reference(rows, fields):
    """Name, dtype and values of all columns, in order."""
    by_name, odd = {}, []
    for path, values in flat(rows, promised_tree(fields)):
        name = ".".join(path)
        if any("." in key or "\ud800" in key for key in path):
            odd.append((name.replace("\ud800", "\\ud800"), values))
        else:
            by_name[name] = values
    for name, values in odd:
        others = [name, f"{name} (key)", *(f"{name} (key {number})" for number in range(2, 99))]
        by_name[next(free for free in others if free not in by_name and free not in fields)] = values
    ordered = {name: by_name.pop(name) for name in fields} | by_name
    return {name: expected(name, values, fields.get(name)) for name, values in ordered.items()}


# What is compared.


def exact(value):
    """A value with its type in a form that compares as it should: 1 is not 1.0, 0.0 not -0.0, NaN is NaN."""
    if isinstance(value, dict):
        return {key: exact(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [exact(entry) for entry in value]
    if isinstance(value, Decimal):
        return "Decimal", Fraction(value)
    return type(value).__name__, repr(value)


def plain(series):
    """The values of a series as the reference has them."""
    if series.dtype == object:
        return series.tolist()
    gone = series.isna()
    if "[s]" in str(series.dtype):
        return [None if none else value.isoformat()[:10] for value, none in zip(series, gone, strict=True)]
    if "datetime" in str(series.dtype) or "timestamp" in str(series.dtype):
        ticks = iter(series.dropna().astype("int64"))
        return [None if none else int(next(ticks)) * (1 if "[ns" in str(series.dtype) else 1000) for none in gone]
    return [None if none else value for value, none in zip(series.tolist(), gone, strict=True)]


def loosely(value):
    """A value of a list as Arrow has it: a fraction may be whole, and a member that is null may be absent."""
    if isinstance(value, dict):
        return {key: loosely(entry) for key, entry in value.items() if entry is not None}
    return [loosely(entry) for entry in value] if isinstance(value, list) else (isinstance(value, bool), value)


def hold(frame, wanted, backend):
    assert list(frame.columns) == list(wanted)
    for name, (dtype, values) in wanted.items():
        series = frame[name]
        if str(series.dtype).startswith("list<"):
            assert backend == "pyarrow"
            assert dtype == "object"
            assert [loosely(value) for value in series.tolist() if value is not None and value is not pd.NA] == [
                loosely(value) for value in values if value is not None
            ]
            assert series.isna().tolist() == [value is None for value in values]
            continue
        assert str(series.dtype) == (ARROW.get(dtype, dtype) if backend == "pyarrow" else dtype), name
        assert exact(plain(series)) == exact(values), name


# What hypothesis thinks of.


class Raw(str):
    """JSON that is written as it is."""

    __slots__ = ()


def written(value, gap=""):
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, dict):
        return (
            "{" + f",{gap}".join(f"{json.dumps(key)}:{gap}{written(entry, gap)}" for key, entry in value.items()) + "}"
        )
    if isinstance(value, list):
        return f"[{gap}" + f",{gap}".join(written(entry, gap) for entry in value) + f"{gap}]"
    return json.dumps(value)


digits = st.sampled_from(
    ["", ".1", ".12", ".123", ".123456", ".1234567", ".1234560", ".0000000", ".0000001", ".123456789", ".1234567891"]
)
days = st.sampled_from(
    [
        "2026-01-02",
        "0001-01-01",
        "9999-12-31",
        "2024-02-29",
        "2026-02-29",
        "1900-02-29",
        "2262-04-11",
        "1677-09-21",
        "0000-01-01",
    ]
)
clocks = st.sampled_from(
    ["03:04:05", "23:59:59", "00:00:00", "23:59:60", "24:00:00", "23:47:17", "23:47:16", "00:12:43"]
)
offsets = st.sampled_from(["Z", "z", "+00:00", "+02:00", "-11:30", "+0530", "", "+25:00", "-00:00"])
times = st.builds("{}T{}{}{}".format, days, clocks, digits, offsets)
good_times = st.builds("2026-01-02T03:04:05{}{}".format, digits, offsets)
texts = st.sampled_from(
    ["", "a", "é☃😀", "\ud800", "x\udfffy", "2026-01-02", "00123", "NaN", "null", '"', "\\", "\x00", "\u2028"]
)
whole = st.integers(-9, 9) | st.sampled_from(
    [2**53, 2**53 + 1, -(2**53) - 1, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**64 - 1, 2**64, 10**30]
)
fractions = st.sampled_from([0.0, -0.0, 1.0, 0.1, 2.5, 1e300, -1e-300, 5e-324, 1.0079, 0.12345678, 12345678901.123457])
numbers = st.sampled_from(
    [Raw("-0"), Raw("1E5"), Raw("1e400"), Raw("-1e400"), Raw("NaN"), Raw("-Infinity"), Raw("0.1e1"), Raw("1e-400")]
)
leaves = st.none() | st.booleans() | whole | fractions | numbers | texts | times | st.just({}) | st.just([])
keys = st.sampled_from(
    ["a", "b", "c", "a.b", "a.b.c", "b.c", "", "é", 'q"q', "\\", "\n", "\ud800", "xAt", "__class__", "items"]
)
anything = st.recursive(
    leaves, lambda inner: st.dictionaries(keys, inner, max_size=3) | st.lists(inner, max_size=3), max_leaves=6
)
alike = st.sampled_from(
    [
        st.none() | st.integers(-9, 9),
        st.none() | whole,
        fractions | st.integers(-9, 9),
        st.none() | st.booleans(),
        st.none() | texts,
        good_times | st.none(),
        times,
        st.none() | st.dictionaries(keys, anything, max_size=3),
        st.none() | st.lists(st.fixed_dictionaries({"id": texts}, optional={"n": st.none() | whole}), max_size=2),
        st.none() | st.just({}) | st.just({"a": None}) | st.just({"a": 1}),
        anything,
    ]
)


@st.composite
def unknown_rows(draw):
    """Rows of which nothing is known; most columns hold values of one kind."""
    kinds = draw(st.dictionaries(keys, alike, max_size=5))
    count = draw(st.integers(0, 7))
    return [
        {key: draw(kinds[key]) for key in draw(st.permutations(list(kinds))) if draw(st.booleans())}
        for _ in range(count)
    ]


def promised_values(field):
    """Values of a field, and once in a while others."""
    good = {
        "string": st.just("text"),
        "integer": st.integers(0, 9),
        "number": st.integers(0, 9) | st.sampled_from([0.5, 1.25]),
        "boolean": st.booleans(),
        "array": st.lists(st.dictionaries(st.sampled_from(["id", "name"]), texts, max_size=2), max_size=2),
        "map": st.dictionaries(keys, leaves, max_size=2),
    }.get(field.type, leaves)
    good = {"date-time": good_times, "date": days}.get(field.format, good)
    return st.none() | good | st.integers(0, 9).flatmap(lambda dice: anything if dice == 0 else good)


@st.composite
def known_rows(draw, model):
    """Rows of a model, with some fields that it does not know."""
    tree = promised_tree(contract().models.columns(model))
    chosen = draw(st.lists(st.sampled_from(sorted(tree)), max_size=5, unique=True))
    kinds = {}
    for key in chosen:
        inner = tree[key]
        if isinstance(inner, dict):
            members = {name: promised_values(entry) for name, entry in inner.items() if not isinstance(entry, dict)}
            kinds[key] = (
                st.none()
                | st.fixed_dictionaries({}, optional=members)
                | st.integers(0, 9).flatmap(lambda dice: anything if dice == 0 else st.none())
            )
        else:
            kinds[key] = promised_values(inner)
    kinds |= {key: draw(alike) for key in draw(st.sampled_from([[], ["a"], ["a", "a.b"]]))}
    return [{key: draw(kinds[key]) for key in kinds if draw(st.booleans())} for _ in range(draw(st.integers(0, 6)))]


@st.composite
def pages_of(draw, rows):
    """The rows in pages, as servers write them."""
    cuts = sorted(draw(st.lists(st.integers(0, len(rows)), max_size=3)))
    pages = []
    for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True):
        gap = draw(st.sampled_from(["", " ", "\n  "]))
        items = [written(row, gap) for row in rows[start:end]]
        if items and draw(st.booleans()):  # a key that comes twice, of which the last wins
            twice = draw(st.sampled_from(["a", "b", "id"])), draw(leaves)
            items[-1] = (
                "{" + f"{json.dumps(twice[0])}:{written(twice[1])}" + ("," if rows[end - 1] else "") + items[-1][1:]
            )
        body = "[" + f",{gap}".join(items) + "]"
        if draw(st.booleans()) or not items:
            body = "null" if not items and draw(st.booleans()) else body
            body = f'{{"continuationToken":{gap}null,{gap}"items":{gap}{body},"pageSize":50}}'
        pages.append(draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + body.encode())
    return pages


backends = st.sampled_from(["numpy_nullable", "pyarrow"])
models = st.sampled_from([None, "LeadTableRow", "UsageLedgerTableRow", "LeadProfile", "CallEventTableRow"])
slowly = settings(
    deadline=None,
    max_examples=100,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@slowly
@given(st.data(), models, backends)
def test_pages_become_what_the_reference_makes_of_them(data, model, backend):
    rows = data.draw(known_rows(model) if model else unknown_rows())
    pages = data.draw(pages_of(rows))
    before = copy.deepcopy(pages)
    read = [row for page in pages for row in rows_of(page)]
    wanted = reference(read, contract().models.columns(model) if model else {})
    with patch("leadping_nb.frames.decoding._PIECE", data.draw(st.sampled_from([524_288, 100, 1]))):
        frame = to_frame(pages, model=model, dtype_backend=backend)
    assert len(frame) == len(read) == len(rows)
    hold(frame, wanted, backend)
    assert pages == before


@slowly
@given(st.data(), models, backends)
def test_the_same_rows_give_the_same_frame_however_they_are_cut_into_pages(data, model, backend):
    rows = data.draw(known_rows(model) if model else unknown_rows())
    body = [written(row).encode() for row in rows]
    whole_page = to_frame(b'{"items":[' + b",".join(body) + b"]}", model=model, dtype_backend=backend)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(rows)), max_size=4)))
    pages = [b'{"items":[' + b",".join(body[a:b]) + b"]}" for a, b in zip([0, *cuts], [*cuts, len(rows)], strict=True)]
    cut = to_frame(pages, model=model, dtype_backend=backend)
    assert cut.dtypes.astype(str).to_dict() == whole_page.dtypes.astype(str).to_dict()
    assert list(cut.columns) == list(whole_page.columns)
    for name in cut:
        assert exact(plain(cut[name])) == exact(plain(whole_page[name]))
    assert sorted(cut.attrs["leadping"]["notes"]) == sorted(whole_page.attrs["leadping"]["notes"])


@slowly
@given(st.data(), models, backends)
def test_rows_that_repeat_themselves_leave_others_what_they_are(data, model, backend):
    """The reader learns from pages which texts to expect, and others come all the same."""
    usual, other = (data.draw(known_rows(model) if model else unknown_rows()) for _ in range(2))
    pages = [usual * 9, usual * 9, [*other, *usual], usual, [*usual, *other]]
    bodies = [f'{{"items":{written(page)}}}'.encode() for page in pages]
    read = [row for body in bodies for row in rows_of(body)]
    frame = to_frame(bodies, model=model, dtype_backend=backend)
    hold(frame, reference(read, contract().models.columns(model) if model else {}), backend)


few = st.sampled_from(["x", "x", "y", None, 1, 1.0, True])
orders = st.sampled_from([(["id"], ["name"]), (["id", "name"], ["name", "id"]), (["id"], ["id"])])
"""The keys of the objects in one list, and in another one."""


@slowly
@given(st.data(), orders, backends)
def test_lists_whose_objects_look_alike_keep_their_own(data, orders, backend):
    tags, labels = (st.lists(st.fixed_dictionaries(dict.fromkeys(keys, few)), max_size=2) for keys in orders)
    rows = data.draw(st.lists(st.fixed_dictionaries({"tags": tags, "labels": labels}), min_size=1, max_size=5))
    body = f'{{"items":{written(rows)}}}'.encode()
    frame = to_frame([body, body], dtype_backend=backend)
    hold(frame, reference(rows_of(body) * 2, {}), backend)


@slowly
@given(st.data(), models, backends)
def test_rows_of_the_caller_are_read_alike_and_left_as_they_are(data, model, backend):
    rows = rows_of(written(data.draw(known_rows(model) if model else unknown_rows())).encode())
    before = exact(rows)
    with patch("leadping_nb.frames.reading._ROWS", data.draw(st.sampled_from([500, 2, 1]))):
        frame = to_frame([{"continuationToken": None, "items": rows}], model=model, dtype_backend=backend)
    hold(frame, reference(rows, contract().models.columns(model) if model else {}), backend)
    assert exact(rows) == before


@slowly
@given(st.data(), models.filter(bool))
def test_a_promised_dtype_gives_way_only_with_a_note(data, model):
    fields = contract().models.columns(model)
    rows = rows_of(written(data.draw(known_rows(model))).encode())
    frame, empty = to_frame(rows, model=model), to_frame([], model=model)
    notes = frame.attrs["leadping"]["notes"]
    for name, field in fields.items():
        if field.type != "any" and frame[name].dtype != empty[name].dtype:
            assert any(note.startswith(f"{name}: ") for note in notes)
