"""The partnership: its agencies, places and people, and the posts that say who may do what, where and until when."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now, TruncDate
from django.utils.crypto import salted_hmac

from earlyhelp.core.history import tracked
from earlyhelp.core.standin import Today
from earlyhelp.partnership.enums import AgencyKind, AreaKind, Role, Skill
from earlyhelp.partnership.scope import Scope, read_scope
from earlyhelp.partnership.waiting import Waiting, read_waiting


class Area(models.Model):
    """A place used for hubs, local area coordination and reports. Areas nest: a post in one covers all within it."""

    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=20, choices=AreaKind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    lineage = ArrayField(
        models.BigIntegerField(), default=list, editable=False, help_text="This area and all around it."
    )

    class Meta:
        indexes = [GinIndex(fields=["lineage"], name="area_lineage")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Agency(models.Model):
    """A partner organisation. Once it is no longer active nobody asks it anything, and none of its people signs in.

    Nor do they without a live agreement on sharing (domain.md 16), for which the council itself has no need.
    """

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=20, choices=AgencyKind)
    is_active = models.BooleanField(default=True)
    agreed_until = models.DateField(
        null=True,
        blank=True,
        editable=False,
        help_text="The last day of its agreement on sharing: kept by those alone.",
    )

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.name

    def takes_part(self, on: date) -> bool:
        """Whether its people may sign in on that day."""
        agreed = self.kind == AgencyKind.COUNCIL or (self.agreed_until is not None and self.agreed_until >= on)
        return self.is_active and agreed


class Team(models.Model):
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="teams")
    name = models.CharField(max_length=120)
    area = models.ForeignKey(Area, models.PROTECT, related_name="teams")

    class Meta:
        constraints = [models.UniqueConstraint("agency", "name", name="team_name_once_an_agency")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@tracked(exclude=["password", "last_login"])
class User(AbstractUser):
    """A person who signs in: a practitioner of any agency, or somebody who keeps the partnership working."""

    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="users")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="users")
    job_title = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    takes_cases = models.BooleanField(default=False, help_text="May be offered a family as lead professional.")
    intensive = models.BooleanField(default=False, help_text="May lead at tier 3 as an intensive family worker.")
    case_limit = models.PositiveSmallIntegerField(
        default=12, help_text="Families at a time in full-time hours, a warning and not a bar."
    )
    hours = models.DecimalField("contracted hours a week", max_digits=3, decimal_places=1, default=Decimal(37))
    languages = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, help_text="Spoken well, besides English."
    )
    skills = ArrayField(models.CharField(max_length=20, choices=Skill), default=list, blank=True)
    left_on = models.DateField(null=True, blank=True, help_text="The first day on which they are not here any more.")
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_because = models.TextField(blank=True)
    reinstated_at = models.DateTimeField(null=True, blank=True, help_text="From when it counts as used again.")
    sessions_ended = models.PositiveIntegerField(default=0, help_text="How often; each time all of them end.")

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                name="user_suspended_may_not_sign_in", condition=Q(suspended_at=None) | Q(is_active=False)
            ),
            models.CheckConstraint(
                name="user_suspended_for_a_reason",
                condition=Q(suspended_at=None, suspended_because="")
                | (Q(suspended_at__isnull=False) & ~Q(suspended_because="")),
            ),
            models.CheckConstraint(name="user_hours_in_a_week", condition=Q(hours__gt=0, hours__lte=60)),
        ]
        indexes = [
            models.Index("team", name="user_team", condition=Q(is_active=True)),
            models.Index(  # whoever may be offered a family, and how much they may carry, without anybody's row being read
                "agency",
                name="user_takes",
                condition=Q(takes_cases=True, is_active=True, left_on=None),
                include=["id", "case_limit", "hours"],
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @property
    def scope(self) -> Scope:
        """What this person's posts and memberships reach: read once, kept for as long as this object (a request)."""
        if not hasattr(self, "_scope"):
            self._scope = read_scope(self)
        return self._scope

    @cached_property
    def waiting(self) -> Waiting:
        """What may wait for this person: for the home page, which alone asks for it."""
        return read_waiting(self)

    def is_here(self, today: date) -> bool:
        """Whether this person may come in at all on that day, through whichever door (promise P7)."""
        here = self.is_active and (self.left_on is None or self.left_on > today)
        return here and (self.agency is None or self.agency.takes_part(today))

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        """Of the password, and of how often all sessions were ended: when either changes, every other session is over."""
        words = f"{self.password}:{self.sessions_ended}" if self.sessions_ended else self.password
        return salted_hmac("partnership.session", words, secret=secret, algorithm="sha256").hexdigest()

    def forget_scope(self) -> None:
        """Read the scope afresh next time: a change of state never rests on an old answer (promise P7)."""
        for read in ("_scope", "waiting"):
            self.__dict__.pop(read, None)

    @cached_property
    def is_system_admin(self) -> bool:
        return self.scope.holds(Role.SYSTEM_ADMIN)


