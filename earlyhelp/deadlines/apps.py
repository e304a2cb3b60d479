from django.apps import AppConfig


class Config(AppConfig):
    name = "earlyhelp.deadlines"
    label = "deadlines"
