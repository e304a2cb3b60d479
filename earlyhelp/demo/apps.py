from django.apps import AppConfig


class Config(AppConfig):
    name = "earlyhelp.demo"
    label = "demo"
