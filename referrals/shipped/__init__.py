"""The sets of questions that come with Early Help, in words of our own. An authority publishes its next version of each.

A migration loads each once, as version 1: what an authority has changed since is never touched.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from referrals.conditions import parse

WRITTEN_AT = datetime(2026, 11, 1, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Shipped:
    kind: str
    title: str
    introduction: str
    questions: list[dict[str, Any]]
    rules: list[dict[str, Any]]
    note: str = "The list that comes with Early Help."
    also: dict[str, Any] = field(default_factory=dict)


def load(apps: Any, shipped: Shipped) -> None:
    """Write it down and publish it, where no set of its kind is there yet. ``apps`` is the registry of a migration."""
    models = {name: apps.get_model("referrals", name) for name in ("QuestionSet", "Question", "Rule")}
    if models["QuestionSet"].objects.filter(kind=shipped.kind).exists():
        return
    made = models["QuestionSet"].objects.create(
        kind=shipped.kind,
        number=1,
        title=shipped.title,
        introduction=shipped.introduction,
        note=shipped.note,
        created_at=WRITTEN_AT,
        **shipped.also,
    )
    models["Question"].objects.bulk_create(
        models["Question"](set=made, order=10 * place, **facts) for place, facts in enumerate(shipped.questions, 1)
    )
    models["Rule"].objects.bulk_create(
        models["Rule"](set=made, priority=10 * place, condition=parse(when), **facts)
        for place, (when, facts) in enumerate(((rule["when"], _but_when(rule)) for rule in shipped.rules), 1)
    )
    made.status, made.published_at = "published", WRITTEN_AT
    made.save()


def _but_when(rule: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in rule.items() if name != "when"}
