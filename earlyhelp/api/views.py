from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.utils import timezone
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.authtoken.models import Token as Key
from rest_framework.authtoken.views import ObtainAuthToken
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from earlyhelp.api.parsers import BoundedJSONParser


class Token(ObtainAuthToken):
    """A username and a password, for a token. The one address here that asks for no token."""

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
