from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.authtoken.views import ObtainAuthToken
from rest_framework.exceptions import NotAuthenticated

from earlyhelp.api.parsers import BoundedJSONParser


class Token(ObtainAuthToken):
    """A username and a password, for a token. The one address here that asks for no token."""

    authentication_classes = ()
    permission_classes = ()
    parser_classes = (BoundedJSONParser,)


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
