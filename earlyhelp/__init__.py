"""Early Help: the one place where a family's journey, its lead, its plan and its dates can be seen."""

from earlyhelp.celery import app as celery_app

__all__ = ["celery_app"]
