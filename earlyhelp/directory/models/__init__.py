from earlyhelp.directory.enums import Need
from earlyhelp.directory.models.onward import OnwardDeadline, OnwardLink, OnwardReferral
from earlyhelp.directory.models.service import Organisation, Service, ServiceCorrection

__all__ = ["Need", "OnwardDeadline", "OnwardLink", "OnwardReferral", "Organisation", "Service", "ServiceCorrection"]
