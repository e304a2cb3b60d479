"""Whom families want told of them: most let their whole team know, and some of those leave one kind of agency out."""

from __future__ import annotations

from random import Random

from earlyhelp.demo.bulk.copying import Table
from earlyhelp.demo.bulk.days import moment
from earlyhelp.demo.bulk.households import Household
from earlyhelp.partnership.enums import AgencyKind
from earlyhelp.sharing.enums import AskedHow, GivenBy, Whom, Wish
from earlyhelp.sharing.models import Permission

ASKED, TEAM_KNOWS, ONE_KIND_LEFT_OUT = 0.9, 0.93, 0.12  # shares: of families, of those asked, of those who said yes
LEFT_OUT = (AgencyKind.POLICE, AgencyKind.SCHOOL, AgencyKind.HOUSING)


class Wishes:
    def __init__(self, by: int, dice: Random) -> None:
        self.by, self.dice = str(by), dice
        self.permission = Table(
            Permission,
            "person_id",
            "whom",
            "kind",
            "wish",
            "at",
            "by_id",
            given_by=GivenBy.PERSON,
            how=AskedHow.FACE_TO_FACE,
        )
        self.tables = (self.permission,)

    def of(self, home: Household, known_on: int) -> None:
        """What the first parent answered when the family became known."""
        if self.dice.random() >= ASKED:
            return
        agrees = self.dice.random() < TEAM_KNOWS
        self._answer(home, Whom.TEAM, "", Wish.GIVEN if agrees else Wish.REFUSED, known_on)
        if agrees and self.dice.random() < ONE_KIND_LEFT_OUT:
            self._answer(home, Whom.KIND, self.dice.choice(LEFT_OUT), Wish.REFUSED, known_on)

    def _answer(self, home: Household, whom: Whom, kind: str, wish: Wish, known_on: int) -> None:
        self.permission.add(str(home.first_parent), whom, kind, wish, moment(known_on, 9), self.by)
