"""Questions whose answers are read by those who do not open the family's record: they name nobody of it (domain.md 5, 16)."""

from __future__ import annotations

from typing import Any

from earlyhelp.cases.models import Case
from hubs.naming import gives_pause, names_a_place, names_of_family

NAME_NOBODY = "Name nobody: whoever reads this does not open the family’s record."
TAKE_OUT = "Take out {}: this is read by people who do not open the family’s record"


class NamesNobody:
    """Refuses the names of the family that the answers are about, and gives pause at what else seems to be a name.

    One that a place is called by too gives pause: of a family Melton, the library in Melton has to be named.

    Whoever referred knows of whom they spoke, and the answer stands with what they wrote: a name would add nothing but somebody
    of the household of whom they did not know.
    """

    names_nobody: tuple[str, ...] = ()
    case: Case
    cleaned_data: dict[str, Any]

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        for name, text in self._answers():
            if found := [each for each in names_of_family(text, self.case.family) if not names_a_place(each)]:
                self.add_error(name, TAKE_OUT.format(", ".join(found)))  # type: ignore[attr-defined]

    def pauses(self) -> list[str]:
        texts = [text for _, text in self._answers()]
        return [said for text in texts if (said := gives_pause(text, names_of_family(text, self.case.family)))]

    def _answers(self) -> list[tuple[str, str]]:
        """Those that are kept: what is not part of the decision chosen is left out already."""
        given = [(name, self.cleaned_data.get(name)) for name in self.names_nobody]
        return [(name, text) for name, text in given if text]
