"""Where a stream was cut: the end of one piece may begin a secret that the next one goes on with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadping_nb.guard.masks import SHORTEST_BEGINNING

if TYPE_CHECKING:
    from collections import Counter

    from leadping_nb.guard.masks import Masks

__all__ = ["Seam"]


class Seam:
    """The pieces of one stream on their way out, one after another.

    An end that could be the beginning of a secret is kept back until the next piece shows whether it is. Where it
    cannot wait it goes out, and what the next piece completes is replaced still.

    Examples
    --------
    >>> from collections import Counter
    >>> from leadping_nb.secret import Secret
    >>> from leadping_nb.guard.masks import Masks
    >>> seam, masks = Seam(), Masks({Secret("lp_test_0123"): "business key"})
    >>> [seam.take(piece, masks, Counter(), may_wait=True) for piece in ("key: lp_te", "st_0", "123.")]
    ['key: ', '', '‹business key›.']
    >>> seam.take("lp_te", masks, Counter(), may_wait=True), seam.release(masks, Counter())
    ('', 'lp_te')
    >>> seam.take("st_0123", masks, Counter(), may_wait=True)
    '‹business key›'
    """

    def __init__(self) -> None:
        self._gone = ""
        self._kept = ""

    @property
    def is_waiting(self) -> bool:
        """Whether something is kept back."""
        return bool(self._kept)

    def take(self, piece: str, masks: Masks, caught: Counter[str], *, may_wait: bool, is_clean: bool = False) -> str:
        """Give what may go out of a piece and of what was kept back before.

        Parameters
        ----------
        piece
            The next piece.
        masks
            What to look for.
        caught
            Where replaced secrets are counted, by label.
        may_wait
            Whether there is an end at which :meth:`release` will be called.
        is_clean
            Whether the piece is known to hold no form of a secret as a whole.
        """
        gone, kept = self._gone, self._kept
        text = masks.replace_end(gone, kept + piece, caught, whole=True)
        holds = (bool(kept) or not is_clean) and masks.is_in(text)  # looked for once, as most pieces hold nothing
        if holds:
            text = masks.replace(text, caught, whole=True)
        whole = gone + text
        size = masks.beginning(whole)
        waits = min(size, len(text)) if may_wait and size >= SHORTEST_BEGINNING else 0
        cut = len(whole) - waits
        self._gone, self._kept = whole[len(whole) - size : cut], whole[cut:]
        clean = masks.replace_end(gone, text[: len(text) - waits], caught)
        return masks.replace(clean, caught) if holds else clean

    def release(self, masks: Masks, caught: Counter[str]) -> str:
        """Give what was kept back, which may be nothing; of much of a secret, its label."""
        gone, text = self._gone, self._kept
        self._gone, self._kept = gone + text, ""
        return masks.replace(masks.replace_end(gone, text, caught), caught)

    def restart(self) -> None:
        """Forget what went out: what comes next stands somewhere else."""
        self._gone = ""
