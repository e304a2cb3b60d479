from earlyhelp.sharing.models.agreement import ProcessingActivity, SharingAgreement
from earlyhelp.sharing.models.disclosure import Disclosed, Disclosure
from earlyhelp.sharing.models.permission import Permission

__all__ = ["Disclosed", "Disclosure", "Permission", "ProcessingActivity", "SharingAgreement"]
