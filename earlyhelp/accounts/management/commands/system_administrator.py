from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from earlyhelp.partnership.enums import AreaKind, Role
from earlyhelp.partnership.models import Area, User
from earlyhelp.partnership.services import add_area, appoint


class Command(BaseCommand):
    help = "Make somebody system administrator: the first one, for whom no other can do it in the pages."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *, username: str, **options: Any) -> None:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {username}.")
        appoint(user, role=Role.SYSTEM_ADMIN, area=_authority(), on=timezone.localdate())
        self.stdout.write(f"{user} looks after accounts now, and invites everybody else in the pages.")


def _authority() -> Area:
    found = Area.objects.filter(kind=AreaKind.AUTHORITY).order_by("pk").first()
    return found or add_area(settings.COUNCIL_NAME[:80], kind=AreaKind.AUTHORITY)
