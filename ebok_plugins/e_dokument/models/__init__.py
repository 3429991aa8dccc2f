"""Records of e-Dokument: documents, application forms, applications, settings."""

from ebok_plugins.e_dokument.models.applications import (
    Application,
    Attachment,
    NumberSeries,
    Step,
)
from ebok_plugins.e_dokument.models.documents import (
    DocumentCategory,
    DocumentTemplate,
    DocumentVersion,
    DownloadCount,
    StoredFile,
)
from ebok_plugins.e_dokument.models.forms import ApplicationForm, Question, QuestionKind
from ebok_plugins.e_dokument.models.site_settings import DocumentSettings

__all__ = [
    "Application",
    "ApplicationForm",
    "Attachment",
    "DocumentCategory",
    "DocumentSettings",
    "DocumentTemplate",
    "DocumentVersion",
    "DownloadCount",
    "NumberSeries",
    "Question",
    "QuestionKind",
    "Step",
    "StoredFile",
]
