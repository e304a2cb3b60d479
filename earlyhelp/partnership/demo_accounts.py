"""Who may be tried in the demonstration: told by a convention, so that the page stands below the app that makes them.

An invented person of the demonstration has an e-mail address at ``demo.example`` and the one shared password. A
council's own people have neither, and outside the demonstration nobody is listed at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch

from earlyhelp.partnership.models import Post, User

DEMO_PASSWORD = "early-help-demo"
DEMO_DOMAIN = "@demo.example"


@dataclass(frozen=True)
class Account:
    name: str
    role: str
    username: str


def demo_accounts() -> list[Account]:
    """In the order in which the demonstration made them: its author's order, from the front door inwards."""
    posts = Prefetch("posts", Post.objects.current().select_related("area").order_by("pk"), "held")
    people = User.objects.filter(is_active=True, email__endswith=DEMO_DOMAIN).prefetch_related(posts).order_by("pk")
    return [Account(str(person), _role(person), person.username) for person in people]


def _role(person: User) -> str:
    post = next(iter(person.held), None)  # type: ignore[attr-defined]
    return f"{post.get_role_display()}, {post.area}" if post else person.job_title
