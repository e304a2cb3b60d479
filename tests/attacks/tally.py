"""Hostile sendings, each undone when it was answered, and what should not have come of any of them (promise P14)."""

import csv
from http.cookies import SimpleCookie

from django.db import transaction

from earlyhelp.core.documents import begins_a_formula
from tests.attacks.corpus import URL_ENCODED, encoded

TABLES = ("spreadsheet", "excel")  # a page that makes one is to be proved too, as those are that make CSV


class Tally:
    """What was tried, and what should not have come of it."""

    def __init__(self):
        self.tried, self.answers, self.found = 0, {}, []

    def send(self, who, what, client, method, url, **sent):
        """One sending, undone: the next one finds everything as it was."""
        cookies = SimpleCookie(dict(client.cookies))
        with transaction.atomic():
            answer = client.generic(method.upper(), url, **sent)
            transaction.set_rollback(True)
        client.cookies = cookies
        self.tried += 1
        self.answers[answer.status_code // 100] = self.answers.get(answer.status_code // 100, 0) + 1
        kind = answer.headers.get("Content-Type", "")
        if answer.status_code >= 500 and url != "/readyz":
            self.found.append(f"{who} {method} {url[:90]}, {what}: {answer.status_code}")
        if "html" in kind and (b"<script>zq1" in answer.content or b"<img src=x" in answer.content):
            self.found.append(f"{who} {method} {url[:90]}, {what}: gives markup back")
        if "csv" in kind and any(map(begins_a_formula, _cells(answer))):
            self.found.append(f"{who} {method} {url[:90]}, {what}: a cell begins a formula")
        if any(table in kind for table in TABLES):
            self.found.append(f"{who} {method} {url[:90]}: a table that nothing here looks at")
        return answer

    def line(self, proof, what):
        said = ", ".join(f"{number:,} of {kind}xx" for kind, number in sorted(self.answers.items()))
        proof.line(
            f"{what}: {self.tried:,} sendings",
            f"{said}; {len(self.found)} failures {self.found[:9]}",
            kept=not self.found,
        )

    def post(self, who, what, client, url, fields):
        return self.send(who, what, client, "post", url, data=encoded(fields), content_type=URL_ENCODED)

    def look(self, who, what, client, url, fields):
        return self.send(who, what, client, "get", url, QUERY_STRING=encoded(fields))


def _cells(answer):
    rows = csv.reader(answer.content.decode("utf-8-sig").splitlines(keepends=True))
    return [cell for row in rows for cell in row]
