from django.apps import AppConfig


class Config(AppConfig):
    name = "earlyhelp.notices"
    label = "notices"
