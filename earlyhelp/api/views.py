from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.utils import timezone
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework import serializers
from rest_framework.authtoken.models import Token as Key
from rest_framework.authtoken.serializers import AuthTokenSerializer
from rest_framework.authtoken.views import ObtainAuthToken
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from earlyhelp.api.parsers import BoundedJSONParser
from earlyhelp.partnership import second_factor


class Credentials(AuthTokenSerializer):
    """What the sign-in page asks for, in one go: a ``code`` too, of whoever has a second factor."""

    code = serializers.CharField(write_only=True, required=False, max_length=20)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Raises ``TooManyTries``."""
        given = super().validate(attrs)
        person = given["user"]
        if not second_factor.has_factor(person):
            if settings.SECOND_FACTOR_REQUIRED:
                raise serializers.ValidationError("Set up a second factor first: sign in to Early Help.")
        elif not second_factor.is_right(person, given.get("code", ""), now=timezone.now()):
            raise serializers.ValidationError({"code": second_factor.WRONG})
        return given


class Token(ObtainAuthToken):
    """A username, a password and a code, for a token. The one address here that asks for no token."""

    serializer_class = Credentials
    authentication_classes = ()
    permission_classes = ()
    parser_classes = (BoundedJSONParser,)

    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A key that has outlived itself makes way for a new one."""
        Key.objects.filter(created__lt=timezone.now() - settings.API_KEY_LASTS).delete()
        return super().post(request, *args, **kwargs)


class Docs(SpectacularSwaggerSplitView):
    """The schema to try out. Its scripts are files of ours: the page keeps the strict policy of every other."""

    url_name = "api-schema"
    template_name = "api/docs.html"

    def handle_exception(self, exc: Exception) -> Any:
        """A person is asked to sign in, and led back; a program is answered as everywhere here."""
        reads_pages = any(kind.match("text/html") and kind.main_type == "text" for kind in self.request.accepted_types)
        if isinstance(exc, NotAuthenticated) and reads_pages:
            return redirect_to_login(self.request.get_full_path())
        return super().handle_exception(exc)


token = Token.as_view()
docs = Docs.as_view()
schema = SpectacularAPIView.as_view()
