"""What the reader of pages expects of the next one, and how it takes what is otherwise."""

import json

import pytest

from leadping_nb.frames import decoding
from leadping_nb.frames.blocks import BlockReader
from leadping_nb.frames.decoding import PageDecoder, first_row, in_pieces, rows_of, struct_of
from leadping_nb.frames.shapes import Shape


def page(*rows):
    return json.dumps({"items": rows}).encode()


def leads(*statuses, **more):
    return [{"id": f"{status}-{at}", "status": status, **more} for at, status in enumerate(statuses)]


USUAL = leads(*["New", "Lost"] * 50)


def learned(*pages):
    """A decoder of pages with the shape that these have, which knows the texts of the last one."""
    shape = Shape()
    decoder, reader = PageDecoder(shape), BlockReader({})
    reader.shape = shape
    for body in pages:
        shape.learn(rows_of(body))
        decoder.learn_texts(reader.read_rows(rows_of(body)).columns)
    return shape, decoder


def test_a_key_with_few_texts_is_told_from_one_with_many():
    shape, _ = learned(page(*USUAL))
    assert shape.texts == {"id": None, "status": frozenset({"New", "Lost"})}


@pytest.mark.parametrize(
    ("count", "rows", "few"), [(64, 640, True), (65, 650, False), (5, 40, True), (5, 39, False), (1, 7, False)]
)
def test_few_are_at_most_64_that_come_eight_times_each(count, rows, few):
    shape, _ = learned(page(*leads(*[f"s{at % count}" for at in range(rows)], *[None] * rows)))
    assert bool(shape.texts["status"]) is few


def test_a_page_of_known_texts_makes_each_once():
    _, decoder = learned(page(*USUAL))
    decoded = decoder.decode(page(*USUAL))
    assert decoded.by_texts
    statuses = [getattr(row, f"x{list(decoded.struct.below).index('status')}") for row in decoded.rows]
    assert statuses == ["New", "Lost"] * 50
    assert len({id(status) for status in statuses}) == 2


@pytest.mark.parametrize("status", ["Won", "", "new", 5, True, 1.5, ["New"], {"a": "New"}])
def test_another_value_is_decoded_all_the_same_and_not_counted_on_again(status):
    _, decoder = learned(page(*USUAL))
    strange = page(*USUAL, {"id": "x", "status": status})
    decoded = decoder.decode(strange)
    assert not decoded.by_texts
    assert getattr(decoded.rows[-1], f"x{list(decoded.struct.below).index('status')}") == status
    _, decoder = learned(page(*USUAL), strange)
    assert not decoder.decode(page(*USUAL)).by_texts


def test_no_text_at_all_is_no_other_text():
    _, decoder = learned(page(*USUAL))
    assert decoder.decode(page({"id": "1", "status": None}, {"id": "2"})).by_texts


def test_texts_are_told_apart_by_where_they_are():
    rows = [{"a": {"status": f"{at}"}, "b": {"status": "New"}, "status": "Old"} for at in range(100)]
    reader = BlockReader({})
    for body in (page(*rows), page(*rows)):
        reader.read(body)
    shape = reader.shape
    assert (shape.texts, shape.keys["a"].texts, shape.keys["b"].texts) == (
        {"status": frozenset({"Old"})},
        {"status": None},
        {"status": frozenset({"New"})},
    )


@pytest.mark.parametrize("packs_lists", [False, True])
def test_texts_of_objects_in_lists_are_learned_as_well(packs_lists):
    reader = BlockReader({}, packs_lists=packs_lists)
    tags = [[{"name": f"Tag {at % 3}", "id": f"{at}"}, {"name": "Tag 1"}] for at in range(40)]
    for _ in range(3):
        reader.read(page(*({"tags": entry} for entry in tags)))
    assert reader.shape.items["tags"].texts == {"name": frozenset({"Tag 0", "Tag 1", "Tag 2"}), "id": None}
    other = reader.read(page({"tags": [{"name": "Tag 9", "id": "x"}]}, {"tags": []}, {"tags": None})).columns[("tags",)]
    assert (other.to_pylist() if packs_lists else other) == [[{"name": "Tag 9", "id": "x"}], [], None]
    assert reader.shape.items["tags"].texts == {"name": None, "id": None}


