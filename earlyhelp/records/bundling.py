"""What is handed over: the items as they were decided, with a bar where words were struck, and what was left out by its code."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from earlyhelp.core import dates
from earlyhelp.core.documents import Paper, Section
from earlyhelp.core.sealing import unseal
from earlyhelp.records.collecting import Found, around, collect
from earlyhelp.records.enums import IN_PLAIN_WORDS, Code, Decision
from earlyhelp.records.models import AccessItem, AccessRequest, Addendum
from earlyhelp.records.told import KINDS

INTRO = (
    "You asked what is written about you in the early help record. Each part says what kind of record it is, when it was "
    "written and what it says. The names of people who worked with you as part of their job are left in."
)
OWN_WORDS = Addendum._meta.label_lower
NOTHING_LEFT_OUT = "Nothing was left out."
LEFT_OUT = "Where words were struck out you see the code in their place. What was kept back whole is counted here."
ADDRESS = "An address that is protected is on no paper. Ask us, and you are told it face to face."
YOUR_RIGHTS = (
    "If something here is wrong, tell us. What was written stays, and your own words are put beside it, with the day.\n"
    "If you think that we left out too much, or took too long, tell us and somebody else looks at it again.\n"
    "You may complain at any time to the Information Commissioner’s Office: ico.org.uk, or 0303 123 1113."
)


Told = dict[str, Any]


def bar(code: str) -> str:
    return f"[redacted: {code}]"


def as_given(item: AccessItem) -> str:
    """The very words that go: none of what is kept back, a bar for each passage that is struck."""
    if item.decision not in (Decision.DISCLOSE, Decision.REDACT):
        return ""
    text = item.text
    for passage in sorted(item.strikes, key=len, reverse=True):
        text = text.replace(passage, bar(item.code))
    return text


def content_of(request: AccessRequest) -> str:
    """As it is sealed: of what is kept back not even that there is such a thing, but for the number of each code."""
    items = list(in_order(request))
    given = [each for each in items if each.decision in (Decision.DISCLOSE, Decision.REDACT)]
    told = [_told(each) for each in given]
    for own, place in _beside(
        given
    ).items():  # their own words, and where in this list that stands which they say it of
        told[own]["beside"] = place
    counted = Counter((each.code, each.decision) for each in items if each.code)
    left_out = [
        {
            "code": code,
            "why": IN_PLAIN_WORDS[Code(code)],
            "struck": counted[code, Decision.REDACT],
            "kept_back": counted[code, Decision.WITHHOLD],
        }
        for code in Code.values
        if counted[code, Decision.REDACT] or counted[code, Decision.WITHHOLD]
    ]
    about = {"reference": request.reference, "about": request.person.name, "for": request.asker_name}
    about["received_on"] = request.received_on.isoformat()
    return json.dumps(about | {"items": told, "left_out": left_out, "your_rights": YOUR_RIGHTS}, ensure_ascii=False)


def _told(item: AccessItem) -> Told:
    on = item.on.isoformat() if item.on else None
    return {"kind": item.kind, "on": on, "text": as_given(item), "code": item.code}


def _beside(items: list[AccessItem]) -> dict[int, int]:
    """The place of each of their own statements, and of what it is said of: none where that is kept back."""
    own = {each.source_id: place for place, each in enumerate(items) if each.source == OWN_WORDS}
    places = {(each.source, each.source_id): place for place, each in enumerate(items)}
    said = Addendum.objects.filter(pk__in=own) if own else ()
    return {own[each.pk]: places[each.about] for each in said if each.about in places}


def in_order(request: AccessRequest) -> Any:
    return request.items.order_by("on", "pk")


def digest_of(request: AccessRequest, said: str) -> str:
    """Of all that was decided, and not only of what goes: what is kept back is approved as well."""
    decided = request.items.order_by("pk").values_list("pk", "decision", "code", "strikes", "note", "text")
    whole = json.dumps([said, [list(each) for each in decided]], ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()


def is_current(request: AccessRequest) -> bool:
    """Whether what was collected is still what is kept."""
    stored = request.items.values_list("source", "source_id", "kind", "on", "text")
    return {(each.source, each.source_id, each.kind, each.on, each.text) for each in collect(request)} == set(stored)


def hidden_in(request: AccessRequest, items: Iterable[AccessItem]) -> list[AccessItem]:
    """Those that would tell where somebody is hidden."""
    secrets = around(request).secrets
    return [each for each in items if secrets.stand_in(as_given(each))]


def proposed(found: Found) -> str:
    """Of the person alone: it goes, unless somebody decides otherwise. Nothing is chosen for what speaks of others, or could do
    harm where it is found.
    """
    return Decision.UNDECIDED if found.others or found.weighed else Decision.DISCLOSE


def sealed_content(request: AccessRequest) -> str:
    """As it was approved. Raises ``Unsealable`` if it was altered, or belongs to another request."""
    sealed: Any = request.sealed  # there, once it is approved: the database sees to it
    return unseal(sealed, bound_to=request.binding)


def paper_of(request: AccessRequest, said: str) -> Paper:
    told = json.loads(said)
    rows = [(each["kind"], _row(each, said)) for each, said in _with_own_words(told["items"])]
    here = {kind for kind, _ in rows}
    kinds = [words for words in dict.fromkeys([*(kind.words for kind in KINDS), *sorted(here)]) if words in here]
    sections = [
        Section(kind, head=("When", "What it says"), rows=[row for of, row in rows if of == kind]) for kind in kinds
    ]
    made = (
        f"Approved {dates.moment(request.approved_at)}" if request.approved_at else "Not approved: not for handing out"
    )
    return Paper(
        title="What is kept about you",
        reference=request.reference,
        marking=f"CONFIDENTIAL. For {told['for']}, about {told['about']}, and for nobody else.",
        made=made,
        intro=INTRO,
        sections=[
            *sections,
            _left_out(told),
            Section("If something is wrong", text=f"{told['your_rights']}\n{ADDRESS}"),
        ],
    )


def _with_own_words(items: list[Told]) -> Iterable[tuple[Told, list[Told]]]:
    """Each item that stands by itself, and what they say themselves of it."""
    said: dict[int, list[Told]] = {}
    for each in items:
        if "beside" in each:
            said.setdefault(each["beside"], []).append(each)
    return ((each, said.get(place, [])) for place, each in enumerate(items) if "beside" not in each)


def _row(item: Told, said: list[Told]) -> tuple[str, str]:
    own = [f"{each['kind']}, {_on(each)}: {each['text']}" for each in said]
    return _on(item), "\n\n".join([item["text"], *own])


def _on(item: Told) -> str:
    return (item["on"] and dates.day(dates.read_day(item["on"]))) or "No day"


def _left_out(told: dict[str, Any]) -> Section:
    rows = [(each["code"], each["why"], str(each["struck"]), str(each["kept_back"])) for each in told["left_out"]]
    head = ("Code", "Why", "With words struck out", "Kept back whole")
    text = LEFT_OUT if rows else ""
    return Section("What was left out, and why", text=text, head=head, rows=rows, nothing=NOTHING_LEFT_OUT)
