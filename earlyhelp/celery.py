"""The worker's and the scheduler's door in. No task carries the only copy of a promise: the database is the schedule."""

import os
from typing import Any

from celery import Celery, Task

from earlyhelp.core.wall import as_system

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "earlyhelp.settings")


class OfTheSystem(Task):
    """Nobody asks for what a worker does: it sees past the wall in the database, and would otherwise miss rows in silence."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with as_system():
            return super().__call__(*args, **kwargs)


app = Celery("earlyhelp", task_cls=OfTheSystem)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
