"""The wall as the database knows it: who is named on a restricted record, and which rows stand behind it.

The first wall (each app's ``access.py``) says exactly who sees what. This one is coarser and knows nothing of it: whoever
is named on a restricted family in any way finds all that is kept about it, and for everybody else it is not there. So a
view that forgot to ask shows nothing to a stranger, and no rule of the first wall is said twice.

A policy is asked of every statement. So each compares a column of the row itself with what is found once a statement
(``(SELECT ...)``), and an index serves as before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection

# What stands on the restricted families that somebody is named on: whoever works with one, to whom it was entrusted, who
# wrote it down or referred it, and whoever keeps restricted records safe where it is. Asked once a request, with the rest of
# what a person reaches, and said with each statement (``core.wall``). Those families are few, so that it begins with them. A
# day either way is for the first wall, which knows what day it is here.
NAMED_ON = """
DECLARE
  families bigint[] := ARRAY(
    SELECT id FROM families_family WHERE restricted UNION SELECT family_id FROM cases_case WHERE restricted);
  cases bigint[] := ARRAY(SELECT id FROM cases_case WHERE family_id = ANY (families));
  mine bigint[] := ARRAY(
    SELECT case_id FROM cases_teammember WHERE user_id = me AND until_at IS NULL AND case_id = ANY (cases)
    UNION ALL SELECT case_id FROM cases_allocation WHERE worker_id = me AND status = 'offered' AND case_id = ANY (cases)
    UNION ALL SELECT content_object_id FROM cases_caseuserobjectpermission
      WHERE user_id = me AND (expires_at IS NULL OR expires_at > now()) AND content_object_id = ANY (cases));
  kept bigint[] := ARRAY(
    SELECT within.id FROM partnership_post p JOIN partnership_area within ON within.lineage @> ARRAY[p.area_id]
    WHERE p.user_id = me AND p.role = 'ig_lead' AND p.from_on <= current_date + 1
      AND (p.until_on IS NULL OR p.until_on >= current_date - 1));
BEGIN
  RETURN ARRAY(
    SELECT family_id FROM cases_case
      WHERE id = ANY (cases) AND (id = ANY (mine) OR me IN (lead_id, named_chair_id, accepted_by_id) OR area_id = ANY (kept))
    UNION SELECT id FROM families_family WHERE id = ANY (families) AND (created_by_id = me OR area_id = ANY (kept))
    UNION SELECT content_object_id FROM families_familyuserobjectpermission
      WHERE user_id = me AND (expires_at IS NULL OR expires_at > now()) AND content_object_id = ANY (families)
    UNION SELECT family_id FROM referrals_referral WHERE family_id = ANY (families) AND me IN (author_id, holder_id)
    UNION SELECT family_id FROM referrals_contact WHERE family_id = ANY (families) AND author_id = me
    UNION SELECT family_id FROM referrals_socialcarehandover WHERE family_id = ANY (families) AND author_id = me
    UNION SELECT family_id FROM disagreements_disagreement WHERE family_id = ANY (families) AND me IN (raised_by_id, other_id)
  );
