"""Contacts: whoever got in touch, and what they were answered."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from earlyhelp.audit.views import open_record
from earlyhelp.core.composed import record
from earlyhelp.workflow.api import (
    KEY,
    NOT_YOURS,
    REFUSALS,
    Cautioned,
    MoveOpen,
    any_move,
    facts,
    faults,
    key_of,
    make_once,
    parameters_of,
    serializer_of,
    step_of,
    take_once,
)
from earlyhelp.workflow.transitions import open_to
from referrals.api.family import family_of
from referrals.contacts import for_page
from referrals.forms import contact as contact_forms
from referrals.models import Contact
from referrals.services.contacts import record_contact


class ContactRow(serializers.Serializer):
    """A contact in a list."""

    reference = serializers.CharField()
    url = serializers.CharField(source="get_absolute_url")
    status = serializers.CharField()
    status_label = serializers.CharField(source="get_status_display")
    channel = serializers.CharField()
    source_kind = serializers.CharField()
    area = serializers.CharField()
    area_known = serializers.SerializerMethodField()
    family = serializers.CharField(source="family.reference", allow_null=True, default=None)
    safeguarding = serializers.CharField()
    received_at = serializers.DateTimeField()
    answer_by = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)

    def get_area_known(self, contact: Contact) -> bool:
        return not contact.anywhere


class ContactRecord(ContactRow):
    """A contact, and what the caller may do next: each of ``moves`` is an address to post to."""

    author = serializers.CharField(allow_null=True)
    caller_name = serializers.CharField()
    caller_phone = serializers.CharField()
    caller_email = serializers.CharField()
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    born_on = serializers.DateField(allow_null=True)
    said = serializers.CharField()
    version = serializers.IntegerField(help_text="To be sent with a correction: it overwrites nobody’s.")
    repeat = serializers.CharField(help_text="In words, of those in your sight; empty for the first.")
    follow_up_by = serializers.DateTimeField(allow_null=True)
    referral = serializers.CharField(allow_null=True)
    case = serializers.CharField(allow_null=True)
    handover = serializers.CharField(allow_null=True)
    moves = serializers.SerializerMethodField()

    @extend_schema_field(MoveOpen(many=True))
    def get_moves(self, contact: Contact) -> Any:
        offered = open_to(self.context["request"].user, contact)
        return MoveOpen([move for move in offered if move.name in contact_forms.MOVES], many=True).data


class ContactMoved(Cautioned):
    """Where the contact stands now. No more than that: the move may have ended the caller’s sight of it."""

    reference = serializers.CharField()
    status = serializers.CharField()
    status_label = serializers.CharField(source="get_status_display")


class NewContact(serializer_of(contact_forms.RecordContact)):  # type: ignore[misc]  # a base made of the page’s own form
    """A contact to record. ``family`` is the reference of one that is known; the key stands in the header."""

    token = None
    family = serializers.CharField(max_length=20, required=False, allow_blank=True)


class ContactViewSet(viewsets.GenericViewSet):
    queryset = Contact.objects.none()
    serializer_class = ContactRow
    lookup_field, lookup_value_regex = "reference", "[A-Za-z0-9-]+"

    @extend_schema(
        operation_id="contacts_list",
        parameters=parameters_of(contact_forms.ContactFilter),
        responses=ContactRow(many=True),
    )
    def list(self, request: Request) -> Response:
        """The contacts in your sight, the newest first."""
        filters = contact_forms.ContactFilter(request.query_params)
        if not filters.is_valid():
            raise serializers.ValidationError(faults(filters))
        rows = filters.narrow(Contact.objects.for_user(request.user)).order_by("-received_at", "-pk")
        shown = rows.with_promises().select_related("family", "area")
        return self.get_paginated_response(ContactRow(self.paginate_queryset(shown), many=True).data)

    @extend_schema(operation_id="contacts_retrieve", responses={200: ContactRecord, 404: NOT_YOURS})
    def retrieve(self, request: Request, reference: str) -> Response:
        """One contact. That it was read is written down, as on the page."""
        return Response(ContactRecord(self._open(reference), context={"request": request}).data)

    @extend_schema(
        operation_id="contacts_create",
        request=NewContact,
        responses={201: ContactMoved, **REFUSALS},
        parameters=[KEY],
    )
    def create(self, request: Request) -> Response:
        """Record a contact. Sent again with the same key it gives the first one’s answer."""
        key, now = key_of(request), timezone.now()
        sent = NewContact(data=request.data)
        sent.is_valid(raise_exception=True)
        reference = sent.validated_data.get("family")
        family = family_of(request.user, reference) if reference else None
        said = facts(contact_forms.RecordContact, sent.initial_data | {"token": str(key)})
        said.pop("token")
        deed = partial(record_contact, by=request.user, now=now, family=family, **said)
        made = make_once(request, now=now, deed=lambda: deed().reference, about=family)
        contact = Contact.objects.for_user(request.user).filter(reference=made).first()
        if contact is None:
            raise Http404
        return Response(ContactMoved(contact).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="contacts_move",
        request=any_move("ContactMove", contact_forms.MOVES),
        responses={200: ContactMoved, **REFUSALS},
        parameters=[OpenApiParameter("move", str, OpenApiParameter.PATH, enum=[*contact_forms.MOVES])],
    )
    @action(detail=True, methods=["post"], url_path="(?P<move>[a-z_]+)")
    def move(self, request: Request, reference: str, move: str) -> Response:
        """Do one of ``moves``. 403: not yours to do; 409: not possible as the contact stands now, and it says why."""
        contact = self._open(reference)
        step = step_of(request.user, contact, move, contact_forms.MOVES)
        form = contact_forms.MOVES[move].form
        said = facts(form, request.data, make=partial(form, contact=contact, user=request.user))
        return Response(
            ContactMoved(take_once(step, contact, by=request.user, said=said, waits=move != "hand_over")).data
        )

    def _open(self, reference: str) -> Any:
        return open_record(self.request._request, _CONTACTS, reference=reference)


@record
def _CONTACTS(user: Any) -> Any:
    return for_page(Contact.objects.with_rights(user), user)
