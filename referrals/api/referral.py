"""Referrals, and the messages about them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from earlyhelp.audit.views import open_record
from earlyhelp.core.composed import record
from earlyhelp.directory.models import Need
from earlyhelp.families.enums import AgreementStatus, LevelOfNeed
from earlyhelp.families.models import Person
from earlyhelp.workflow.api import (
    KEY,
    NOT_YOURS,
    REFUSALS,
    Cautioned,
    MoveOpen,
    any_move,
    cautions_of,
    facts,
    faults,
    looked_at,
    make_once,
    parameters_of,
    step_of,
)
from earlyhelp.workflow.transitions import NotPossible, open_to
from referrals.api.family import family_of
from referrals.enums import Safeguarding, SourceKind
from referrals.forms.triage import MOVES, ReferralFilter
from referrals.models import Referral
from referrals.models.message import LONGEST
from referrals.progress import promised
from referrals.queries import messages_about, people_of
from referrals.services.drafts import begun, record_answers, save_draft, start
from referrals.transitions.message import entered_in_error, read, write
from referrals.transitions.referral import submit

# --- what is shown -----------------------------------------------------------------------------------------------------


class ReferralRow(serializers.Serializer):
    """A referral in a list."""

    reference = serializers.CharField()
    url = serializers.CharField(source="get_absolute_url")
    family = serializers.CharField(source="family.reference")
    status = serializers.CharField()
    status_label = serializers.CharField(source="get_status_display")
    area = serializers.CharField()
    agency = serializers.CharField(allow_null=True)
    urgent = serializers.BooleanField(allow_null=True)
    created_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)


class ReferralRecord(ReferralRow):
    """A referral, and what the caller may do next: each of ``moves`` is an address to post to."""

    author = serializers.CharField(allow_null=True)
    holder = serializers.CharField(allow_null=True)
    source_kind = serializers.CharField()
    step_down = serializers.BooleanField()
    closing_summary = serializers.CharField()
    plan_ahead = serializers.CharField()
    why_now = serializers.CharField()
    tried = serializers.CharField()
    wants = serializers.CharField()
    needs = serializers.ListField(child=serializers.CharField())
    strengths = serializers.CharField()
    worries = serializers.CharField()
    safeguarding = serializers.CharField()
    safeguarding_detail = serializers.CharField()
    urgent_why = serializers.CharField()
    level_of_need = serializers.IntegerField(allow_null=True)
    case = serializers.CharField(allow_null=True)
    decide_by = serializers.SerializerMethodField()
    moves = serializers.SerializerMethodField()

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_decide_by(self, referral: Referral) -> Any:
        return promised(referral, "D_TRIAGE")

    @extend_schema_field(MoveOpen(many=True))
    def get_moves(self, referral: Referral) -> Any:
        offered = open_to(self.context["request"].user, referral)
        return MoveOpen([move for move in offered if move.name in MOVES], many=True).data


class ReferralMoved(Cautioned):
    """Where the referral stands now. No more than that: the move may have ended the caller’s sight of it."""

    reference = serializers.CharField()
    status = serializers.CharField()
    status_label = serializers.CharField(source="get_status_display")


# --- what is sent ------------------------------------------------------------------------------------------------------


class MessageRow(serializers.Serializer):
    """A message about a referral, the newest first. One that was taken back has no words."""

    id = serializers.IntegerField(source="pk")
    by = serializers.CharField()
    from_referrer = serializers.BooleanField()
    at = serializers.DateTimeField()
    text = serializers.CharField(source="shown")
    read_at = serializers.DateTimeField(allow_null=True)
    error_at = serializers.DateTimeField(allow_null=True)


class Answer(serializers.Serializer):
    """One person’s own answer to early help."""

    person = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    status = serializers.ChoiceField(choices=AgreementStatus.choices)
    why_not = serializers.CharField(max_length=255, required=False, allow_blank=True, default="")

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if given["status"] == AgreementStatus.NOT_ASKED and not given["why_not"]:
            raise serializers.ValidationError({"why_not": "Say why they have not been asked."})
        return given


def _text(limit: int = 20_000) -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, max_length=limit)


class NewMessage(serializers.Serializer):
    """A few words to the other side: to EH Access and the lead professional, or to whoever referred."""

    text = serializers.CharField(max_length=LONGEST)


class NewReferral(serializers.Serializer):
    """A referral to begin; with ``submit`` it is sent as well, if everything that must be said is said."""

    family = serializers.CharField(max_length=20)
    people_note = _text()
    why_now = _text()
    tried = _text()
    wants = _text()
    needs = serializers.ListField(child=serializers.ChoiceField(choices=Need.choices), required=False, max_length=20)
    strengths = _text()
    worries = _text()
    safeguarding = serializers.ChoiceField(choices=Safeguarding.choices, required=False)
    safeguarding_detail = _text()
    urgent = serializers.BooleanField(required=False)
    urgent_why = _text(255)
    source_kind = serializers.ChoiceField(choices=SourceKind.choices, required=False)
    contact_phone = _text(40)
    proposed_level = serializers.ChoiceField(choices=LevelOfNeed.choices, required=False)
    closing_summary = _text()
    plan_ahead = _text()
    agreements = Answer(many=True, required=False)
    no_agreement_reason = _text()
    submit = serializers.BooleanField(required=False, default=False)

    def validate_agreements(self, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len(given) > 50:
            raise serializers.ValidationError("Send at most 50.")
        return given


class ReferralViewSet(viewsets.GenericViewSet):
    queryset = Referral.objects.none()
    serializer_class = ReferralRow
    lookup_field, lookup_value_regex = "reference", "[A-Za-z0-9-]+"

    @extend_schema(
        operation_id="referrals_list", parameters=parameters_of(ReferralFilter), responses=ReferralRow(many=True)
    )
    def list(self, request: Request) -> Response:
        """The referrals in your sight, the newest first."""
        filters = ReferralFilter(request.query_params)
        if not filters.is_valid():
            raise serializers.ValidationError(faults(filters))
        rows = filters.narrow(Referral.objects.for_user(request.user)).order_by("-created_at", "-pk")
        shown = rows.select_related("family", "area", "agency")
        return self.get_paginated_response(ReferralRow(self.paginate_queryset(shown), many=True).data)

    @extend_schema(operation_id="referrals_retrieve", responses={200: ReferralRecord, 404: NOT_YOURS})
    def retrieve(self, request: Request, reference: str) -> Response:
        """One referral. That it was read is written down, as on the page."""
        return Response(ReferralRecord(self._open(reference), context={"request": request}).data)

    @extend_schema(
        operation_id="referrals_create",
        request=NewReferral,
        responses={201: ReferralMoved, **REFUSALS},
        parameters=[KEY],
    )
    def create(self, request: Request) -> Response:
        """Begin a referral and, with ``submit``, send it. Sent again with the same key it gives the first one’s answer."""
        now = timezone.now()
        sent = NewReferral(data=request.data)
        sent.is_valid(raise_exception=True)
        family = family_of(request.user, sent.validated_data["family"])
        deed = partial(_begin, request.user, now, sent.validated_data)
        reference = make_once(request, now=now, deed=deed, about=family)
        referral = Referral.objects.for_user(request.user).filter(reference=reference).first()
        if referral is None:
            raise Http404
        return Response(ReferralMoved(referral).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="referrals_move",
        request=any_move("ReferralMove", MOVES),
        responses={200: ReferralMoved, **REFUSALS},
        parameters=[OpenApiParameter("move", str, OpenApiParameter.PATH, enum=[*MOVES])],
    )
    @action(detail=True, methods=["post"], url_path="(?P<move>[a-z_]+)")
    def move(self, request: Request, reference: str, move: str) -> Response:
        """Do one of ``moves``. 403: not yours to do; 409: not possible as the referral stands now, and it says why."""
        referral = self._open(reference)
        step = step_of(request.user, referral, move, MOVES)
        said = facts(MOVES[move].form, request.data, make=partial(MOVES[move].form, referral=referral))
        moved = step(
            referral,
            by=request.user,
            now=timezone.now(),
            **(said if move == "step_up" else looked_at(request, said)),  # a hand-over to social care waits for nothing
        )
        moved.cautions = cautions_of(request, said) if move == "step_up" else []
        return Response(ReferralMoved(moved).data)

    @extend_schema(operation_id="referrals_messages", responses={200: MessageRow(many=True), 404: NOT_YOURS})
    @action(detail=True, methods=["get"])
    def messages(self, request: Request, reference: str) -> Response:
        """The messages about one referral, as far as they are yours to read. Reading them here marks none as read."""
        rows = messages_about(self._talk(reference), request.user)
        return self.get_paginated_response(MessageRow(self.paginate_queryset(rows), many=True).data)

    @extend_schema(
        operation_id="referrals_messages_send",
        request=NewMessage,
        responses={201: ReferralMoved, **REFUSALS},
        parameters=[KEY],
    )
    @messages.mapping.post
    def messages_send(self, request: Request, reference: str) -> Response:
        """Send one. Sent again with the same key it is one message."""
        now, referral = timezone.now(), self._talk(reference)
        sent = NewMessage(data=request.data)
        sent.is_valid(raise_exception=True)
        deed = partial(write, referral, by=request.user, now=now, text=sent.validated_data["text"])
        make_once(request, now=now, deed=lambda: str(deed().pk))
        return Response(ReferralMoved(referral).data, status=status.HTTP_201_CREATED)

    @extend_schema(operation_id="referrals_messages_read", request=None, responses={200: ReferralMoved, **REFUSALS})
    @action(detail=True, methods=["post"], url_path="messages/read", url_name="messages-read")
    def messages_read(self, request: Request, reference: str) -> Response:
        """Mark what the other side wrote as read."""
        referral = self._talk(reference)
        return Response(ReferralMoved(read(referral, by=request.user, now=timezone.now())).data)

    @extend_schema(operation_id="referrals_messages_error", request=None, responses={200: ReferralMoved, **REFUSALS})
    @action(
        detail=True, methods=["post"], url_path=r"messages/(?P<message>[0-9]{1,18})/error", url_name="message-error"
    )
    def messages_error(self, request: Request, reference: str, message: str) -> Response:
        """Mark your own message as entered in error: within a quarter of an hour its words are shown no more."""
        referral = self._talk(reference)
        moved = entered_in_error(referral, by=request.user, now=timezone.now(), message=int(message))
        return Response(ReferralMoved(moved).data)

    def _talk(self, reference: str) -> Any:
        return open_record(self.request._request, _TALKED_OF, action="talk", reference=reference)

    def _open(self, reference: str) -> Any:
        return open_record(self.request._request, _REFERRALS, reference=reference)


@record
def _TALKED_OF(user: Any) -> Any:
    return Referral.objects.with_rights(user, "talk")


@record
def _REFERRALS(user: Any) -> Any:
    rows = Referral.objects.with_rights(user)
    return rows.select_related("family", "area", "agency", "author", "holder", "case")


@transaction.atomic
def _begin(user: Any, now: Any, given: Mapping[str, Any]) -> str:
    """The draft, what is said in it and who agrees: all of it or nothing."""
    said = dict(given)
    family, submitting = family_of(user, said.pop("family")), said.pop("submit")
    answers, reason = said.pop("agreements", []), said.pop("no_agreement_reason", "")
    if earlier := begun(family, by=user):
        raise NotPossible(f"You have begun a referral of this family already: {earlier}. Finish or delete it first.")
    referral = start(family, by=user, now=now)
    if referral.step_down:
        said.pop("source_kind", None)  # social care’s own, always
    elif said.get("closing_summary") or said.get("plan_ahead"):
        raise NotPossible("A closing summary and a plan ahead are social care’s, which steps a family down.")
    referral = save_draft(referral, by=user, now=now, **said, people_checked=True)
    spoken = _spoken(referral, answers)
    referral = record_answers(referral, by=user, now=now, answers=spoken, no_agreement_reason=reason)
    return submit(referral, by=user, now=now).reference if submitting else referral.reference


def _spoken(referral: Referral, answers: list[dict[str, Any]]) -> list[tuple[Person, str, str]]:
    people = {member.person_id: member.person for member in people_of(referral.family_id, seen_by=referral.author)}
    if strangers := [answer["person"] for answer in answers if answer["person"] not in people]:
        raise serializers.ValidationError({"agreements": [f"Not in this family: {', '.join(map(str, strangers))}."]})
    return [(people[answer["person"]], answer["status"], answer["why_not"]) for answer in answers]
