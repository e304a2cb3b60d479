"""Before Django: it reads the query as it makes the request, and falls over a character set that it cannot read it in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.http import parse_header_parameters

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication

UTF_8 = ("utf-8", "utf8")


def only_utf_8(application: WSGIApplication) -> WSGIApplication:
    """Answers 415 to a request that says it is written in anything else ("hex" is one that Python knows; promise P14)."""

    def answer(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        _, said = parse_header_parameters(environ.get("CONTENT_TYPE", ""))
        if said.get("charset", UTF_8[0]).lower() in UTF_8:
            return application(environ, start_response)
        start_response("415 Unsupported Media Type", [("Content-Type", "text/plain")])
        return [b"Send UTF-8."]

    return answer
