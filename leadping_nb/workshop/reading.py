"""Reading answers of any form as plain Python: lists, sets, dicts, and what numpy and pandas have in their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from itertools import islice
from typing import Final

from leadping_nb.credential import Credential, KeyType
from leadping_nb.workshop.answers import AnswerError

__all__ = ["entries", "key_type", "number", "pairs", "plain", "word"]

_MOST: Final = 10_000
_TYPES: Final = {form.casefold(): kind.value for kind in KeyType for form in (kind.name, kind.value)}


def plain(value: object) -> object:
    """Give a value as plain Python: members of an Enum by their value, numbers of numpy as numbers, texts stripped.

    Examples
    --------
    >>> from leadping_nb.credential import KeyType
    >>> plain(KeyType.SOURCE_KEY), plain(" lp "), plain([7])
    ('source key', 'lp', 7)
    """
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, list | tuple | set | frozenset) and len(value) == 1:
        return plain(next(iter(value)))
    if getattr(value, "size", None) == 1 and hasattr(value, "item"):  # of numpy, or a Series of one row
        return value.item()
    return value


def word(value: object) -> object:
    """Give a value as `plain` does, and a text in small letters.

    Examples
    --------
    >>> word("Allowed ")
    'allowed'
    """
    found = plain(value)
    return found.casefold() if isinstance(found, str) else found


def key_type(value: object) -> object:
    """Give the value of a credential's type for the type, a credential or a name of it; all else as it is.

    Examples
    --------
    >>> key_type("User token"), key_type("USER_TOKEN"), key_type(7)
    ('user token', 'user token', 7)
    """
    found = plain(value.key_type if isinstance(value, Credential) else value)
    return _TYPES.get(found.casefold(), found) if isinstance(found, str) else found


def entries(name: str, value: object, *, column: str = "") -> list[object]:
    """Give what a list, set, Series or array holds, or the only one that was given.

    Parameters
    ----------
    name
        The variable.
    value
        What is in it.
    column
        The column to take of a DataFrame; a DataFrame of one column needs none.

    Examples
    --------
    >>> entries("names", ("a", "b")), entries("names", "a")
    (['a', 'b'], ['a'])
    """
    if hasattr(value, "columns") and hasattr(value, "iloc"):
        names = list(value.columns)
        if column not in names and len(names) != 1:
            wanted = (
                "Choose the one that is asked for." if column else "A list or one entry is asked for, and no table."
            )
            raise AnswerError(f"`{name}` is a table of {len(names)} columns. {wanted}")
        value = value[column if column in names else names[0]]  # type: ignore[index]  # a DataFrame
    if isinstance(value, Mapping):
        value = list(value)
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, str | bytes | Enum) or not isinstance(value, Iterable):
        value = [value]
    return [plain(entry) for entry in islice(value, _MOST)]


def pairs(name: str, value: object, keys: Sequence[str]) -> dict[object, object]:
    """Give a dict or a Series as a dict; a list counts if it is as long as ``keys``, in their order.

    Examples
    --------
    >>> pairs("counts", [1, 2], ("a", "b"))
    {'a': 1, 'b': 2}
    """
    if hasattr(value, "columns") and hasattr(value, "iloc"):
        if len(value.columns) != 1:
            raise AnswerError(f"`{name}` is a table of {len(value.columns)} columns. Choose the one that is asked for.")
        value = value.iloc[:, 0]
    if not isinstance(value, Mapping) and hasattr(value, "to_dict"):
        value = value.to_dict()
    if isinstance(value, Mapping):
        return {plain(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple) or hasattr(value, "tolist"):
        found = entries(name, value)
        if len(found) != len(keys):
            count = f"{len(found)} {'entry' if len(found) == 1 else 'entries'}"
            raise AnswerError(f"`{name}` has {count}. One for each name is asked for, in their order.")
        return dict(zip(keys, found, strict=True))
    raise AnswerError(f"`{name}` is of type {type(value).__name__}. A dict is asked for, with an entry for each name.")


def number(name: str, value: object) -> float:
    """Give a number of Python, numpy or pandas.

    Examples
    --------
    >>> number("count", 3)
    3.0
    """
    found = plain(value)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise AnswerError(f"`{name}` is of type {type(value).__name__}. A number is asked for.")
    return float(found)
