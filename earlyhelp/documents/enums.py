"""What is put into a family's record, in which format, where it stands, and who may see it."""

from __future__ import annotations

from django.db.models import TextChoices


class DocumentKind(TextChoices):
    LETTER = "letter", "Letter"
    REPORT = "report", "Report or assessment"
    PHOTO = "photo", "Photograph"
    FORM = "form", "Form that was filled in"
    PLAN = "plan", "Plan or agreement"
    OTHER = "other", "Something else"


class Format(TextChoices):
    """What is taken: nothing that runs, and nothing that cannot be looked into."""

    PDF = "pdf", "PDF"
    JPEG = "jpeg", "JPEG picture"
    PNG = "png", "PNG picture"
    TEXT = "text", "Plain text"
    DOCX = "docx", "Word document"
    XLSX = "xlsx", "Excel spreadsheet"
    ODT = "odt", "LibreOffice document"


OFFICE_TYPE = "application/vnd.openxmlformats-officedocument"
# As each is served. The same is what a browser may say of it when it is sent.
TYPES = {
    Format.PDF: "application/pdf",
    Format.JPEG: "image/jpeg",
    Format.PNG: "image/png",
    Format.TEXT: "text/plain; charset=utf-8",
    Format.DOCX: f"{OFFICE_TYPE}.wordprocessingml.document",
    Format.XLSX: f"{OFFICE_TYPE}.spreadsheetml.sheet",
    Format.ODT: "application/vnd.oasis.opendocument.text",
}
ENDINGS = {
    "pdf": Format.PDF,
    "jpg": Format.JPEG,
    "jpeg": Format.JPEG,
    "png": Format.PNG,
    "txt": Format.TEXT,
    "docx": Format.DOCX,
    "xlsx": Format.XLSX,
    "odt": Format.ODT,
}
ENDING = {format: ending for ending, format in reversed(ENDINGS.items())}


class DocumentStatus(TextChoices):
    """Nothing is opened by anybody before it is available."""

    RECEIVED = "received", "Being checked"
    INSPECTED = "inspected", "Looked through, still being checked"
    AVAILABLE = "available", "Available"
    HELD = "held", "Held"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Entered in error"


WAITING = (DocumentStatus.RECEIVED, DocumentStatus.INSPECTED)


class Visibility(TextChoices):
    FAMILY = "family", "Everybody who sees the family"
    AGENCY = "agency", "Only my own agency"
    NAMED = "named", "Only people I name"
