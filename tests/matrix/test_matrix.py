"""Nobody sees a family they are not working with; a forbidden record and a missing one look the same (promise P1).

The pages are read from the URLconf, so that a new page is in the matrix on the day it is made.
"""

import re
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from assessments.models import PlanAction
from earlyhelp.audit import views as audit_views
from earlyhelp.cases import access as case_access
from earlyhelp.cases.models import Case
from earlyhelp.core import access as core_access
from earlyhelp.core import composed
from earlyhelp.core import rights as core_rights
from earlyhelp.directory.models import OnwardReferral
from earlyhelp.disagreements.models import Disagreement
from earlyhelp.families.models import Family, Person
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import User
from hubs.models import AgendaItem, Blockage, Collaborative, HubMeeting, ServiceGap, TrendReport
from referrals.models import Contact, InformationRequest, Referral, SocialCareHandover
from tests.factories import PostFactory, UserFactory
from tests.matrix import channels
from tests.matrix.policy import ACTORS, ALSO_IN_ADDRESSES, NEVER, PAGES, SEES, SOON
from tests.matrix.worlds import HIDDEN, HIDDEN_POSTCODE, NOWHERE, build, missing

WORLDS = ("own", "restricted", "closed")
KEPT_FROM_RESTRICTED = {"chair", "manager", "access", "coordinator"}
KINDS = (
    Case,
    AgendaItem,
    Blockage,
    Collaborative,
    HubMeeting,
    ServiceGap,
    TrendReport,
    Referral,
    InformationRequest,
    SocialCareHandover,
    Contact,
)
OWN_RULES = [
    kind
    for kind in apps.get_models()
    if isinstance(kind._default_manager.get_queryset(), core_access.ScopedQuerySet)
    and isinstance(kind._default_manager.get_queryset().rules, dict)
]
COUNTED = {Case, Contact, Family, Person, Referral, SocialCareHandover}  # in the lists of which there are many pages
READERS = {actor for kind in SEES.values() for actors in kind.values() for actor in actors}
COUNTS = {"service_manager"}  # lists cases by reference, and opens none


@dataclass(frozen=True)
class Route:
    name: str
    parameters: tuple[str, ...]
    api: bool


def routes():
    return sorted(set(_walk(get_resolver().url_patterns, "", ())), key=lambda route: route.name)


