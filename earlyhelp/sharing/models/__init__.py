from earlyhelp.sharing.models.agreement import ProcessingActivity, SharingAgreement
from earlyhelp.sharing.models.copy import Conflict, RecipientCopy
from earlyhelp.sharing.models.disclosure import Disclosed, Disclosure
from earlyhelp.sharing.models.permission import Permission

__all__ = [
    "Conflict",
    "Disclosed",
    "Disclosure",
    "Permission",
    "ProcessingActivity",
    "RecipientCopy",
    "SharingAgreement",
]
