"""The practical limit of each page: a view that fetches the same rows with hand-written SQL, and does nothing else.

No session, no user, no access rule, no template: this is what the page's own rate is compared with. It answers before
any other middleware, and exists only under the settings of the benchmark.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from earlyhelp.core.prepared import name_of, written
from earlyhelp.families.candidates import SEARCH
from earlyhelp.families.queries import sought

PREFIX = "/bare/"
FOUND = 10
Handler = Callable[[HttpRequest], HttpResponse]

_ROWS = """
SELECT c.id, c.reference, c.status, c.tier, c.urgent, c.next_review_on, f.name, a.name, u.first_name, u.last_name
FROM cases_case c JOIN families_family f ON f.id = c.family_id JOIN partnership_area a ON a.id = c.area_id
LEFT JOIN partnership_user u ON u.id = c.lead_id
"""
_LIVE = (
    "status IN ('awaiting_decision','opened','allocated','assessing','planning','supported','step_requested','closing')"
)
_IN_AREA = f"WHERE c.{_LIVE} AND c.area_id = %(area)s AND NOT c.restricted"
_CASE = "SELECT * FROM cases_case c JOIN families_family f ON f.id = c.family_id WHERE c.reference = %(reference)s"
_REFERRAL = (
    "SELECT r.*, f.name FROM referrals_referral r JOIN families_family f ON f.id = r.family_id"
    " WHERE r.reference = %(reference)s"
)
_CASELOAD = (
    f"SELECT count(*) FROM cases_case c {_IN_AREA}",
    f"{_ROWS} {_IN_AREA} ORDER BY c.next_review_on NULLS LAST, c.id LIMIT 25",
)

# The statements of each page; what they name is in the query string.
STATEMENTS: dict[str, tuple[str, ...]] = {
    "home": (
        f"{_ROWS} WHERE c.lead_id = %(user)s AND c.{_LIVE} ORDER BY c.next_review_on NULLS LAST, c.id LIMIT 13",
        "SELECT d.label, d.url, d.due_at, f.name FROM cases_casedeadline d JOIN cases_case c ON c.id = d.owner_id"
        " JOIN families_family f ON f.id = c.family_id WHERE d.holder_id = %(user)s AND d.met_at IS NULL AND d.void_at IS NULL"
        " ORDER BY d.due_at LIMIT 11",
    ),
    "search": (  # of those whom the page's own statement finds: see ``_search``
        "SELECT p.id, p.first_name, p.last_name, p.born_on, a.name FROM families_person p"
        " LEFT JOIN partnership_area a ON a.id = p.area_id WHERE p.id = ANY(%(found)s)",
        "SELECT m.person_id, c.status, u.first_name, u.last_name FROM families_familymembership m JOIN cases_case c"
        " ON c.family_id = m.family_id LEFT JOIN partnership_user u ON u.id = c.lead_id WHERE m.person_id = ANY(%(found)s)",
    ),
    "triage": (
        "SELECT count(*) FROM referrals_referral WHERE status IN ('submitted','in_triage','info_requested')",
        "SELECT r.id, r.reference, r.status, r.urgent, r.submitted_at, f.name, a.name, u.first_name, u.last_name, d.due_at"
        " FROM referrals_referral r JOIN families_family f ON f.id = r.family_id JOIN partnership_area a ON a.id = r.area_id"
        " LEFT JOIN partnership_user u ON u.id = r.holder_id LEFT JOIN referrals_referraldeadline d ON d.owner_id = r.id"
        " AND d.code = 'D_TRIAGE' AND d.met_at IS NULL AND d.void_at IS NULL"
        " WHERE r.status IN ('submitted','in_triage','info_requested') ORDER BY d.due_at LIMIT 25",
    ),
    "referrals": (
        "SELECT count(*) FROM referrals_referral WHERE author_id = %(user)s",
        "SELECT r.id, r.reference, r.status, r.submitted_at, r.decided_at, f.name FROM referrals_referral r"
        " JOIN families_family f ON f.id = r.family_id WHERE r.author_id = %(user)s ORDER BY r.touched_at DESC LIMIT 25",
    ),
    "status": (
        _REFERRAL,
        "SELECT d.kind, d.reason, d.at FROM referrals_triagedecision d JOIN referrals_referral r ON r.id = d.referral_id"
        " WHERE r.reference = %(reference)s",
        "SELECT m.* FROM referrals_referralmessage m JOIN referrals_referral r ON r.id = m.referral_id"
        " WHERE r.reference = %(reference)s ORDER BY m.id",
    ),
    "triage_case": (
        _REFERRAL,
        "SELECT p.* FROM families_person p JOIN families_familymembership m ON m.person_id = p.id JOIN referrals_referral r"
        " ON r.family_id = m.family_id WHERE r.reference = %(reference)s",
        "SELECT d.label, d.due_at FROM referrals_referraldeadline d JOIN referrals_referral r ON r.id = d.owner_id"
        " WHERE r.reference = %(reference)s AND d.met_at IS NULL AND d.void_at IS NULL",
    ),
    "services": (
        "SELECT count(*) FROM directory_service WHERE status = 'active'",
        "SELECT s.*, o.name FROM directory_service s JOIN directory_organisation o ON o.id = s.organisation_id"
        " WHERE s.status = 'active' ORDER BY s.name LIMIT 25",
    ),
    "meeting": (
        "SELECT * FROM hubs_hubmeeting m JOIN hubs_hub h ON h.id = m.hub_id WHERE m.id = %(meeting)s",
        "SELECT i.id, i.kind, i.status, i.urgent, i.since_at, c.reference, c.proposed_tier, f.name FROM hubs_agendaitem i"
        " JOIN cases_case c ON c.id = i.case_id JOIN families_family f ON f.id = c.family_id"
        " WHERE i.meeting_id = %(meeting)s ORDER BY i.position, i.since_at",
        "SELECT p.born_on, m.family_id FROM families_familymembership m JOIN families_person p ON p.id = m.person_id"
        " WHERE m.role = 'child' AND m.family_id IN (SELECT c.family_id FROM cases_case c JOIN hubs_agendaitem i"
        " ON i.case_id = c.id WHERE i.meeting_id = %(meeting)s)",
        "SELECT a.presence, u.first_name, u.last_name, g.name FROM hubs_attendance a LEFT JOIN partnership_user u"
        " ON u.id = a.user_id LEFT JOIN partnership_agency g ON g.id = a.agency_id WHERE a.meeting_id = %(meeting)s",
    ),
    "item": (
        "SELECT * FROM hubs_agendaitem i JOIN hubs_hubmeeting m ON m.id = i.meeting_id JOIN cases_case c ON c.id = i.case_id"
        " JOIN families_family f ON f.id = c.family_id WHERE i.id = %(item)s",
        "SELECT p.* FROM families_person p JOIN families_familymembership m ON m.person_id = p.id JOIN cases_case c"
        " ON c.family_id = m.family_id JOIN hubs_agendaitem i ON i.case_id = c.id WHERE i.id = %(item)s",
        "SELECT t.* FROM cases_teammember t JOIN hubs_agendaitem i ON i.case_id = t.case_id WHERE i.id = %(item)s",
        "SELECT d.* FROM hubs_hubdecision d JOIN hubs_agendaitem i ON i.case_id = d.case_id WHERE i.id = %(item)s",
        f"SELECT u.id, u.first_name, u.last_name, u.hours, (SELECT count(*) FROM cases_case c WHERE c.lead_id = u.id"
        f" AND c.{_LIVE}) FROM partnership_user u WHERE u.takes_cases AND u.is_active",
    ),
    "decision": (
        "SELECT * FROM cases_case WHERE id = %(case)s FOR UPDATE",
        "UPDATE cases_case SET status = 'opened', tier = 2, opened_on = current_date, version = version + 1 WHERE id = %(case)s",
        "INSERT INTO cases_allocation (case_id, worker_id, role, status, preference, preference_note, over_limit_reason,"
        " because, handover_note, joint_visit, offered_at, decline_reason, end_reason)"
        " VALUES (%(case)s, %(user)s, 'lead', 'offered', 'asked', 'x', '', '', '', '', now(), '', '')",
        "INSERT INTO cases_tierchange (case_id, to_tier, reason, decided_by_id, decided_at)"
        " VALUES (%(case)s, 2, 'x', %(user)s, now())",
        "UPDATE cases_casedeadline SET met_at = now(), rings_at = NULL WHERE owner_id = %(case)s AND met_at IS NULL",
        "INSERT INTO audit_event (at, actor_id, kind, subject, subject_id, was, became, reason, facts)"
        " VALUES (now(), %(user)s, 'cases.case.allocate', 'cases.case', %(case)s, 'awaiting_decision', 'opened', 'x', '{}')",
    ),
    "referral": (
        "SELECT * FROM referrals_referral WHERE author_id = %(user)s AND status = 'draft' LIMIT 1 FOR UPDATE",
        "UPDATE referrals_referral SET why_now = 'x', tried = 'y', touched_at = now(), version = version + 1"
        " WHERE author_id = %(user)s AND status = 'draft'",
        "INSERT INTO audit_event (at, actor_id, kind, subject, subject_id, was, became, reason, facts)"
        " VALUES (now(), %(user)s, 'referrals.referral.edit', 'referrals.referral', 1, '', '', '', '{}')",
    ),
    "caseload": _CASELOAD,
    "api": _CASELOAD,
    "family": (
        "SELECT * FROM families_family f JOIN partnership_area a ON a.id = f.area_id WHERE f.id = %(family)s",
        "SELECT p.*, m.* FROM families_familymembership m JOIN families_person p ON p.id = m.person_id"
        " WHERE m.family_id = %(family)s",
        "SELECT r.* FROM families_relationship r JOIN families_familymembership m ON m.person_id = r.person_id"
        " WHERE m.family_id = %(family)s",
        "SELECT * FROM families_significantevent WHERE family_id = %(family)s ORDER BY happened_on DESC, id DESC LIMIT 25",
        "SELECT c.*, u.first_name, u.last_name FROM cases_case c LEFT JOIN partnership_user u ON u.id = c.lead_id"
        " WHERE c.family_id = %(family)s",
    ),
    "person": (
        "SELECT * FROM families_person p LEFT JOIN partnership_area a ON a.id = p.area_id WHERE p.id = %(person)s",
        "SELECT * FROM families_address WHERE person_id = %(person)s",
        "SELECT r.*, p.* FROM families_relationship r JOIN families_person p ON p.id = r.other_id"
        " WHERE r.person_id = %(person)s",
        "SELECT f.* FROM families_family f JOIN families_familymembership m ON m.family_id = f.id"
        " WHERE m.person_id = %(person)s AND m.until_on IS NULL",
    ),
    "case": (
        _CASE,
        "SELECT m.role, u.first_name, u.last_name, g.name FROM cases_teammember m JOIN cases_case c ON c.id = m.case_id"
        " LEFT JOIN partnership_user u ON u.id = m.user_id LEFT JOIN partnership_agency g ON g.id = m.agency_id"
        " WHERE c.reference = %(reference)s AND m.until_at IS NULL",
        "SELECT d.label, d.due_at FROM cases_casedeadline d JOIN cases_case c ON c.id = d.owner_id"
        " WHERE c.reference = %(reference)s AND d.met_at IS NULL AND d.void_at IS NULL ORDER BY d.due_at",
        "SELECT e.at, e.kind, e.reason, u.first_name, u.last_name FROM audit_event e"
        " LEFT JOIN partnership_user u ON u.id = e.actor_id"
        " WHERE e.subject = 'cases.case' AND e.subject_id = (SELECT id FROM cases_case WHERE reference = %(reference)s)"
        " ORDER BY e.at DESC LIMIT 20",
    ),
    "dashboard": (
        "SELECT area_id, status, tier, count(*), count(*) FILTER (WHERE next_review_on < current_date),"
        " count(*) FILTER (WHERE next_review_on BETWEEN current_date AND current_date + 14)"
        f" FROM cases_case WHERE {_LIVE} AND NOT restricted GROUP BY area_id, status, tier",
        "SELECT lead_id, sum(tier - 1), count(*) FILTER (WHERE tier = 2), count(*) FILTER (WHERE tier = 3),"
        " count(*) FILTER (WHERE next_review_on < current_date)"
        f" FROM cases_case WHERE {_LIVE} AND lead_id IS NOT NULL AND NOT restricted GROUP BY lead_id",
    ),
}


class Bare:
    """Answers ``/bare/<page>`` at once, before sessions, users and rules."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        with transaction.atomic():
            rows = fetch(request.path.removeprefix(PREFIX), request.GET.dict())
            transaction.set_rollback(True)  # the saves among them leave nothing behind
        return HttpResponse(json.dumps(rows, default=str), content_type="application/json")


def fetch(name: str, values: dict[str, Any]) -> list[Any]:
    fetched = []
    with connection.cursor() as cursor:
        if name == "search":
            values = {"found": _search(cursor, values)}
        for statement in STATEMENTS[name]:
            cursor.execute(statement, values)
            fetched.append(cursor.fetchall() if cursor.description else cursor.rowcount)
    return fetched


def _search(cursor: Any, values: dict[str, Any]) -> list[int]:
    """The ten likeliest, by the statement of the page, prepared as there: whatever else is asked finds other people."""
    typed = sought(values["first"], values["last"], None, "", FOUND * 2)
    prepared = name_of(connection, written(connection, SEARCH, typed))
    cursor.execute(f"EXECUTE {prepared} ({', '.join(['%s'] * len(typed))})", tuple(typed.values()))
    return [row[0] for row in cursor.fetchall()[:FOUND]]


class CountQueries:
    """Says in a header how many statements a page sent to the database."""

    HEADER = "X-Queries"

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent = 0

        def count(execute: Callable[..., Any], *arguments: Any) -> Any:
            nonlocal sent
            sent += 1
            return execute(*arguments)

        with connection.execute_wrapper(count):
            response = self.get_response(request)
        response[self.HEADER] = str(sent)
        return response
