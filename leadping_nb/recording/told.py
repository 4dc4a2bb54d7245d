"""Words of which somebody says that they are about people: no field says so, and a person who read the report does."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from leadping_nb.arguments import quoted
from leadping_nb.errors import LeadpingError
from leadping_nb.recording.spellings import folded

__all__ = ["Told"]


class Told:
    """Texts that are about people by what somebody says, in any case, and which of them came.

    Parameters
    ----------
    texts
        The texts.
    own
        The words of the API, of which none may be among them.

    Raises
    ------
    LeadpingError
        If one is a word of the API.

    Examples
    --------
    >>> told = Told(["Okafor"], own={"status"})
    >>> "OKAFOR" in told, "Okafor & Sons" in told
    (True, False)
    """

    def __init__(self, texts: Iterable[str], *, own: Collection[str]) -> None:
        self._texts = {folded(text): text for text in texts}
        self._met: set[str] = set()
        words = set(map(folded, own)) if self._texts else set()
        for form, text in self._texts.items():
            if form in words:
                raise LeadpingError(
                    f"{quoted(text)} is a word of the API, which whoever reads the recording goes by.",
                    hint="Leave it out of also=: a field that is about people is replaced without it.",
                )

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts.values())

    def __contains__(self, text: str) -> bool:
        return bool(self._texts) and folded(text) in self._texts

    def meet(self, text: str) -> None:
        """Take note of a value or key that came."""
        if text in self:
            self._met.add(folded(text))

    def demand_all(self) -> None:
        """Raise `LeadpingError` where one came nowhere as a whole, as one that is mistyped."""
        for form, text in self._texts.items():
            if form not in self._met:
                raise LeadpingError(
                    f"Nothing in the recording is {quoted(text)} as a whole.",
                    hint="Give also= words and keys as the report lists them; nothing was replaced.",
                )
