"""How one hears of notices, for other systems: the same choices as on the page, and one’s own alone."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from earlyhelp.notices import services
from earlyhelp.notices.enums import How


class NoticePreferences(serializers.Serializer):
    """How each kind reaches you besides the page. Hand-overs and what is urgent are e-mailed at once: nobody chooses that."""

    reminder = serializers.ChoiceField(choices=How.choices)
    request = serializers.ChoiceField(choices=How.choices)
    decision = serializers.ChoiceField(choices=How.choices)
    news = serializers.ChoiceField(choices=How.choices)


class NoticePreferencesView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="notice_preferences_retrieve", responses=NoticePreferences)
    def get(self, request: Request) -> Response:
        """How you hear of each kind of notice."""
        return Response(services.chosen_by(request.user))

    @extend_schema(
        operation_id="notice_preferences_update",
        request=NoticePreferences,
        responses={200: NoticePreferences, 400: OpenApiResponse(description="Not a way to hear of it: said by field.")},
    )
    def patch(self, request: Request) -> Response:
        """Choose for the kinds you name; the others stay as they are."""
        sent = NoticePreferences(data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        services.choose(request.user, hows=sent.validated_data)
        return Response(services.chosen_by(request.user))