class PostQuerySet(models.QuerySet["Post"]):
    def current(self, on: date | Today | None = None) -> PostQuerySet:
        day = TruncDate(Now()) if on is None else on  # a day, not a moment: the last one counts until midnight here
        return self.filter(Q(until_on=None) | Q(until_on__gte=day), from_on__lte=day)

    def holders(self) -> list[User]:
        """Who holds them, each once; nobody who can no longer sign in."""
        posts = self.filter(user__is_active=True).select_related("user")
        return list({post.user_id: post.user for post in posts}.values())


@tracked()
class Post(models.Model):
    """A person holding a role: in an area, for an agency or a team, from a day and until a day."""

    user = models.ForeignKey(User, models.CASCADE, related_name="posts")
    role = models.CharField(max_length=30, choices=Role)
    area = models.ForeignKey(Area, models.PROTECT, related_name="posts")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="posts")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "user",
                "role",
                "area",
                name="post_held_once",
                condition=Q(until_on=None),
                violation_error_message="Held already.",
            ),
            models.CheckConstraint(
                name="post_ends_after_it_begins", condition=Q(until_on=None) | Q(until_on__gte=F("from_on"))
            ),
        ]
        indexes = [models.Index("role", "area", name="post_role_area")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.area}"


class CoverQuerySet(models.QuerySet["Cover"]):
    def current(self, on: date | None = None) -> CoverQuerySet:
        """While both are here and of one agency."""
        day = TruncDate(Now()) if on is None else on
        here = self.filter(person__is_active=True, colleague__is_active=True, person__agency=F("colleague__agency"))
        return here.filter(ended_at=None, from_on__lte=day, until_on__gte=day)


@tracked()
class Cover(models.Model):
    """A colleague sees and hears what this person would, from a day until a day: posts, families, notices.

    Never what is restricted, for that is entrusted to people by name.
    """

    MOST_DAYS = 92

    person = models.ForeignKey(User, models.CASCADE, related_name="covers")
    colleague = models.ForeignKey(User, models.CASCADE, related_name="covering")
    from_on = models.DateField()
    until_on = models.DateField()
    reason = models.CharField(max_length=200)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CoverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="cover_is_somebody_else", condition=~Q(person=F("colleague"))),
            models.CheckConstraint(name="cover_ends_after_it_begins", condition=Q(until_on__gte=F("from_on"))),
        ]

    def __str__(self) -> str:
        return f"{self.colleague} for {self.person}"


class LeaveQuerySet(models.QuerySet["Leave"]):
    def standing(self) -> LeaveQuerySet:
        """Not taken back."""
        return self.filter(taken_back_at=None)

    def between(self, first: Any, last: Any) -> LeaveQuerySet:
        """Any day of it in this time."""
        return self.standing().filter(from_on__lte=last, until_on__gte=first)


@tracked()
class Leave(models.Model):
    """Somebody is away, from a day until a day. Why is nobody's business here, and nobody is asked.

    Who sees and hears for them meanwhile is their ``Cover``, which is made by itself: a leave without one says so.
    """

    MOST_DAYS = 400

    person = models.ForeignKey(User, models.CASCADE, related_name="leave")
    from_on = models.DateField("first day away")
    until_on = models.DateField("last day away")
    planned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = LeaveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="leave_ends_after_it_begins", condition=Q(until_on__gte=F("from_on"))),
        ]
        indexes = [models.Index("person", "until_on", name="leave_person", condition=Q(taken_back_at=None))]

    def __str__(self) -> str:
        return f"{self.person} away"

    def days_between(self, first: date, last: date) -> int:
        """How many days of it lie in this time, both ends among them."""
        return max(0, (min(last, self.until_on) - max(first, self.from_on)) // timedelta(days=1) + 1)


class Guesses(models.Model):
    """Wrong passwords in a row for one account name, or from one address: see ``guessing``.

    The key is a digest: people type their password into the wrong box, and who signs in from where is nobody's business.
    """

    key = models.CharField(max_length=64, unique=True)
    failed = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(help_text="When the first of them was made.")
    until = models.DateTimeField(null=True, help_text="No password is looked at before.")

    class Meta:
        indexes = [models.Index("since", name="guesses_since")]

    def __str__(self) -> str:
        return self.key
