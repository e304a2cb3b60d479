"""P16: the newest change to each app’s tables can be taken back and made again on an invented county (promises I)."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import AddField, CreateModel

from earlyhelp.embedded.quick_migrations import quick_migrations
from tests.backups import measured


def newest_of_ours():
    """(app, the newest migration, the one before it) of each app of ours that has two."""
    graph = MigrationExecutor(connection).loader.graph
    ours = {app for app, _ in graph.nodes if graph.nodes[app, _].__module__.startswith(("earlyhelp.", *OURS))}
    for app, name in sorted(graph.leaf_nodes()):
        before = [parent for parent in graph.node_map[app, name].parents if parent.key[0] == app]
        if app in ours and before:
            yield app, name, before[0].key[1]


def brought_by(app, before):
    """The tables made by what goes back with it: what stands in them has no place in the version before."""
    for migration, _ in MigrationExecutor(connection).migration_plan([(app, before)]):
        for op in migration.operations:
            if isinstance(op, CreateModel):
                table = op.options.get("db_table") or f"{migration.app_label}_{op.name_lower}"
                yield from (table, *(f"{table}_{name}" for name, field in op.fields if field.many_to_many))
            elif isinstance(op, AddField) and op.field.many_to_many:
                yield f"{migration.app_label}_{op.model_name_lower}_{op.name}"


OURS = ("referrals", "assessments", "hubs", "lac")
TAKEN_BACK = (  # rows for which the version before has no room, as its migration says
    "assessments_feedback",
    "assessments_feedbackevent",
    "hubs_servicegap",
    "referrals_advice",
    "referrals_checklistresponse",
    "referrals_contact",
    "referrals_contactdeadline",
    "referrals_contactevent",
    "referrals_contactfollowup",
    "referrals_referralletter",
    "referrals_selfcheckrequest",
    "referrals_signpost",
    "referrals_signpost_services",
)


@pytest.mark.promise("P16")
@pytest.mark.django_db(transaction=True)
def test_the_newest_migration_of_each_app_goes_back_and_forward_again_over_an_invented_county(proof):
    call_command("demo", verbosity=0)
    tables, _ = measured()
    tried, stuck, brought = [*newest_of_ours()], [], set()

    with quick_migrations():  # the same statements: Django's own way takes a quarter of an hour for each app
        for app, name, before in tried:
            brought.update(brought_by(app, before))
            try:
                call_command("migrate", app, before, verbosity=0)
            except Exception as problem:
                stuck.append((app, name, str(problem).splitlines()[0]))
            call_command("migrate", verbosity=0)

    again, _ = measured()
    fewer = {
        name: (table["rows"], again[name]["rows"])
        for name, table in tables.items()
        if again[name]["rows"] < table["rows"]
    }
    proof.line(
        f"the newest migration of each of {len(tried)} apps, back and forward again over the invented county",
        f"{len(stuck)} stuck {stuck or ''}; tables with fewer rows, by what the version before had no room for: {fewer}",
        kept=not stuck and {name.split(".")[-1].strip('"') for name in fewer} <= {*TAKEN_BACK, *brought},
    )
