"""The people of the sandbox: invented names, example mailboxes, fictional telephone numbers, real towns."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["PHONES", "Person", "Place", "person", "phone", "phone_owner", "place"]

# Each name as it is shown; where its letters are not ASCII, a colon and what a mailbox would say.
_FIRST_NAMES = (
    "James Mary Robert José:jose Linda David Zoë:zoe William Søren:soren Olivia Renée:renee Joseph Aïsha:aisha "
    "Thomas Björn:bjorn Karen Núria:nuria Daniel Nancy Jürgen:juergen Betty Matthew Beatriz Mark "
    "Amélie:amelie Steven Peña:pena Paul François:francois Ashley Joshua Kimberly Kenneth Emily Kevin Donna Brian "
    "Michelle Łukasz:lukasz Carol Timothy Íñigo:inigo Ronald Deborah Jason Priya Edward Sharon Jeffrey Cynthia Ryan "
    "Chloé:chloe Jacob Amy Gary Angela 健太:kenta Anna 美咲:misaki Brenda Eric 志明:zhiming 민준:minjun Emma"
)
_FIRST = tuple(_FIRST_NAMES.split())
_LAST_NAMES = (
    "Smith Johnson García:garcia Brown Jones Müller:mueller Davis Rodríguez:rodriguez Martínez:martinez "
    "Hernández:hernandez López:lopez Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Pérez:perez Thompson "
    "White Harris Sánchez:sanchez Clark Ramírez:ramirez Lewis Robinson Walker Young Allen King Wright Scott Torres "
    "Nguyen Hill Flores Green Adams Núñez:nunez Baker Hall Rivera Campbell Mitchell Carter Roberts O'Neill:oneill "
    "Dvořák:dvorak Gómez:gomez Phillips Evans Turner Díaz:diaz Parker Cruz Edwards Collins Reyes Okafor 佐藤:sato "
    "王:wang Lefèvre:lefevre"
)
_LAST = tuple(_LAST_NAMES.split())
_MAILBOXES = ("example.com", "example.com", "example.org", "example.net")

# Area codes of the North American plan; 212 is left to the business. Only 555-0100 to 555-0199 of each is used:
# these numbers are reserved for fiction.
_AREA_CODES = (
    "201 202 203 205 206 207 208 209 210 213 214 215 216 217 218 219 224 225 228 229 231 234 239 240 248 251 252 253 "
    "254 256 260 262 267 269 270 276 281 301 302 303 304 305 307 308 309 310 312 313 314 315 316 317 318 319 320 321 "
    "323 325 330 331 334 336 337 339 347 351 352 360 361 386 401 402 404 405 406 407 408 409 410 412 413 414 415 417 "
    "419 423 424 425 430 432 434 435 440 443 469 478 479 480 484 501 502 503 504 505 507 508 509 510 512 513 515 516 "
    "517 518 520 530 540 541 551 559 561 562 563 567 570 571 573 574 580 585 586 601 602 603 605 606 607 608 609 610 "
    "612 614 615 616 617 618 619 620 623 626 630 631 636 641 646 650 651 660 661 662 678 682 701 702 703 704 706 707 "
    "708 712 713 714 715 716 717 718 719 720 724 727 731 732 734 740 754 757 760 763 765 770 772 773 774 775 781 785 "
    "786 801 802 803 804 805 806 808 810 812 813 814 815 816 817 818 828 830 831 832 843 845 847 848 850 856 857 858 "
    "859 860 862 863 864 865 870 901 903 904 906 907 908 909 910 912 913 914 915 916 917 918 919 920 925 928 931 936 "
    "937 940 941 947 949 951 952 954 956 970 971 972 973 978 979 980 985 989"
)
_AREAS = tuple(_AREA_CODES.split())
PHONES = len(_AREAS) * 100
"""How many telephone numbers there are; a larger world gives a number to several leads."""
_STRIDE = 7_919  # prime to PHONES, so that neighbours get far-apart numbers and each number comes back only at the end


class Place(NamedTuple):
    """A town where leads live."""

    city: str
    state: str
    zip: str
    time_zone: str
    latitude: float
    longitude: float


_PLACES = (
    Place("Austin", "TX", "78701", "America/Chicago", 30.27, -97.74),
    Place("Houston", "TX", "77002", "America/Chicago", 29.76, -95.37),
    Place("Miami", "FL", "33130", "America/New_York", 25.77, -80.19),
    Place("Tampa", "FL", "33602", "America/New_York", 27.95, -82.46),
    Place("Los Angeles", "CA", "90012", "America/Los_Angeles", 34.05, -118.24),
    Place("San Diego", "CA", "92101", "America/Los_Angeles", 32.72, -117.16),
    Place("Brooklyn", "NY", "11201", "America/New_York", 40.69, -73.99),
    Place("Atlanta", "GA", "30303", "America/New_York", 33.75, -84.39),
    Place("Chicago", "IL", "60602", "America/Chicago", 41.88, -87.63),
    Place("Columbus", "OH", "43215", "America/New_York", 39.96, -83.0),
    Place("Phoenix", "AZ", "85003", "America/Phoenix", 33.45, -112.07),
    Place("Denver", "CO", "80202", "America/Denver", 39.74, -104.99),
    Place("Seattle", "WA", "98101", "America/Los_Angeles", 47.61, -122.33),
    Place("Cañon City", "CO", "81212", "America/Denver", 38.44, -105.24),
    Place("Charlotte", "NC", "28202", "America/New_York", 35.23, -80.84),
    Place("Honolulu", "HI", "96813", "Pacific/Honolulu", 21.31, -157.86),
)


class Person(NamedTuple):
    """Who a lead is."""

    first: str
    last: str
    email: str


def person(number: int, bits: int) -> Person:
    """Give the person of a lead: a name by some bits, a mailbox that no one else has."""
    first, _, first_ascii = _FIRST[bits & 63].partition(":")
    last, _, last_ascii = _LAST[bits >> 6 & 63].partition(":")
    box = _MAILBOXES[bits >> 12 & 3]
    return Person(first, last, f"{first_ascii or first.lower()}.{last_ascii or last.lower()}.{number + 1}@{box}")


def phone(number: int) -> str:
    """Give the E.164 number of a lead.

    Examples
    --------
    >>> phone(0)
    '+12015550100'
    """
    area, line = divmod(number * _STRIDE % PHONES, 100)
    return f"+1{_AREAS[area]}55501{line:02}"


def phone_owner(written: str) -> int | None:
    """Find the first lead with a number; each `PHONES` later comes another.

    Examples
    --------
    >>> phone_owner(phone(4_711))
    4711
    """
    area, line = written[2:5], written[10:]
    if len(written) != 12 or written != f"+1{area}55501{line}" or area not in _AREAS or not line.isdecimal():
        return None
    slot = _AREAS.index(area) * 100 + int(line)
    return slot * pow(_STRIDE, -1, PHONES) % PHONES


def place(bits: int) -> Place:
    """Give a town by some bits."""
    return _PLACES[bits & 15]
