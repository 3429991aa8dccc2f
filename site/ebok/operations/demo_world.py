"""The world demo content is loaded into: one site of a fictional utility, its people, and factories.

A room, the page types, the snippets or a plugin adds its own part with a file `demo.py` that
holds `load(world)`. Each part is called once, after the parts it may rely on, in its own
transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from ebok.accounts import roles
from ebok.operations import demo_files

if TYPE_CHECKING:
    from wagtail.documents.models import AbstractDocument
    from wagtail.images.models import AbstractImage
    from wagtail.models import Locale, Page, Site

    from ebok.accounts.models import User

DEMO_PASSWORD = "Lipowo-Woda-2026"  # noqa: S105 (published on purpose; the demo refuses to load in production)
"""The one password of all demo accounts. `make demo` prints it."""


TECHNICIANS = "Monterzy"
"""The demo's own group; which field crews there are is every utility's own affair."""


@dataclass(frozen=True)
class Account:
    """A demo account: who it is, which group it belongs to, and what to look at with it."""

    role: str
    email: str
    first_name: str
    last_name: str
    what_to_try: object
    group: str = ""
    superuser: bool = False


ACCOUNTS = (
    Account(
        "client",
        "klient@lipowo.example",
        "Maria",
        "Wiśniewska",
        _("the client zone, /moje-konto/"),
        group=roles.CLIENTS,
    ),
    Account(
        "manager",
        "zarzadca@lipowo.example",
        "Dorota",
        "Lokajska",
        _("the client zone of somebody with many customers and 40 points"),
        group=roles.CLIENTS,
    ),
    Account(
        "employee",
        "pracownik@lipowo.example",
        "Tomasz",
        "Zieliński",
        _("the employee zone, /pracownik/"),
        group=roles.EMPLOYEES,
    ),
    Account(
        "technician",
        "monter@lipowo.example",
        "Krzysztof",
        "Lis",
        _("the field zone, /teren/"),
        group=TECHNICIANS,
    ),
    Account(
        "editor",
        "redaktor@lipowo.example",
        "Anna",
        "Kaczmarek",
        _("pages, announcements and outages, /admin/"),
        group=roles.EDITORS,
    ),
    Account(
        "administrator",
        "administrator@lipowo.example",
        "Ewa",
        "Nowak",
        _("everything: modules, look, status, /admin/"),
        group=roles.ADMINISTRATORS,
        superuser=True,
    ),
)
"""In the order in which `make demo` prints them."""


def _silent(_text: str) -> None:
    """Say nothing; the default for tests."""


@dataclass(frozen=True, kw_only=True)
class World:
    """What a part of the demo content finds when its `load(world)` is called.

    `users` has one user for each role: client, manager, employee, technician, editor, administrator.
    `now` is aware; every date of the demo is counted from it, so that outages are past, present
    and planned on the day somebody looks. `say` prints a line of progress.
    """

    site: Site
    polish: Locale
    english: Locale
    users: Mapping[str, User] = field(default_factory=dict)
    now: datetime
    say: Callable[[str], None] = _silent

    @property
    def home(self) -> Page:
        """The site's front page as it is now (the page types' own part puts the real one there)."""
        self.site.refresh_from_db(fields=["root_page"])
        return self.site.root_page

    def picture(self, title: str, *, size: tuple[int, int] = (1600, 900)) -> AbstractImage:
        """The image of this title, made when it is not there yet; the same title looks the same."""
        model = get_image_model()
        found = model.objects.filter(title=title).first()
        if found is not None:
            return found
        content = ContentFile(demo_files.picture_file(title, size=size), name=f"{_file_name(title)}.png")
        image = model(
            title=title,
            file=content,
            width=size[0],
            height=size[1],
            uploaded_by_user=self.users.get("editor"),
        )
        # Wagtail's default text for an image that says nothing by itself.
        if hasattr(image, "description"):
            image.description = title
        image.save()
        return image

    def document(
        self, title: str, paragraphs: Sequence[str] = (), *, extension: str = "pdf"
    ) -> AbstractDocument:
        """The document of this title and extension (pdf, docx, odt), made when it is not there yet."""
        model = get_document_model()
        name = f"{_file_name(title)}.{extension}"
        found = model.objects.filter(title=title, file__endswith=f".{extension}").first()
        if found is not None:
            return found
        document = model(
            title=title,
            file=ContentFile(self.file(title, paragraphs, extension=extension), name=name),
            uploaded_by_user=self.users.get("editor"),
        )
        document.save()
        return document

    def file(self, title: str, paragraphs: Sequence[str] = (), *, extension: str = "pdf") -> bytes:
        """The bytes of a small PDF, DOCX or ODT with this heading and these paragraphs."""
        return _MAKERS[extension](title, list(paragraphs))


_MAKERS: dict[str, Callable[..., bytes]] = {
    "pdf": demo_files.pdf_file,
    "docx": demo_files.docx_file,
    "odt": demo_files.odt_file,
}
_PLAIN = str.maketrans("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "acelnoszzACELNOSZZ")


def _file_name(title: str) -> str:
    plain = title.translate(_PLAIN).lower()
    words = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in plain).split()
    return "-".join(words)[:60] or "plik"
