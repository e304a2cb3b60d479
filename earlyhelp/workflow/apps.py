from django.apps import AppConfig


class Config(AppConfig):
    name = "earlyhelp.workflow"
    label = "workflow"
