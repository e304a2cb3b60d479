from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from earlyhelp.audit.views import open_record
from earlyhelp.directory.models import OnwardReferral


@require_safe
def onward(request: HttpRequest, reference: str) -> HttpResponse:
    row = open_record(request, OnwardReferral.objects.select_related("person"), reference=reference)
    return HttpResponse(str(row))
