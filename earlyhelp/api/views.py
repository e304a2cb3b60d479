from __future__ import annotations

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.authtoken.views import ObtainAuthToken

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


token = Token.as_view()
docs = Docs.as_view()
schema = SpectacularAPIView.as_view()
