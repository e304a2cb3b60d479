"""What a draft would have suggested for what was answered lately: numbers alone, and never whose (domain.md 5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from referrals.enums import ChecklistStatus, SetKind
from referrals.models import ChecklistResponse, QuestionSet
from referrals.services.checklist import suggested

LATEST = 200
FEWEST = 5  # so that a number never tells of one person
Suggests = Callable[[Any], Iterable[Any]]  # by these rules: what they suggest for one set of answers
ANSWERED: dict[str, Callable[[int], Iterable[Suggests]]] = {}


@dataclass(frozen=True)
class Row:
    title: str
    now: int
    then: int

    @property
    def difference(self) -> str:
        more = self.then - self.now
        return "The same" if more == 0 else f"{more} more" if more > 0 else f"{-more} fewer"


@dataclass(frozen=True)
class Preview:
    answers: int
    rows: list[Row]

    @property
    def enough(self) -> bool:
        return self.answers >= FEWEST


def answered(kind: str) -> Callable[[Callable[[int], Iterable[Suggests]]], Callable[[int], Iterable[Suggests]]]:
    """Lodge ``(how many) -> the latest answers to questions of this kind``, each as what suggests by the rules it is given."""

    def lodge(read: Callable[[int], Iterable[Suggests]]) -> Callable[[int], Iterable[Suggests]]:
        ANSWERED[kind] = read
        return read

    return lodge


def preview(draft: QuestionSet) -> Preview:
    """For each rule, how often it would suggest something now and then, for the same answers."""
    used = QuestionSet.objects.filter(kind=draft.kind, status="published").first()
    before, after = list(used.rules.all()) if used else [], list(draft.rules.all())
    counts: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    past = list(ANSWERED[draft.kind](LATEST)) if draft.kind in ANSWERED else []
    for suggests in past:
        for rules, count in zip((before, after), counts, strict=True):
            count.update(each.rule.code for each in suggests(rules))
    if len(past) < FEWEST:
        return Preview(len(past), [])
    titles = {rule.code: rule.title for rule in (*before, *after)}
    return Preview(len(past), [Row(title, counts[0][code], counts[1][code]) for code, title in titles.items()])


@answered(SetKind.CHECKLIST)
def checklists(limit: int) -> Iterable[Suggests]:
    asked = ChecklistResponse.objects.filter(status=ChecklistStatus.ASKED).select_related("set", "person", "area")
    for response in asked.prefetch_related("answers__question", "set__questions").order_by("-at", "-pk")[:limit]:
        said = {answer.question.code: answer.value for answer in response.answers.all()}
        yield partial(_suggested, response, said)


def _suggested(response: ChecklistResponse, said: dict[str, str], rules: Any) -> Iterable[Any]:
    return suggested(response, rules, said)
