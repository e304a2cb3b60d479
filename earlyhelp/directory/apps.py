from django.apps import AppConfig


class Config(AppConfig):
    name = "earlyhelp.directory"
    label = "directory"