@pytest.mark.parametrize("packs_lists", [False, True])
def test_lists_without_objects_teach_nothing(packs_lists):
    reader = BlockReader({}, packs_lists=packs_lists)
    for tags in ([{"name": "a"}], [], None, []):
        block = reader.read(page({"tags": tags}, {"tags": []}))
        assert block.rows == 2
    assert reader.shape.items["tags"].texts == {"name": None}


@pytest.mark.parametrize("packs_lists", [False, True])
@pytest.mark.parametrize("other", [7, "a", True, 1.5, {"name": "a"}])
def test_lists_among_other_things_are_read_as_they_came(packs_lists, other):
    reader = BlockReader({}, packs_lists=packs_lists)
    reader.read(page({"id": "1", "tags": None}))
    tags = [[{"name": "a"}], other, None]
    for _ in range(2):
        block = reader.read(page(*({"id": f"{at}", "tags": entry} for at, entry in enumerate(tags))))
        assert block.columns[("tags",)] == tags


def test_a_reader_that_is_surprised_again_and_again_stops_expecting():
    reader = BlockReader({})
    columns = {f"c{at}": "usual" for at in range(5)}
    reader.read(page(*[columns] * 50))
    for at in range(5):
        assert reader.shape.has_few_texts()
        block = reader.read(page(*[columns] * 50, columns | {f"c{at}": "strange"}))
        assert block.columns[(f"c{at}",)][-1].as_py() == "strange"
    assert not reader.shape.has_few_texts()


def test_rows_are_decoded_in_the_order_that_their_keys_were_sent_in():
    reader = BlockReader({})
    reader.read(page({"b": 1, "a": {"z": 1, "y": 2}}, {"a": None, "b": 2}))
    struct = struct_of(reader.shape)
    assert list(struct.below) == ["b", "a"]
    assert list(struct.below["a"].below) == ["z", "y"]


@pytest.mark.parametrize("body", [b"", b"[]", b'{"items": 1}', b'{"items": [1]}', b'{"items": [{"a": 1]}', b"\xff"])
def test_a_page_that_is_none_has_no_first_row(body):
    assert first_row(body) is None


def test_a_page_without_rows_has_no_first_row_and_is_none_the_worse():
    assert first_row(page()) == []
    reader = BlockReader({})
    assert [reader.read(body).rows for body in (page(), page({"a": 1}), page())] == [0, 1, 0]


ROWS = [{"id": f"{at}", "note": "]}, {[" * 5} for at in range(100)]


@pytest.mark.parametrize(
    "body",
    [
        page(*ROWS),
        b"\xef\xbb\xbf" + page(*ROWS),
        json.dumps(ROWS).encode(),
        b"\n " + json.dumps(ROWS, indent=2).encode(),
        json.dumps({"continuationToken": "a", "items": ROWS, "totalCount": 100}, indent=2).encode(),
    ],
)
def test_a_large_page_is_the_same_rows_in_smaller_ones(body, monkeypatch):
    assert in_pieces(body) == [body]
    monkeypatch.setattr(decoding, "_PIECE", len(body) // 16)
    pieces = in_pieces(body)
    assert len(pieces) > 15
    assert max(map(len, pieces)) < len(body) // 8
    assert [row for piece in pieces for row in rows_of(piece)] == ROWS


def test_a_page_in_pieces_leaves_nothing_out_where_objects_and_other_things_stand_under_a_key(monkeypatch):
    body = page(*[{"x": {"a": 1, "b": None}}] * 50, *[{"x": "none"}] * 50)
    monkeypatch.setattr(decoding, "_PIECE", 100)
    blocks = BlockReader({}).read_page(body)
    assert len(blocks) > 10
    assert [value for block in blocks for value in _python(block)] == [{"a": 1, "b": None}] * 50 + ["none"] * 50


def _python(block):
    values = block.columns[("x",)]
    return values if isinstance(values, list) else values.to_pylist()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'{"items": []}',
        b"[]",
        b'{"items": null}',
        b'{"id": "a row of its own"}',
        page(*ROWS)[:-10],
        b'{"items": [{"a": 1}, 7]}',
        b"[7]",
        b"\xff" * 99,
    ],
)
def test_what_has_no_rows_to_cut_is_left_to_who_reads_it(body, monkeypatch):
    monkeypatch.setattr(decoding, "_PIECE", 1)
    assert in_pieces(body) == [body]
