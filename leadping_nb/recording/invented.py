"""Words that nobody is called: parts of names, things and towns, and the words of placeholder text."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = [
    "ENDINGS",
    "FILLERS",
    "LETTERS",
    "MIDDLES",
    "PREFIXES",
    "QUALITIES",
    "STARTS",
    "STREETS",
    "THINGS",
    "TOWN_ENDINGS",
]

_STARTS = (
    "Al Bel Bren Cal Cor Dal Del El Fal Fen Gal Gar Hal Har Il Ir Jor Kal Kel Lan Lor Mal Mar Mer Nel Nor Ol Or "
    "Pel Per Quil Ral Ros Sal Sel Tal Tor Ul Val Ver Vol Wal Wel Yor Zel"
)
STARTS = tuple(_STARTS.split())
_MIDDLES = "a an e el en er i il in o ol or u ur ana eri ila ona"
MIDDLES = tuple(_MIDDLES.split())
_ENDINGS = (
    "bert bin da dan den dor dora fin gard hild ia ina ius la len lia lin lo man mina mond na nor o ora ra ric "
    "rin ro sa sen sia ta tha ton va vin wen win"
)
ENDINGS = tuple(_ENDINGS.split())
_QUALITIES = (
    "Amber Azure Brisk Calm Cedar Clear Copper Coral Crisp Dusty Early Fair Fern Frosty Gentle Golden Grand Hazel "
    "Humble Indigo Ivory Jade Keen Lively Lunar Maple Misty Mossy Noble Olive Opal Plain Quiet Rapid Rosy Ruby "
    "Sandy Silver Slate Solar Steady Sunny Swift Teal Tidy Upper Velvet Violet Warm Windy"
)
QUALITIES = tuple(_QUALITIES.split())
_THINGS = (
    "Acorn Anchor Arrow Badger Beacon Birch Bridge Brook Canyon Comet Condor Cove Delta Dune Eagle Ember Falcon "
    "Fjord Garnet Glade Grove Harbor Heron Hollow Island Jetty Kestrel Lagoon Lantern Lark Ledge Meadow Mesa "
    "Orchard Otter Pebble Pine Plover Quarry Raven Reef Ridge River Robin Saddle Sparrow Spruce Summit Thicket "
    "Valley Willow"
)
THINGS = tuple(_THINGS.split())
_TOWN_ENDINGS = "bridge brook burgh bury cliff dale ford haven mere mont mouth port ridge stead ton ville"
TOWN_ENDINGS = tuple(_TOWN_ENDINGS.split())
_STREETS = "Avenue Court Drive Lane Road Street Terrace Way"
STREETS = tuple(_STREETS.split())
_FILLERS = (
    "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore "
    "magna aliqua enim ad minim veniam quis nostrud exercitation ullamco laboris nisi aliquip ex ea commodo "
    "consequat duis aute irure in reprehenderit voluptate velit esse cillum eu fugiat nulla pariatur excepteur "
    "sint occaecat cupidatat non proident sunt culpa qui officia deserunt mollit anim id est laborum"
)
FILLERS = tuple(_FILLERS.split())

# Beginnings of ids that say what the id is of; another beginning could be a name.
_PREFIXES = (
    "acct app auto automation biz call camp card ch change conv conversation cus dev event evt exp export file in "
    "inv invoice key lead lookup member msg note notification org phone pi plan pm price prod run si site sms src "
    "step sub supp tag task team tmpl tx txn usage user usr wal wallet"
)
PREFIXES = frozenset(_PREFIXES.split())

# Letters that fit a name of each script, by how Unicode's names of its letters begin. Others become Latin.
LETTERS: Mapping[str, str] = {
    "CJK": "山川田中村木林森石井野原本高松竹小大藤谷岡島坂浜沢池橋宮内西北南東上下",
    "HANGUL": "가나다라마바사아자하고노도로모보소오조호구누두루무부수우주후",
    "HIRAGANA": "あいうえおかきくけこさしすせそなにぬねのはひふへほまみむめもやゆよらりるれろ",
    "KATAKANA": "アイウエオカキクケコサシスセソナニヌネノハヒフヘホマミムメモヤユヨラリルレロ",
    "CYRILLIC": "авгдеиклмнопрстуф",
    "GREEK": "αβγδεικλμνοπρστυ",
    "ARABIC": "ابتدرسعفقكلمنوي",
    "HEBREW": "אבגדהוזחטיכלמנסעפקרשת",
    "DEVANAGARI": "अआइकगचजतदनपबमयरलवसह",
    "THAI": "กขคจชดตทนบปพมยรลวสห",
}
