"""Demo content: twenty documents of a fictional utility, three applications, two of them sent."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.text import slugify

from ebok.files.checking import CheckedFile
from ebok.files.names import folded
from ebok_plugins.e_dokument import services
from ebok_plugins.e_dokument.models import (
    ApplicationForm,
    DocumentCategory,
    DocumentTemplate,
    Question,
    QuestionKind,
)

if TYPE_CHECKING:
    from ebok.operations.demo_world import World

CATEGORIES = (
    ("przylaczenie", "Przyłączenie do sieci", "Connecting to the network"),
    ("umowy", "Umowy i zmiany danych", "Contracts and changes"),
    ("wodomierze", "Wodomierze", "Water meters"),
    ("ceny", "Ceny i regulaminy", "Prices and rules"),
    ("poradniki", "Poradniki", "Guides"),
)


@dataclass(frozen=True)
class Paper:
    """One document of the demo."""

    category: str
    title: str
    description: str
    kind: str = "pdf"
    fillable: bool = False
    version: str = ""
    language: str = "pl"


PAPERS = (
    Paper(
        "przylaczenie",
        "Wniosek o wydanie warunków przyłączenia",
        "Pierwszy krok, gdy budujesz dom. Odpowiadamy w ciągu 21 dni.",
        fillable=True,
        version="3.1",
    ),
    Paper(
        "przylaczenie",
        "Wniosek o wykonanie przyłącza",
        "Dla osób, które mają już warunki i wybrały wykonawcę.",
        fillable=True,
        version="2.0",
    ),
    Paper(
        "przylaczenie",
        "Zgłoszenie gotowości do odbioru przyłącza",
        "Wyślij, gdy przyłącze leży w otwartym wykopie.",
        "docx",
        fillable=True,
        version="1.4",
    ),
    Paper(
        "przylaczenie",
        "Wymagania techniczne dla przyłączy",
        "Średnice, głębokości, materiały i odległości od innych sieci.",
        version="2026",
    ),
    Paper(
        "umowy",
        "Wzór umowy o dostawę wody i odbiór ścieków",
        "Tak wygląda umowa, którą podpisujemy z domem jednorodzinnym.",
        version="2025/2",
    ),
    Paper(
        "umowy",
        "Zmiana właściciela lub najemcy",
        "Wypełnijcie razem: dotychczasowy i nowy odbiorca.",
        fillable=True,
        version="2.2",
    ),
    Paper(
        "umowy",
        "Wniosek o rozwiązanie umowy",
        "Gdy wyprowadzasz się i nikt nie przejmuje umowy.",
        "odt",
        fillable=True,
    ),
    Paper("umowy", "Zgoda na e-fakturę", "Faktury przyjdą e-mailem zamiast pocztą.", fillable=True),
    Paper(
        "umowy",
        "Pełnomocnictwo do załatwiania spraw w BOK",
        "Dla kogoś, kto załatwia sprawy za Ciebie.",
        "docx",
        fillable=True,
    ),
    Paper(
        "wodomierze",
        "Wniosek o wodomierz ogrodowy",
        "Woda do podlewania bez opłaty za ścieki.",
        fillable=True,
        version="1.3",
    ),
    Paper(
        "wodomierze",
        "Wniosek o wymianę wodomierza",
        "Gdy wodomierz stoi, przecieka albo zamarzł.",
        fillable=True,
    ),
    Paper(
        "wodomierze",
        "Wymagania dotyczące montażu wodomierza",
        "Jak przygotować miejsce, zanim przyjedzie monter.",
        version="2024",
    ),
    Paper(
        "wodomierze",
        "Wniosek o sprawdzenie wodomierza",
        "Gdy wskazania budzą wątpliwości. Sprawdza niezależny urząd.",
        "odt",
        fillable=True,
    ),
    Paper("ceny", "Taryfa dla wody i ścieków", "Ceny i stawki opłat w gminie Lipowo.", version="2026"),
    Paper("ceny", "Taryfa na kolejny rok", "Ceny, które zaczną obowiązywać 1 stycznia.", version="kolejna"),
    Paper(
        "ceny",
        "Regulamin dostarczania wody i odprowadzania ścieków",
        "Prawa i obowiązki obu stron.",
        version="2023",
    ),
    Paper("ceny", "Cennik usług dodatkowych", "Plombowanie, odbiory, beczkowozy i badania.", version="2026"),
    Paper("poradniki", "Jak odczytać wodomierz", "Które cyfry spisać i jak podać odczyt."),
    Paper("poradniki", "Jak zabezpieczyć wodomierz przed mrozem", "Pięć rzeczy do zrobienia przed zimą."),
    Paper("poradniki", "How to read your water meter", "Which digits to write down.", language="en"),
)


def load(world: World) -> None:
    """Categories, documents, forms, and two applications on the desk."""
    categories = {
        slug: DocumentCategory.objects.get_or_create(
            slug=slug, defaults={"name": name, "name_en": name_en, "order": 10 * (place + 1)}
        )[0]
        for place, (slug, name, name_en) in enumerate(CATEGORIES)
    }
    documents = {paper.title: _document(world, paper, categories[paper.category]) for paper in PAPERS}
    garden = _form(documents["Wniosek o wodomierz ogrodowy"], GARDEN)
    _form(documents["Wniosek o wydanie warunków przyłączenia"], CONNECTION)
    owner = _form(documents["Zmiana właściciela lub najemcy"], OWNER)
    _send(garden, "0b6c5f8e-7d0a-4c22-9d6f-2f5a3c1e9a01", GARDEN_ANSWERS)
    _send(owner, "0b6c5f8e-7d0a-4c22-9d6f-2f5a3c1e9a02", OWNER_ANSWERS)


def _document(world: World, paper: Paper, category: DocumentCategory) -> DocumentTemplate:
    slug = slugify(folded(paper.title))
    found = DocumentTemplate.objects.filter(site=world.site, slug=slug).first()
    if found is not None:
        return found
    document = DocumentTemplate(
        title=paper.title,
        slug=slug,
        site=world.site,
        category=category,
        description=paper.description,
        is_fillable=paper.fillable,
        language=paper.language,
        live=False,
    )
    if paper.title == "Taryfa dla wody i ścieków":
        _publish(world, document, paper, "2025", _new_year(world, -1))
        _publish(world, document, paper, paper.version, _new_year(world, 0))
    elif paper.title == "Taryfa na kolejny rok":
        _publish(world, document, paper, str(_new_year(world, 1).year), _new_year(world, 1))
    else:
        _publish(world, document, paper, paper.version, None)
    return document


def _publish(
    world: World,
    document: DocumentTemplate,
    paper: Paper,
    version: str,
    first: date | None,
) -> None:
    document.version, document.valid_from = version, first
    text = [
        paper.description,
        "Wodociągi Miejskie w Lipowie sp. z o.o., ul. Wodna 1, 62-998 Lipowo.",
        f"Wersja: {version}." if version else "Dokument przykładowy fikcyjnego przedsiębiorstwa.",
        *(
            ["Imię i nazwisko: " + "." * 60, "Adres: " + "." * 70, "Data i podpis: " + "." * 40]
            if paper.fillable
            else []
        ),
    ]
    content = world.file(paper.title, text, extension=paper.kind)
    document.file = services.store_file(
        CheckedFile(name=f"{document.slug}.{paper.kind}", extension=paper.kind, content=content)
    )
    if document.pk is None:
        document.save()
    document.save_revision(user=world.users.get("editor")).publish(user=world.users.get("editor"))
    document.refresh_from_db()


def _new_year(world: World, years: int) -> date:
    return date(world.now.year + years, 1, 1)


Rows = Sequence[tuple[str, str, str, bool, str]]
"""Kind, label, hint, required, options."""

NAME = (QuestionKind.NAME, "Imię i nazwisko lub nazwa firmy", "", True, "")
EMAIL = (QuestionKind.EMAIL, "E-mail", "Wyślemy tu potwierdzenie z numerem i PDF.", False, "")
PHONE = (QuestionKind.PHONE, "Telefon", "Zadzwonimy, gdy czegoś zabraknie.", True, "")
CONSENT = (QuestionKind.CONSENT, "Dane we wniosku są prawdziwe", "", True, "")

GARDEN = (
    "Wodomierz ogrodowy",
    "Zajmie to około 3 minut. Przygotuj numer umowy.",
    "Sprawdzimy wniosek i w ciągu 14 dni podamy termin montażu.",
    (
        NAME,
        (QuestionKind.ADDRESS, "Adres nieruchomości", "", True, ""),
        (QuestionKind.SHORT, "Numer umowy", "Jest na fakturze, w prawym górnym rogu.", False, ""),
        (QuestionKind.CHOICE, "Gdzie będzie wodomierz", "", True, "w budynku\nw studzience w ogrodzie"),
        (QuestionKind.NUMBER, "Powierzchnia ogrodu (m²)", "", False, ""),
        (QuestionKind.ATTACHMENT, "Zdjęcie miejsca montażu", "", False, ""),
        PHONE,
        EMAIL,
        CONSENT,
    ),
)
CONNECTION = (
    "Warunki przyłączenia do sieci",
    "Przygotuj numer działki i mapę z zaznaczonym budynkiem.",
    "Warunki wydamy w ciągu 21 dni.",
    (
        NAME,
        (QuestionKind.ADDRESS, "Adres do korespondencji", "", True, ""),
        (QuestionKind.SHORT, "Numer działki i obręb", "", True, ""),
        (
            QuestionKind.CHOICES,
            "O co wnioskujesz",
            "",
            True,
            "woda\nkanalizacja sanitarna\nkanalizacja deszczowa",
        ),
        (
            QuestionKind.NUMBER,
            "Przewidywane zużycie (m³ na miesiąc)",
            "Dla jednej osoby przyjmij 3.",
            True,
            "",
        ),
        (QuestionKind.DATE, "Kiedy chcesz zacząć budowę", "", False, ""),
        (QuestionKind.ATTACHMENT, "Mapa lub plan działki", "", True, ""),
        (QuestionKind.LONG, "Coś jeszcze", "", False, ""),
        PHONE,
        EMAIL,
        CONSENT,
    ),
)
OWNER = (
    "Zmiana właściciela lub najemcy",
    "Potrzebny będzie stan wodomierza z dnia przekazania.",
    "Umowę do podpisu wyślemy w ciągu 7 dni.",
    (
        NAME,
        (QuestionKind.ADDRESS, "Adres nieruchomości", "", True, ""),
        (QuestionKind.DATE, "Dzień przekazania", "", True, ""),
        (
            QuestionKind.NUMBER,
            "Stan wodomierza w dniu przekazania",
            "Czarne cyfry, przed przecinkiem.",
            True,
            "",
        ),
        (QuestionKind.SHORT, "Dotychczasowy odbiorca", "", False, ""),
        (QuestionKind.ATTACHMENT, "Protokół przekazania", "", False, ""),
        PHONE,
        EMAIL,
        CONSENT,
    ),
)
GARDEN_ANSWERS = (
    "Maria Wiśniewska", "ul. Ogrodowa 14 m. 3, 62-998 Lipowo", "UM/2019/0412", "w studzience w ogrodzie",
    "180", "", "600 000 123", "klient@lipowo.example", "1",
)  # fmt: skip
OWNER_ANSWERS = (
    "Łukasz Żak", "ul. Młyńska 9, 62-998 Lipowo", "2 listopada 2026", "412",
    "Tomasz Wrona", "", "600 000 456", "lukasz.zak@lipowo.example", "1",
)  # fmt: skip


def _form(document: DocumentTemplate, content: tuple[str, str, str, Rows]) -> ApplicationForm:
    found = ApplicationForm.objects.filter(template=document).first()
    if found is not None:
        return found
    title, intro, after, rows = content
    form = ApplicationForm(title=title, intro=intro, after=after, template=document, live=True)
    form.questions = [
        Question(sort_order=place, kind=kind, label=label, help_text=hint, required=required, options=options)
        for place, (kind, label, hint, required, options) in enumerate(rows)
    ]
    form.save()
    form.save_revision().publish()
    return form


def _send(form: ApplicationForm, key: str, answers: Sequence[str]) -> None:
    keys = form.questions.values_list("key", flat=True)
    services.submit(
        services.Sending(form=form, client_key=uuid.UUID(key), answers=dict(zip(keys, answers, strict=True)))
    )
