from django.apps import AppConfig


class Config(AppConfig):
    name = "earlyhelp.wall"
    label = "wall"
