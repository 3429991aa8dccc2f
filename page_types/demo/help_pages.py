"""Help: pages that zone pages open in a second window, and general ones."""

# ruff: noqa: E501 (sentences for readers; broken ones are harder to correct)

from __future__ import annotations

from page_types.demo.building import Block, Pair, Planter, Words, note, questions, text
from page_types.help import HelpIndexPage, HelpPage

Topic = tuple[str, tuple[str, str, str], list[Block], tuple[str, str, str], list[Block]]


def plant(planter: Planter, home: Pair) -> None:
    """The index and its pages."""
    index = planter.plant(
        home,
        HelpIndexPage,
        Words("Pomoc", "pomoc", "Krótkie odpowiedzi: jak się zalogować, co znaczą okna i gdzie co znaleźć."),
        Words("Help", "help", "Short answers: how to sign in, what the screens mean and where things are."),
        days_ago=340,
    )
    for topic, polish, polish_body, english, english_body in TOPICS:
        planter.plant(
            index,
            HelpPage,
            Words(*polish, body=polish_body),
            Words(*english, body=english_body),
            topic=topic,
            days_ago=335,
        )


TOPICS: list[Topic] = [
    (
        "dashboard",
        ("Strona startowa Twojego konta", "start", "Co widzisz po zalogowaniu i co z tym zrobić."),
        [
            text(
                "<p>Na stronie startowej są karty. Każda odpowiada na jedno pytanie: ile mam zapłacić, kiedy wróci "
                "woda, co słychać w moich sprawach. Kliknij kartę, żeby zobaczyć więcej.</p><h2>Menu</h2>"
                "<p>Na komputerze menu jest z lewej strony. Na telefonie cztery najważniejsze miejsca są na dole "
                "ekranu, a reszta pod Więcej.</p>"
            ),
            questions(
                "Pytania",
                ("Nie widzę swoich rachunków.", "Moduł rachunków włącza przedsiębiorstwo. Zapytaj w biurze."),
                ("Widzę cudzy adres.", "Wyloguj się i zadzwoń do nas od razu: to nie powinno się zdarzyć."),
            ),
        ],
        ("The start page of your account", "start", "What you see after signing in and what to do with it."),
        [
            text(
                "<p>The start page has cards. Each answers one question: how much to pay, when water is back, how my "
                "cases are going. Click a card to see more.</p>"
            )
        ],
    ),
    (
        "announcements",
        ("Tablica informacyjna", "tablica-informacyjna", "Wiadomości tylko dla klientów i skąd się biorą."),
        [
            text(
                "<p>Na tablicy są wszystkie aktualności oraz te, które piszemy tylko do klientów: terminy odczytów, "
                "zasady rat, zmiany w umowach. Mają znaczek <b>Dla klientów</b>.</p>"
            )
        ],
        ("Notice board", "notice-board", "News for customers only and where it comes from."),
        [
            text(
                "<p>The board has all news and what we write for customers only, marked <b>For customers</b>.</p>"
            )
        ],
    ),
    (
        "account",
        (
            "Konto, hasło i drugi składnik",
            "konto-i-haslo",
            "Zakładanie konta, zmiana hasła, ochrona logowania.",
        ),
        [
            text(
                "<p>Konto zakładasz adresem e-mail. Hasło ma co najmniej 12 znaków: najłatwiej zapamiętać cztery "
                "zwykłe słowa.</p><h2>Drugi składnik</h2><p>W ustawieniach konta włączysz kody z aplikacji w "
                "telefonie. Wtedy samo hasło nikomu nie wystarczy.</p>"
            ),
            note(
                "Nie pamiętasz hasła?",
                "Na stronie logowania wybierz Nie pamiętam hasła. Wyślemy link.",
                "info",
            ),
        ],
        (
            "Account, password and second factor",
            "account-and-password",
            "Opening an account and protecting it.",
        ),
        [
            text(
                "<p>You open an account with your e-mail address. The password has at least 12 characters.</p>"
                "<h2>Second factor</h2><p>Switch on codes from an application in the settings of your account.</p>"
            )
        ],
    ),
    (
        "readings",
        ("Odczyt wodomierza", "odczyt-wodomierza", "Które cyfry podać, kiedy i co, gdy się pomylisz."),
        [
            text(
                "<p>Podajesz tylko <b>czarne</b> cyfry: to całe metry sześcienne. Czerwone pomijasz, bez zaokrąglania."
                "</p><h2>Kiedy</h2><p>Najlepiej w ostatnich trzech dniach okresu z faktury.</p>"
            ),
            note("Nie masz pewności?", "Narzędzie Odczyt wodomierza pokaże, co wpisać."),
        ],
        ("Reading the meter", "reading-the-meter", "Which digits, when, and what if you are wrong."),
        [text("<p>Report the <b>black</b> digits only: whole cubic metres. Leave out the red ones.</p>")],
    ),
    (
        "e_dokument.applications",
        (
            "Wnioski: praca w strefie pracownika",
            "wnioski-pracownik",
            "Jak przyjąć, odesłać i zamknąć wniosek.",
        ),
        [
            text(
                "<p>Nowe wnioski są na górze listy. Otwórz wniosek, przeczytaj odpowiedzi i załączniki, a potem wybierz "
                "decyzję. Klient dostanie wiadomość od razu.</p>"
            )
        ],
        ("Applications: for employees", "applications-employees", "How to take up and close an application."),
        [text("<p>New applications are on top. Open one, read it, then choose what happens next.</p>")],
    ),
    (
        "",
        (
            "Portal na telefonie i większe litery",
            "telefon-i-litery",
            "Wielkość tekstu, kontrast, wersja angielska.",
        ),
        [
            text(
                "<p>Na górze każdej strony są trzy litery A i przycisk Kontrast. Portal zapamięta wybór na tym "
                "urządzeniu. Obok zmienisz język.</p><p>Wszystko działa też bez skryptów i z czytnikiem ekranu.</p>"
            )
        ],
        ("Larger letters and your phone", "larger-letters", "Text size, contrast, Polish and English."),
        [text("<p>At the top of every page are three letters A and the button Contrast.</p>")],
    ),
    (
        "",
        ("Najczęstsze pytania", "najczestsze-pytania", "Umowa, najem, przeprowadzka, reklamacja."),
        [
            questions(
                "Umowa i przeprowadzka",
                (
                    "Sprzedałem mieszkanie. Co teraz?",
                    "Spisz stan licznika z kupującym i wyślij nam wniosek o zmianę.",
                ),
                ("Wynajmuję. Kto podpisuje umowę?", "Właściciel albo najemca z jego zgodą."),
                ("Jak złożyć reklamację?", "Pismem, mailem albo w biurze. Odpowiadamy w 14 dni."),
            ),
            questions(
                "Woda i licznik",
                (
                    "Licznik się kręci, choć kurki są zakręcone.",
                    "To wyciek za licznikiem. Zakręć zawór i wezwij hydraulika.",
                ),
                (
                    "Kto płaci za wymianę licznika?",
                    "Główny wymieniamy my, bez opłat, przed upływem legalizacji.",
                ),
            ),
        ],
        ("Frequent questions", "frequent-questions", "Contract, rent, moving, complaints."),
        [
            questions(
                "Contract and moving",
                ("I sold my flat.", "Write down the meter with the buyer and send us the application."),
                ("How do I complain?", "By letter, e-mail or in our office. We answer within 14 days."),
            )
        ],
    ),
]
