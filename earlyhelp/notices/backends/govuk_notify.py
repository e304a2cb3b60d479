"""E-mail through GOV.UK Notify, for authorities that use it. Chosen by giving its key and its template (settings).

The template, made once in Notify, has ``((subject))`` as its subject and ``((body))`` as its message.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from earlyhelp.notices.backends import Refused
from earlyhelp.notices.enums import Delivery

NO_SUCH_ADDRESS = "email_address"  # what its complaint of an address begins with
# Notify has tried for 72 hours before it says "temporary-failure", and does not try again.
OUTCOMES = {
    "delivered": Delivery.DELIVERED,
    "permanent-failure": Delivery.PERMANENT,
    "temporary-failure": Delivery.TEMPORARY,
    "technical-failure": Delivery.TEMPORARY,
}


class EmailBackend(BaseEmailBackend):
    """Django's own door, so that whatever sends an e-mail goes this way; it can also be asked what became of one."""

    @cached_property
    def client(self) -> Any:
        return NotificationsAPIClient(settings.NOTIFY_API_KEY, base_url=settings.NOTIFY_URL, timeout=10)

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        for message in email_messages:
            for address in message.recipients():
                message.taken_as = self._send(message, address)
        return len(email_messages)

    def _send(self, message: Any, address: str) -> str:
        """Notify's name for it. Raises ``Refused``, or another ``OSError`` where Notify takes nothing at all."""
        try:
            answer = self.client.send_email_notification(
                email_address=address,
                template_id=settings.NOTIFY_TEMPLATE_ID,
                personalisation={"subject": message.subject, "body": message.body},
                reference=message.extra_headers.get("Message-ID", "").strip("<>") or None,
            )
        except APIError as problem:
            raise _told(problem) from None  # what it says may hold the address
        return answer["id"]

    def what_became_of(self, taken_as: str) -> Delivery | None:
        """Nothing where it is under way, or was so long ago that Notify has forgotten it."""
        try:
            found = self.client.get_notification_by_id(taken_as)
        except APIError as problem:
            if problem.status_code == 404:
                return None
            raise _told(problem) from None
        return OUTCOMES.get(found["status"])


def _told(problem: APIError) -> OSError:
    """400 is about this message; all else (a wrong key, too many, out of order) about all of them."""
    if problem.status_code != 400:
        return OSError(f"GOV.UK Notify answered {problem.status_code}")
    said = problem.message if isinstance(problem.message, list) else []
    for_good = any(
        each.get("error") == "ValidationError" and str(each.get("message", "")).startswith(NO_SUCH_ADDRESS)
        for each in said
        if isinstance(each, dict)
    )
    return Refused("GOV.UK Notify does not take this message", for_good=for_good)
