"""What comes with a form besides words."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class RefuseFloods(FileUploadHandler):
    """Answers 400 to a request that says that it is far larger than any form of ours, before a byte of it is read.

    A file that is somewhat too large is read, so that its form can say so: whoever chose a photograph learns what to do.
    """

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any, **kwargs: Any) -> None:
        if content_length > settings.UPLOAD_FLOODS_AT:
            raise RequestDataTooBig("This request is larger than any form of ours.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
