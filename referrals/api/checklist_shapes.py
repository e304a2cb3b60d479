"""What is shown of a checklist to other systems, and what they send."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from earlyhelp.workflow.api import MoveOpen, serializer_of
from earlyhelp.workflow.transitions import open_to
from referrals import checklists
from referrals.enums import AskedAbout, Outcome, Voice
from referrals.forms.checklist import MOVES, SUGGESTION_FORMS
from referrals.models import ChecklistResponse

# --- what is shown -----------------------------------------------------------------------------------------------------


class ChecklistRow(serializers.Serializer):
    """A checklist in a list: without the person, and without what they said."""

    reference = serializers.CharField()
    url = serializers.CharField(source="get_absolute_url")
    status = serializers.CharField()
    status_label = serializers.CharField(source="get_status_display")
    about = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    offered = serializers.IntegerField(help_text="How much was suggested, besides signs of harm.")
    unanswered = serializers.IntegerField(
        help_text="Of how much the person has not been asked, signs of harm included."
    )


class PossibleAnswer(serializers.Serializer):
    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of the answer, and not the field's own label


class QuestionAsked(serializers.Serializer):
    code = serializers.CharField()
    text = serializers.CharField()
    help = serializers.CharField()
    group = serializers.CharField()
    answers = PossibleAnswer(many=True)


class PageAsked(serializers.Serializer):
    """One page of questions: post its answers, in this voice, to ``answers``."""

    voice = serializers.CharField()
    answered = serializers.BooleanField()
    questions = QuestionAsked(many=True)


class AnswerGiven(serializers.Serializer):
    code = serializers.CharField(source="question.code")
    text = serializers.CharField(source="question.text")
    value = serializers.CharField()
    comment = serializers.CharField()


class SuggestionRow(serializers.Serializer):
    """What the answers suggest, why, and what may be done with it: each of ``moves`` is an address to post to."""

    id = serializers.IntegerField(source="row.pk")
    outcome = serializers.CharField(source="row.outcome")
    title = serializers.CharField(source="row.title")
    explanation = serializers.CharField(source="row.explanation")
    reasons = serializers.ListField(child=serializers.CharField())
    to_check = serializers.CharField()
    status = serializers.CharField(source="row.status")
    status_label = serializers.CharField(source="row.get_status_display")
    answered_at = serializers.DateTimeField(source="row.answered_at", allow_null=True)
    went_to = serializers.CharField(source="row.went_to")
    went_reference = serializers.CharField(source="row.went_reference")
    offer_again_on = serializers.DateField(source="row.offer_again_on", allow_null=True)
    moves = serializers.SerializerMethodField()

    @extend_schema_field(MoveOpen(many=True))
    def get_moves(self, shown: Any) -> Any:
        return MoveOpen(checklists.moves_of(shown.row, may_offer=self.context["may_offer"]), many=True).data


class ServiceOffered(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    organisation = serializers.CharField()


class SuggestionRecord(SuggestionRow):
    """One of them, with the services that fit, the nearest first: say «yes» with the id of one, or with «none»."""

    services = serializers.SerializerMethodField()

    @extend_schema_field(ServiceOffered(many=True))
    def get_services(self, shown: Any) -> Any:
        fits = shown.row.outcome == Outcome.SERVICE and shown.row.answered_at is None
        return ServiceOffered(
            checklists.services_for([shown.row]).get(shown.row.pk, []) if fits else [], many=True
        ).data


class ChecklistRecord(serializers.Serializer):
    """A checklist: what is asked, what was said, what it suggests, and what the caller may do next."""

    reference = serializers.CharField()
    url = serializers.CharField(source="get_absolute_url")
    status = serializers.CharField()
    status_label = serializers.CharField(source="get_status_display")
    person = serializers.CharField(source="person.name")
    about = serializers.CharField()
    agreed_by = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField(source="set.number")
    contact = serializers.CharField(allow_null=True)
    referral = serializers.CharField(allow_null=True)
    handover = serializers.CharField(allow_null=True)
    pages = serializers.SerializerMethodField()
    answers = AnswerGiven(source="answers.all", many=True)
    suggestions = serializers.SerializerMethodField()
    moves = serializers.SerializerMethodField()

    @extend_schema_field(PageAsked(many=True))
    def get_pages(self, row: ChecklistResponse) -> Any:
        saved = {answer.question.voice for answer in row.answers.all()}
        return [
            {"voice": voice.value, "answered": bool(saved & set(voices)), "questions": _questions(row, voice)}
            for voice, voices in row.pages.items()
        ]

    @extend_schema_field(SuggestionRow(many=True))
    def get_suggestions(self, row: Any) -> Any:
        return SuggestionRow(checklists.shown(row), many=True, context={"may_offer": row.may_offer}).data

    @extend_schema_field(MoveOpen(many=True))
    def get_moves(self, row: ChecklistResponse) -> Any:
        offered = open_to(self.context["request"].user, row)
        return MoveOpen([move for move in offered if move.name in MOVES], many=True).data


def _questions(row: ChecklistResponse, voice: Voice) -> list[dict[str, Any]]:
    return [
        {
            "code": each.code,
            "text": each.text,
            "help": each.help,
            "group": each.group,
            "answers": [{"value": value, "label": label} for value, label in each.possible],
        }
        for each in checklists.questions_of(row, voice)
    ]


class ChecklistMoved(serializers.Serializer):
    """Where the checklist stands now. No more than that: the move may have ended the caller’s sight of it."""

    reference = serializers.CharField()
    status = serializers.CharField()
    status_label = serializers.CharField(source="get_status_display")


class SuggestionMoved(serializers.Serializer):
    """What was said, and where it led: to the reference of a referral to a service, for one."""

    id = serializers.IntegerField(source="pk")
    status = serializers.CharField()
    status_label = serializers.CharField(source="get_status_display")
    went_to = serializers.CharField()
    went_reference = serializers.CharField()


# --- what is sent ------------------------------------------------------------------------------------------------------


class NewChecklist(serializers.Serializer):
    """Whom one asks, from what, and who agreed. From a contact or a referral ``person`` is one of its people.

    From neither, it is somebody with whom the caller works. Somebody whom nobody has written down yet is named instead.
    """

    contact = serializers.CharField(max_length=20, required=False, allow_blank=True)
    referral = serializers.CharField(max_length=20, required=False, allow_blank=True)
    person = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    first_name = serializers.CharField(max_length=80, required=False, allow_blank=True)
    last_name = serializers.CharField(max_length=80, required=False, allow_blank=True)
    born_on = serializers.DateField(required=False, allow_null=True)
    about = serializers.ChoiceField(choices=AskedAbout.choices)
    agreed_by = serializers.CharField(max_length=200)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if given.get("contact") and given.get("referral"):
            raise serializers.ValidationError({"referral": "Send a contact or a referral, and not both."})
        if not any(given.get(name) for name in ("contact", "referral", "person")):
            raise serializers.ValidationError({"person": "Say whom you ask: from a contact, a referral, or a person."})
        return given


class Answers(serializers.Serializer):
    """The answers to one page, by the codes of its questions. What is left out stays open."""

    voice = serializers.ChoiceField(choices=Voice.choices)
    answers = serializers.DictField(child=serializers.CharField(max_length=30))
    comments = serializers.DictField(child=serializers.CharField(max_length=500, allow_blank=True), required=False)


# The services of a suggestion are its own: which, its record says.
OF_SUGGESTION = [
    type(
        form.__name__,
        (serializer_of(form),),
        {"service": serializers.CharField()} if "service" in form.base_fields else {},
    )
    for form, _, _ in SUGGESTION_FORMS.values()
]
