"""Migrating from nothing in a tenth of the time.

Django draws the models anew, with all their relations, for every index, constraint and trigger that a migration adds:
three hundred times forty models. None of the three changes a field, so the drawing made for the last operation
serves, and is told of the addition. Where a field is added or altered, or a model, Django draws all that can be reached
from it, seventy models; what is sent to the database asks of the others no more than their names, so the one that
changes is drawn alone. The statements sent are the same: a test compares what either way makes, and what stands in it.
``migrate`` works so wherever no migration has been applied yet, in production as well; a database in use is migrated in
Django's own way.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from unittest import mock

from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger


@contextlib.contextmanager
def quick_migrations() -> Iterator[None]:
    with (
        mock.patch.object(ProjectState, "_append_option", _append),
        mock.patch.object(AddTrigger, "state_forwards", _append_trigger),
        mock.patch.object(ProjectState, "_find_reload_model", _itself),
    ):
        yield


def _itself(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> set[tuple[str, str]]:
    return {(app_label, model_name.lower())}


def _append(state: ProjectState, app_label: str, model_name: str, option: str, added: object) -> None:
    options = state.models[app_label, model_name].options
    options[option] = [*options.get(option, []), added]
    if "apps" in state.__dict__:
        setattr(state.apps.get_model(app_label, model_name)._meta, option, list(options[option]))


def _append_trigger(operation: AddTrigger, app_label: str, state: ProjectState) -> None:
    _append(state, app_label, operation.model_name, "triggers", operation.trigger)
