"""The ids of the sandbox: the number of a lead and the place in its story, so that each id finds its row."""

from __future__ import annotations

__all__ = ["change_id", "conversation_id", "event_id", "event_place", "lead_id", "lead_number"]


def lead_id(number: int) -> str:
    """Give the id of a lead."""
    return f"lead_{number + 1:07}"


def lead_number(written: str) -> int | None:
    """Read a lead's number out of its id, or give None if it is none."""
    digits = written.removeprefix("lead_")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 12:
        return None
    number = int(digits) - 1
    return number if number >= 0 and lead_id(number) == written else None


def event_id(number: int, place: int) -> str:
    """Give the id of an event: the lead's number and the place in its story."""
    return f"evt_{number + 1:07}_{place + 1}"


def event_place(written: str) -> tuple[int, int] | None:
    """Read lead and place out of an event's id, or give None if it is none."""
    head, _, last = written.removeprefix("evt_").rpartition("_")
    number = lead_number(f"lead_{head}")
    if number is None or len(last) != 1 or not "1" <= last <= "9" or event_id(number, int(last) - 1) != written:
        return None
    return number, int(last) - 1


def conversation_id(number: int) -> str:
    """Give the id of the conversation with a lead."""
    return f"conv_{number + 1:07}"


def change_id(number: int, place: int) -> str:
    """Give the id of a status change: that of its event under another name."""
    return event_id(number, place).replace("evt_", "change_")