END
"""
# Said of whoever asks: those families, or that it is the system; of nobody nothing.
SAID = "current_setting('earlyhelp.named', true)"
NAMED = f"(CASE WHEN {SAID} LIKE '{{%' THEN {SAID} ELSE '{{}}' END)::bigint[]"
FAMILIES = f"BEGIN RETURN ARRAY(SELECT id FROM families_family WHERE restricted AND id <> ALL ({NAMED})); END"
CASES = f"BEGIN RETURN ARRAY(SELECT id FROM cases_case WHERE restricted AND family_id <> ALL ({NAMED})); END"
FUNCTIONS = {
    "wall_named_on(me bigint)": NAMED_ON,
    "wall_families()": FAMILIES,
    "wall_cases()": CASES,
}

# What the wall's own functions read is not behind it, or it would ask itself. They are told by their path: to have a function
# set a parameter of our own takes a superuser, and its path may be set by anybody.
INSIDE = "public, wall"
BEYOND = f"{SAID} = 'system' OR current_setting('search_path') = '{INSIDE}'"
BY_ITSELF = f"NOT restricted OR (SELECT {BEYOND})"  # most rows need nothing else to be asked
POLICIES = {
    "cases_case": f"{BY_ITSELF} OR family_id = ANY ((SELECT {NAMED})::bigint[])",
    "families_family": f"{BY_ITSELF} OR id = ANY ((SELECT {NAMED})::bigint[])",
}
OF_A_CASE = {
    "cases_allocation": "case_id",
    "cases_tierchange": "case_id",
    "cases_emergencyaccess": "case_id",
    "assessments_assessment": "case_id",
    "assessments_plan": "case_id",
    "assessments_planaction": "case_id",
    "assessments_review": "case_id",
    "assessments_risknote": "case_id",
    "assessments_safetyplan": "case_id",
    "assessments_tafmeeting": "case_id",
    "hubs_steprequest": "case_id",
    "hubs_agendaitem": "case_id",
    "hubs_hubdecision": "case_id",
    "hubs_blockage": "case_id",
    "hubs_serviceoffer": "case_id",
}
OF_A_FAMILY = {
    "families_agreement": "family_id",
    "families_significantevent": "family_id",
    "sharing_disclosure": "family_id",
    "sharing_conflict": "family_id",
    "sharing_recipientcopy": "family_id",
    "documents_document": "family_id",
    "referrals_referral": "family_id",
    "referrals_contact": "family_id",
    "referrals_socialcarehandover": "family_id",
    "disagreements_disagreement": "family_id",
    "records_addendum": "family_id",
    "records_blanking": "family_id",
    "families_restriction": "family_id",
}
OF_A_PERSON = {
    "families_address": "person_id",
    "families_statutorystatus": "person_id",
    "sharing_permission": "person_id",
    "directory_onwardreferral": "person_id",
    "referrals_checklistresponse": "person_id",
    "assessments_voice": "child_id",
    "lac_introduction": "person_id",
    "families_pregnancyloss": "mother_id",
    "families_bond": "person_id",
}
# What later migrations brought: the first that built the wall found no such tables.
RISKS = {"assessments_risknote", "assessments_risknoteevent", "assessments_safetyplan", "assessments_safetyplanevent"}
OFFERS = {"hubs_serviceoffer", "hubs_serviceofferevent"}
KIN = {"families_pregnancyloss", "families_pregnancylossevent", "families_bond", "families_bondevent"}
# What became of each row is told as narrowly as the row.
OF_A_CASE |= {f"{table}event": column for table, column in OF_A_CASE.items() if table != "hubs_hubdecision"}
OF_A_FAMILY |= {
    f"{table}event": column
    for table, column in OF_A_FAMILY.items()
    if table not in ("sharing_disclosure", "sharing_recipientcopy", "records_addendum", "records_blanking")
}
OF_A_PERSON |= {f"{table}event": column for table, column in OF_A_PERSON.items() if table != "sharing_permission"}
OF_A_CASE["cases_caseevent"] = OF_A_FAMILY["families_familyevent"] = "pgh_obj_id"

for _tables, _hidden in ((OF_A_CASE, "wall_cases"), (OF_A_FAMILY, "wall_families")):
    for _table, _column in _tables.items():
        POLICIES[_table] = f"{_column} IS NULL OR (SELECT {BEYOND}) OR {_column} NOT IN (SELECT unnest({_hidden}()))"
# Of somebody all of whose families are hidden. Whoever is in an ordinary one too is seen through that: the first wall says
# by whom. Row by row, for these are read a few at a time, and all people of restricted families are many.
ALL_HIDDEN = """(
        SELECT coalesce(bool_and(m.family_id = ANY ((SELECT wall_families())::bigint[])), false)
        FROM families_familymembership m WHERE m.person_id = {} AND m.until_on IS NULL)"""
for _table, _column in OF_A_PERSON.items():
    POLICIES[_table] = f"(SELECT {BEYOND}) OR NOT {ALL_HIDDEN.format(f'{_table}.{_column}')}"
# It tells of two people: hidden as soon as either is.
for _table in ("families_bond", "families_bondevent"):
    POLICIES[_table] += f" AND NOT {ALL_HIDDEN.format(f'{_table}.other_id')}"

_FIRST = [table for table in POLICIES if table not in RISKS | OFFERS | KIN]


def built() -> list[str]:
    """The statements that build the wall: as often as one likes. The owner is bound by it too, for the product is one."""
    return [*map(_function, FUNCTIONS), *(each for table in _FIRST for each in (*_down(table), *_up(table)))]


def pulled_down() -> list[str]:
    functions = [f"DROP FUNCTION IF EXISTS {each}" for each in reversed(FUNCTIONS)]
    return [*(each for table in _FIRST for each in _down(table)), *functions]


def built_on(tables: Iterable[str]) -> list[str]:
    """The statements that put more tables behind the wall that stands."""
    return [each for table in sorted(tables) for each in (*_down(table), *_up(table))]


def taken_out(tables: Iterable[str]) -> list[str]:
    return [each for table in sorted(tables) for each in _down(table)]


@contextmanager
def lifted() -> Iterator[None]:
    """For bulk work in one transaction: COPY does not go through a wall. Nobody else sees it lifted."""
    _bind_the_owner("NO FORCE")
    yield
    _bind_the_owner("FORCE")


def _bind_the_owner(how: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what a constraint still has to look at holds its table fast
        for table in POLICIES:
            cursor.execute(f"ALTER TABLE {table} {how} ROW LEVEL SECURITY")


def _function(name: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name} RETURNS bigint[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED "
        f"SET search_path = {INSIDE} AS $wall${FUNCTIONS[name]}$wall$"
    )


def _up(table: str) -> tuple[str, ...]:
    """It hides; what may be written is for the first wall, and the constraints."""
    return (
        f"CREATE POLICY wall ON {table} USING ({POLICIES[table]}) WITH CHECK (true)",
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
    )


def _down(table: str) -> tuple[str, ...]:
    return (
        f"DROP POLICY IF EXISTS wall ON {table}",
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY",
    )