def _walk(patterns, namespace, outer):
    for pattern in patterns:
        parameters = (*outer, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield Route(f"{namespace}{pattern.name}", parameters, hasattr(pattern.callback, "cls"))
        else:
            yield from _walk(
                pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else namespace, parameters
            )


@pytest.fixture
def people(
    melton, county, charnwood, family_team, chair, coordinator, manager, worker, other_worker, access_worker, stranger
):
    return {
        "anonymous": None,
        "referrer": PostFactory(area=melton).user,
        "lead": worker,
        "member": PostFactory(area=melton).user,
        "ex_member": PostFactory(area=melton).user,
        "same_agency": other_worker,
        "other_agency": PostFactory(area=melton).user,
        "access": access_worker,
        "chair": chair,
        "other_chair": stranger,
        "coordinator": coordinator,
        "manager": manager,
        "service_manager": PostFactory(role=Role.SERVICE_MANAGER, area=county).user,
        "contact": PostFactory(role=Role.AGENCY_CONTACT, area=county).user,
        "introducer": UserFactory(),
        "coordinator_of_people": PostFactory(role=Role.LAC_COORDINATOR, area=melton).user,
        "system_admin": PostFactory(role=Role.SYSTEM_ADMIN, area=county).user,
        "suspended": PostFactory(role=Role.HUB_CHAIR, area=melton, user__is_active=False).user,
    }


@pytest.fixture
def worlds(people, melton):
    made = {
        "own": build("own", people, melton),
        "restricted": build("restricted", people, melton, restricted=True),
        "closed": build("closed", people, melton, closed=True),
    }
    return made | {"missing": missing(like=made["own"])}


@pytest.fixture
def signed_in(people):
    clients = {}
    for name, user in people.items():
        clients[name] = Client(raise_request_exception=False)
        if user is not None:
            clients[name].force_login(User.objects.get(pk=user.pk))
    return clients


def address(route, world):
    """The page's address in that world; where the world has no such record, one at which there is nothing."""
    kind = PAGES[route.name]
    ids, otherwise = (world.ids.get(kind, {}), NOWHERE) if kind in SEES else ({}, 1)
    values = {
        name: ids.get(name, ALSO_IN_ADDRESSES.get(name, otherwise)) for name in route.parameters if name != "format"
    }
    return reverse(route.name, kwargs=values)


def ask(client, method, url):
    kind = {"content_type": "application/json"} if url.startswith("/api/") else {}
    return getattr(client, method)(url, **(kind if method == "post" else {}))


def outline(response, *forget):
    """What somebody could learn from an answer: all of it, less what is random or was in the address they typed."""
    text, location = response.content.decode(errors="replace"), response.headers.get("Location", "")
    for each in forget:
        text, location = text.replace(each, "·"), location.replace(each, "·")
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|token" value="[^"]+"|data-seconds-left="\d+"', "", text)
    return response.status_code, text, location


def faults(signed_in, worlds, *, actors=SOON, pages=None):
    """Everything that the policy forbids and a page does."""
    found = []
    for route in routes():
        if pages and route.name not in pages:
            continue
        for actor in actors:
            for method in ("get", "post"):
                found += _faults_of(signed_in[actor], actor, route, method, worlds)
    return found


def _faults_of(client, actor, route, method, worlds):
    kind = PAGES[route.name]
    if kind not in SEES:
        return list(_spilt(client, actor, route, method, worlds))
    url = address(route, worlds["missing"])
    nothing = outline(_alone(client, method, url), url, *_parts(worlds["missing"], kind))
    found = []
    if nothing[0] == 405:
        return found  # refused before anything is looked up, or it would have been missing
    for world in WORLDS:
        url = address(route, worlds[world])
        response = _alone(client, method, url)
        if response.status_code >= 500:
            found.append(f"{actor} {method} {route.name} {world}: {response.status_code}")
        if actor in SEES[kind][world]:
            continue
        if worlds[world].canary in response.content.decode(errors="replace"):
            found.append(f"{actor} {method} {route.name} {world}: reads of the family")
        if outline(response, url, *_parts(worlds[world], kind)) != nothing:
            found.append(
                f"{actor} {method} {route.name} {world}: differs from a record that is not there ({response.status_code})"
            )
    return found


def _alone(client, method, url):
    """The answer, without what an earlier deed still had to say: that is shown by the next page, whichever it is."""
    client.cookies.pop("messages", None)
    return ask(client, method, url)


def _parts(world, kind):
    """The reference in the address, which an answer may repeat; a number is too short to be taken out of a page."""
    return [part for part in world.ids.get(kind, {}).values() if isinstance(part, str)]


def _spilt(client, actor, route, method, worlds):
    """A page of nobody's, or a list: no failure, and no canary for those who may never see one."""
    if route.name in {"sign_out", "sign_in"}:
        return
    response = ask(client, method, address(route, worlds["own"]))
    if response.status_code >= 500 and route.name != "readyz":
        yield f"{actor} {method} {route.name}: {response.status_code}"
    text = response.content.decode(errors="replace") + str(response.headers) + str(response.cookies)
    for world in WORLDS:
        kept_from = actor in NEVER or (world == "restricted" and actor in KEPT_FROM_RESTRICTED)
        if kept_from and worlds[world].canary in text:
            yield f"{actor} {method} {route.name} {world}: spills a family"
        if actor in NEVER - COUNTS and worlds[world].ids["case"]["reference"] in text:
            yield f"{actor} {method} {route.name} {world}: spills that there is a case"


def test_every_page_is_in_the_policy():
    assert {route.name for route in routes()} - set(PAGES) == set()


def test_the_policy_names_no_page_that_is_gone():
    assert set(PAGES) - {route.name for route in routes()} == set()


def test_each_world_has_a_record_of_every_kind(worlds):
    """Of a kind that a world lacked, all pages would be as those of a record that is not there."""
    lacking = {f"{name} {kind}" for name in WORLDS for kind in set(SEES) - set(worlds[name].ids)}

    assert lacking == set()


@pytest.mark.parametrize("actors", [SOON[at::4] for at in range(4)], ids=", ".join)  # in parts, for several cores
def test_nobody_sees_what_the_policy_does_not_allow(signed_in, worlds, actors):
    assert faults(signed_in, worlds, actors=actors) == []


@pytest.mark.prove
@pytest.mark.promise("P1")
def test_of_all_actors_nobody_sees_what_the_policy_does_not_allow(signed_in, worlds, proof):
    found = faults(signed_in, worlds, actors=ACTORS)
    tried = len(routes()) * len(ACTORS) * len(WORLDS) * 2
    proof.line(
        f"{len(routes())} routes, {len(ACTORS)} actors, {len(WORLDS)} records: {tried:,} requests",
        f"{len(found)} faults {found[:9]}",
        kept=not found,
    )


def hiding_places(signed_in, worlds, records, *, actors, names=WORLDS):
    """Whatever leaves the product, looked through for where somebody lives whose address is secret."""
    looked = channels.Looked()
    for route in routes():
        for actor in actors:
            for url in dict.fromkeys(address(route, worlds[name]) for name in _asked_of(route, actor, names)):
                channels.answers(looked, route, _alone(signed_in[actor], "get", url), f"{actor} {route.name}")
    channels.type_it(signed_in["lead"], worlds["own"].ids["person"]["pk"])
    channels.messages(looked)
    channels.tasks(looked)
    channels.database(looked)
    channels.log(looked, records)
    return looked


def _asked_of(route, actor, names):
    """To whoever is shown no record each is as one that is not there, which P1 proves; a list is asked for by everybody."""
    is_record = PAGES[route.name] in SEES
    return [name for name in names if actor in READERS] if is_record else names


def test_nothing_that_leaves_says_a_secret_address_to_whoever_works_with_the_family(signed_in, worlds, caplog):
    looked = hiding_places(signed_in, worlds, caplog.records, actors=["lead", "access"], names=["own"])

    assert looked.found == []
    assert len(looked.tried) >= 30


@pytest.mark.parametrize("channel", ["the history", "the outbox", "everything else in the database"])
def test_the_channels_find_a_secret_address_that_lies_open(worlds, channel):
    person = Person.objects.get(pk=worlds["own"].ids["person"]["pk"])
    Person.objects.filter(pk=person.pk).update(phone=HIDDEN_POSTCODE)
    UserFactory.create(email=f"{HIDDEN}@example.org")
    Notice.objects.update(title=f"Gone to {HIDDEN}")
    looked = channels.Looked()
    channels.database(looked)

    assert any(each.startswith(channel) for each in looked.found)


@pytest.mark.prove
@pytest.mark.promise("P2")
@pytest.mark.parametrize("actors", [ACTORS[::2], ACTORS[1::2]], ids=", ".join)
def test_nothing_that_leaves_says_a_secret_address_to_anybody(signed_in, worlds, proof, caplog, actors):
    looked = hiding_places(signed_in, worlds, caplog.records, actors=actors)
    proof.line(
        f"{len(looked.tried)} channels, {looked.tried.total():,} texts: {len(routes())} routes as {len(actors)} actors, "
        "their titles, headers and PDFs, e-mails, letters, tasks, the log, each row of the database",
        f"{len(looked.found)} that say a secret address {looked.found[:9]}",
        kept=not looked.found and len(looked.tried) >= 30,
    )


def test_those_whom_the_policy_allows_do_see_it(signed_in, worlds):
    """The other half: a gate that lets nobody through would pass the test above."""
    pages = {
        "case": "cases:case",
        "family": "families:family",
        "family_log": "families:seen",
        "person": "families:person",
        "own_referral": "referrals:referral",
        "in_triage": "referrals:triage_case",
        "referral": "referral-detail",
        "contact": "referrals:contact",
        "meeting": "hubs:meeting",
        "handover": "referrals:handover",
        "handover_copy": "referrals:handover_pdf",
        "disagreement": "disagreements:disagreement",
        "blockage": "hubs:blockage",
        "step": "hubs:step",
        "service_offer": "hubs:service_offer_move",
        "forum": "hubs:collaborative",
        "told": "hubs:report",
        "introduction": "lac:person",
        "onward": "directory:onward",
        "referable": "directory:refer_to",
        "request": "referrals:request",
    }
    named = {route.name: route for route in routes()}
    shut_out = [
        f"{actor} {kind} {world}"
        for kind, page in pages.items()
        for world in WORLDS
        for actor in SEES[kind][world]
        if signed_in[actor].get(address(named[page], worlds[world]), follow=True).status_code != 200
    ]

    assert shut_out == []


PLANTED = {
    "a rule that lets everybody through": lambda patch: patch.setitem(
        case_access.RULES, "view", lambda rows, user: core_access.Q()
    ),
    "a list that is not filtered": lambda patch: patch.setitem(
        case_access.RULES, "list", lambda rows, user: core_access.Q()
    ),
    "an answer that tells a forbidden record from a missing one": lambda patch: patch.setattr(
        "earlyhelp.audit.views._found", _tells_apart
    ),
}


def _tells_apart(user, rows, action, lookup, found=audit_views._found):
    try:
        return found(user, rows, action, lookup)
    except Http404:
        if any(kind.objects.filter(**lookup).exists() for kind in (Case, Family)):
            raise PermissionDenied from None
        raise


@pytest.mark.parametrize("fault", PLANTED)
def test_the_matrix_finds(fault, signed_in, worlds, monkeypatch, composed_anew):
    PLANTED[fault](monkeypatch)

    assert faults(
        signed_in,
        worlds,
        actors=("same_agency", "other_chair"),
        pages={"cases:case", "cases:caseload", "families:family"},
    )


@pytest.fixture
def composed_anew():
    """Queries kept from before a rule was changed know nothing of the change; nor may those made meanwhile be kept."""
    composed.forget()
    yield
    composed.forget()


def test_a_right_judged_in_hand_is_the_right_the_database_gives(worlds, people):
    asked = 0
    for user in filter(None, people.values()):
        reader = User.objects.get(pk=user.pk)
        for kind in KINDS:
            for row in kind._default_manager.with_rights(reader) if reader.is_active else ():
                for action in kind._default_manager.get_queryset().rules:
                    judged = getattr(row, f"may_{action}")
                    assert bool(judged) is core_rights.may(reader, action, row), f"{user} {action} {kind.__name__}"
                    asked += 1
    assert asked > 500


def test_a_query_composed_for_everybody_finds_what_the_rules_find_for_each(worlds, people):
    found = set()
    readers = [User.objects.get(pk=user.pk) for user in people.values() if user and user.is_active]
    for kind in (*OWN_RULES, PlanAction):
        asked = composed.Composed(
            lambda user, action, kind=kind: kind._default_manager.for_user(user, action).order_by("pk")
        )
        actions = ("view", "update", "lead") if kind is PlanAction else kind._default_manager.get_queryset().rules
        for reader in readers:
            for action in actions:
                plainly = list(kind._default_manager.for_user(reader, action).order_by("pk"))
                assert asked(reader, action) == plainly, f"{reader} {action} {kind.__name__}"
                if kind in COUNTED:
                    assert asked.rows(reader, action).count() == len(plainly)
                found |= {kind} if plainly else set()
    assert found >= {*COUNTED, Disagreement, InformationRequest, OnwardReferral, PlanAction}


def test_rights_brought_with_a_composed_query_are_those_of_the_person_who_asks(worlds, people):
    asked = composed.Composed(lambda user: Case.objects.for_user(user).with_rights(user).order_by("pk"))
    actions = Case.objects.get_queryset().rules
    differ = set()
    for user in filter(None, people.values()):
        reader = User.objects.get(pk=user.pk)
        for row in asked(reader) if reader.is_active else ():
            held = frozenset(action for action in actions if getattr(row, f"may_{action}"))
            assert held == {action for action in actions if core_rights.may(reader, action, row)}, str(user)
            differ.add(held)
    assert len(differ) > 3
