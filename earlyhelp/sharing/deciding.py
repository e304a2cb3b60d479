"""May this agency be told of this person, for this purpose? The rule alone, over facts that were read before.

Read it from the top. An override needs nobody's yes. Else the latest answer of each voice counts for each reach (one
agency, a kind of agency, the team); a no stands until a later yes that reaches at least as exactly follows it; a yes that
has run out is a question again. For a child under sixteen the voices are the parents' who hold responsibility, and the
child's own beside them: where two of them differ, somebody has to ask. From sixteen on it is the person's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from earlyhelp.core import dates
from earlyhelp.sharing.enums import DECIDES_FROM, NO, OVERRIDES, YES, GivenBy, Purpose, Say, Whom, Wish

EXACT = {Whom.AGENCY: 3, Whom.KIND: 2, Whom.TEAM: 1}


@dataclass(frozen=True)
class Voiced:
    """One answer. ``record``: where it is kept, if not among the permissions: a referral's own yes to one service."""

    wish: Wish
    whom: Whom
    given_by: GivenBy
    at: datetime
    pk: int | None = None
    until_on: date | None = None
    limits: str = ""
    parent: int | None = None
    parent_name: str = ""
    capacity_note: str = ""
    record: str = ""

    @property
    def who(self) -> str:
        return {GivenBy.PERSON: "They themselves", GivenBy.DECIDER: "Whoever decides for them"}.get(
            self.given_by, self.parent_name
        )

    @property
    def voice(self) -> tuple[str, int | None]:
        return self.given_by, self.parent

    @property
    def said(self) -> str:
        """«Dana Grant said no on 2 March 2026.»"""
        word = {Wish.WITHDRAWN: "took the permission back", Wish.REFUSED: "said no"}.get(self.wish, "said yes")
        return f"{self.who} {word} on {dates.day(self.at)}."


@dataclass(frozen=True)
class Known:
    """All that the rule needs: how old the person is, who holds parental responsibility, what was answered."""

    name: str
    years: int | None
    voices: Sequence[Voiced] = ()
    responsible: frozenset[int] = field(default_factory=frozenset)

    @property
    def decides(self) -> bool:
        """Of somebody whose age nobody knows, their own word is asked for."""
        return self.years is None or self.years >= DECIDES_FROM


@dataclass(frozen=True)
class Answer:
    """``permission`` and ``record`` say on what it rests; ``why`` says so to a person."""

    say: Say
    why: str
    permission: int | None = None
    record: str = ""
    limits: str = ""
    override: bool = False

    @property
    def allows(self) -> bool:
        return self.say in (Say.ALLOW, Say.ALLOW_WITH_LIMITS)


def decide(known: Known, purpose: Purpose, *, today: date) -> Answer:
    if purpose in OVERRIDES:
        return Answer(
            Say.ALLOW, "No permission is needed for this. Say why, and whether the family was told.", override=True
        )
    heard = [each for each in known.voices if each.wish != Wish.ASKED and _counts(each, known)]
    standing = {voice: _stands(heard, voice) for voice in {each.voice for each in heard}}
    if not standing:
        return Answer(Say.ASK, _nobody_said(known))
    return _together(list(standing.values()), known, today)


def _counts(each: Voiced, known: Known) -> bool:
    """Whose word it is now: what a parent said for a child ends when the child is sixteen."""
    if known.decides:
        return each.given_by != GivenBy.PARENT or bool(each.capacity_note)
    return each.given_by != GivenBy.PARENT or each.parent in known.responsible


def _stands(heard: Iterable[Voiced], voice: tuple[str, int | None]) -> Voiced:
    """The one answer of this voice that counts: a no which no later, as exact a yes has followed; else its most exact yes."""
    latest: dict[Whom, Voiced] = {}
    for each in sorted((each for each in heard if each.voice == voice), key=lambda each: (each.at, each.pk or 0)):
        latest[each.whom] = each
    said_yes = [each for each in latest.values() if each.wish in YES]
    said_no = [each for each in latest.values() if each.wish in NO and not any(_lifts(yes, each) for yes in said_yes)]
    if said_no:
        return max(said_no, key=lambda each: each.at)
    return max(said_yes, key=lambda each: (EXACT[each.whom], each.at))


def _lifts(yes: Voiced, no: Voiced) -> bool:
    return yes.at > no.at and EXACT[yes.whom] >= EXACT[no.whom]


def _together(standing: list[Voiced], known: Known, today: date) -> Answer:
    if known.decides:  # one decides: of their own word and of whoever may decide for them, the later
        standing = [max(standing, key=lambda each: each.at)]
    nos = [each for each in standing if each.wish in NO]
    yeses = [each for each in standing if each.wish in YES]
    if nos and yeses:
        return Answer(
            Say.ASK, f"They do not agree. {' '.join(each.said for each in (*yeses, *nos))} Ask them together."
        )
    if nos:
        last = max(nos, key=lambda each: each.at)
        return Answer(Say.DENY, last.said, last.pk, last.record)
    return _of_yes(yeses, known, today)


def _of_yes(yeses: list[Voiced], known: Known, today: date) -> Answer:
    if not known.decides and all(each.given_by == GivenBy.PERSON for each in yeses):
        return Answer(Say.ASK, f"{known.name} said yes, and is under 16: ask a parent too.")
    over = [each for each in yeses if each.until_on and each.until_on < today]
    if over:
        return Answer(Say.ASK, f"{over[0].said} That held until {dates.day(over[0].until_on)}: ask again.")  # type: ignore[arg-type]
    limits = " ".join(dict.fromkeys(each.limits for each in yeses if each.limits))
    first = max(yeses, key=lambda each: (bool(each.limits), each.given_by != GivenBy.PERSON, each.at))
    said = f"{first.said} {f'It is kept with {first.record}.' if first.record else ''}".strip()
    if limits:
        return Answer(Say.ALLOW_WITH_LIMITS, f"{said} They do not want told: {limits}", first.pk, first.record, limits)
    return Answer(Say.ALLOW, said, first.pk, first.record)


def _nobody_said(known: Known) -> str:
    asked = [each for each in known.voices if each.wish == Wish.ASKED]
    if asked:
        return f"They were asked on {dates.day(max(each.at for each in asked))}, and have not answered."
    if any(each.given_by == GivenBy.PARENT for each in known.voices) and known.decides:
        return f"Only a parent answered, and {known.name} decides now: ask them themselves."
    return f"{known.name} has not been asked about this agency."
