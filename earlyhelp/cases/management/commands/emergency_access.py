from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.core.management.base import BaseCommand, CommandError, CommandParser

from earlyhelp.partnership.models import User


class Command(BaseCommand):
    help = "Say who may open a case in an emergency: named people on duty, and not a whole post."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--end", action="store_true", help="they may no longer")

    def handle(self, *, username: str, end: bool, **options: Any) -> None:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {username}.")
        permission = Permission.objects.get(codename="emergency_access")
        (user.user_permissions.remove if end else user.user_permissions.add)(permission)
        self.stdout.write(f"{user} may {'no longer ' if end else ''}open a case in an emergency.")
