"""What finding people by sound, and keeping two things from overlapping, needs of PostgreSQL. All of it is trusted."""

from django.contrib.postgres.operations import BtreeGistExtension, CreateExtension, TrigramExtension, UnaccentExtension
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [TrigramExtension(), UnaccentExtension(), BtreeGistExtension(), CreateExtension("fuzzystrmatch")]
