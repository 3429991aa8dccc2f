"""The list of outages, the list of announcements, twelve announcements and two for payers only."""

# ruff: noqa: E501 (sentences for readers; broken ones are harder to correct)

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from page_types.announcements import AnnouncementIndexPage, AnnouncementPage, Audience, Category
from page_types.demo.building import Block, Pair, Planter, Words, note, questions, table, text
from page_types.outage_pages import OutageIndexPage


@dataclass(frozen=True)
class Story:
    """An announcement in both languages."""

    days_ago: int
    category: Category
    polish: tuple[str, str, str]
    english: tuple[str, str, str]
    polish_body: Sequence[Block]
    english_body: Sequence[Block]
    audience: Audience = Audience.EVERYONE


def plant(planter: Planter, home: Pair) -> None:
    """Lists first, as they stand in the menu, then the announcements, oldest first."""
    lists = planter.plant(
        home,
        AnnouncementIndexPage,
        Words("Aktualności", "aktualnosci", "Zmiany w biurze, ceny, jakość wody i nasze inwestycje."),
        Words("News", "news", "Changes in our office, prices, water quality and what we build."),
        show_in_menus=True,
        days_ago=390,
    )
    planter.plant(
        home,
        OutageIndexPage,
        Words("Awarie i prace", "awarie", "Co się teraz dzieje w sieci i co planujemy. Sprawdź swoją ulicę."),
        Words("Outages and works", "outages", "What is going on in the network and what we plan."),
        show_in_menus=True,
        days_ago=389,
    )
    for story in sorted(STORIES, key=lambda story: -story.days_ago):
        planter.plant(
            lists,
            AnnouncementPage,
            Words(*story.polish, body=story.polish_body),
            Words(*story.english, body=story.english_body),
            days_ago=story.days_ago,
            date=(planter.world.now - timedelta(days=story.days_ago)).date(),
            category=story.category,
            audience=story.audience,
        )


STORIES = [
    Story(
        2,
        Category.OFFICE,
        ("Odczyt podasz teraz także SMS-em", "odczyt-sms-em", "Wyślesz stan licznika w jednej wiadomości. Pokazujemy, jak to zrobić."),
        ("You can now text your reading", "reading-by-text-message", "One message with the state of the meter. We show how."),
        [
            text("<p>Wyślij wiadomość o treści <b>ODCZYT numer-licznika stan</b>, na przykład <b>ODCZYT 8812345 123</b>. Odpiszemy w kilka minut.</p><h2>Na co uważać</h2><ul><li>podaj tylko czarne cyfry, bez czerwonych,</li><li>wyślij z telefonu, którego numer znamy,</li><li>płacisz tyle, co za zwykły SMS.</li></ul>"),
            questions("Pytania", ("Nie znam numeru licznika. Gdzie go znajdę?", "Na tarczy licznika, obok napisu Nr, oraz na każdej fakturze."), ("Pomyliłem cyfry. Co teraz?", "Wyślij jeszcze raz. Liczy się ostatnia wiadomość z danego dnia.")),
        ],
        [
            text("<p>Send a message <b>ODCZYT meter-number reading</b>, for example <b>ODCZYT 8812345 123</b>. We answer in a few minutes.</p><h2>Mind</h2><ul><li>black digits only, without the red ones,</li><li>send it from a telephone whose number we know,</li><li>it costs as much as any text message.</li></ul>"),
        ],
    ),
    Story(
        6,
        Category.WATER,
        ("Woda w Lipowie: wyniki badań za ostatni miesiąc", "wyniki-badan-wody", "Wszystkie 26 próbek w normie. Wyniki dla Twojej ulicy są w jednej tabeli."),
        ("Water in Lipowo: last month's tests", "water-tests", "All 26 samples within limits. Results for your street in one table."),
        [
            text("<p>Próbki pobraliśmy w 26 miejscach: na ujęciu, w stacji uzdatniania i w kranach odbiorców. Badało je akredytowane laboratorium.</p>"),
            table("Średnie wyniki z 26 próbek", ["Co badamy", "Wynik", "Norma"], [["twardość", "210 mg/l", "60–500 mg/l"], ["żelazo", "45 µg/l", "do 200 µg/l"], ["azotany", "6 mg/l", "do 50 mg/l"], ["pH", "7,4", "6,5–9,5"]]),
        ],
        [
            text("<p>We took samples in 26 places: at the intake, in the treatment plant and at customers' taps. An accredited laboratory tested them.</p>"),
            table("Averages of 26 samples", ["What we test", "Result", "Limit"], [["hardness", "210 mg/l", "60–500 mg/l"], ["iron", "45 µg/l", "up to 200 µg/l"], ["nitrates", "6 mg/l", "up to 50 mg/l"], ["pH", "7.4", "6.5–9.5"]]),
        ],
    ),
    Story(
        10,
        Category.OFFICE,
        ("BOK w najbliższy piątek czynny do 12:00", "bok-w-piatek-do-12", "Długi weekend. Awarie przyjmujemy jak zawsze, całą dobę."),
        ("Our office closes at noon this Friday", "office-closes-at-noon", "A long weekend. We take reports of failures day and night, as always."),
        [text("<p>W piątek zamykamy kasę i biuro o 12:00. W poniedziałek czekamy od 8:00.</p>"), note("Awaria?", "Dzwoń pod 994, całą dobę.", "due")],
        [text("<p>On Friday the cash desk and the office close at noon. On Monday we open at 8:00.</p>"), note("A failure?", "Call 994, day and night.", "due")],
    ),
    Story(
        17,
        Category.WORKS,
        ("Nowa rura pod ulicą Młyńską", "nowa-rura-mlynska", "Wymieniamy 640 metrów wodociągu z lat siedemdziesiątych. Zobacz, kiedy i gdzie."),
        ("A new main under Młyńska Street", "new-main-mlynska", "We replace 640 metres of pipe from the seventies. See when and where."),
        [
            text("<p>Stara rura pękała trzy razy w roku. Nowa jest z polietylenu i wytrzyma co najmniej 50 lat.</p><h2>Kolejność prac</h2><ol><li>od skrzyżowania z Wodną do numeru 25,</li><li>od numeru 25 do szkoły,</li><li>przyłącza i asfalt.</li></ol><p>O każdej przerwie w dostawie wody napiszemy co najmniej 7 dni wcześniej na stronie Awarie i prace.</p>"),
        ],
        [
            text("<p>The old pipe burst three times a year. The new one is polyethylene and will last at least 50 years.</p><h2>Order of work</h2><ol><li>from Wodna Street to number 25,</li><li>from number 25 to the school,</li><li>service pipes and asphalt.</li></ol><p>We announce each interruption at least 7 days ahead under Outages and works.</p>"),
        ],
    ),
    Story(
        24,
        Category.COMPANY,
        ("Uwaga na fałszywe faktury w e-mailach", "falszywe-faktury", "Ktoś wysyła rachunki z innym numerem konta. Sprawdź, zanim zapłacisz."),
        ("Beware of false bills in e-mails", "false-bills", "Somebody sends bills with another account number. Check before you pay."),
        [
            note("Nasze konto się nie zmieniło.", "Numer konta z faktury porównaj z tym, na który płacisz od dawna.", "bad"),
            text("<p>Nie klikaj w linki w podejrzanej wiadomości. Prześlij ją nam na adres bok@wodociagi-lipowo.example albo zadzwoń.</p><p>Jeśli już pieniądze wyszły, jak najszybciej zadzwoń do banku i na policję.</p>"),
        ],
        [
            note("Our account has not changed.", "Compare the number on the bill with the one you have always paid to.", "bad"),
            text("<p>Do not click on links in a suspicious message. Forward it to bok@wodociagi-lipowo.example or call us.</p><p>If the money is gone, call your bank and the police at once.</p>"),
        ],
    ),
    Story(
        33,
        Category.PRICES,
        ("Ceny wody do końca roku bez zmian", "ceny-bez-zmian", "Zatwierdzona taryfa obowiązuje trzy lata. W tym roku nic się nie zmienia."),
        ("Water prices stay until the end of the year", "prices-stay", "The approved tariff holds for three years. Nothing changes this year."),
        [text("<p>Za metr sześcienny wody płacisz 5,12 zł, za ścieki 8,47 zł (brutto). Pełną tabelę znajdziesz na stronie Ceny.</p>")],
        [text("<p>A cubic metre of water costs 5.12 zł, sewage 8.47 zł (gross). The whole table is on the page Prices.</p>")],
    ),
    Story(
        41,
        Category.OFFICE,
        ("Kasa przyjmuje już karty i BLIK", "kasa-karty-blik", "Zapłacisz w biurze także zegarkiem. Bez prowizji."),
        ("The cash desk takes cards", "cash-desk-takes-cards", "You can pay in our office by card or by watch. No commission."),
        [text("<p>Terminal stoi w kasie przy ul. Wodnej 1. Gotówkę przyjmujemy jak dotąd.</p>")],
        [text("<p>The terminal is at the cash desk in Wodna 1. We still take cash.</p>")],
    ),
    Story(
        55,
        Category.WATER,
        ("Płuczemy sieć: woda może być chwilę mętna", "plukanie-sieci", "Raz w roku czyścimy rury silnym strumieniem. Robimy to nocą."),
        ("We flush the pipes: water may be cloudy", "flushing-the-pipes", "Once a year we clean the pipes with a strong stream, at night."),
        [
            text("<p>Mętna woda jest bezpieczna, ale może zabarwić pranie. Odkręć zimną i poczekaj, aż będzie czysta.</p>"),
            questions("Co zrobić rano", ("Woda nadal jest żółta.", "Odkręć kran najbliżej licznika na pięć minut. Gdy to nie pomoże, zadzwoń."), ("Czy mogę ją pić?", "Tak, gdy jest przejrzysta. Osad to związki żelaza, nieszkodliwe.")),
        ],
        [text("<p>Cloudy water is safe but may stain laundry. Run the cold tap until it is clear.</p>")],
    ),
    Story(
        70,
        Category.WORKS,
        ("Osiedle Zacisze: koniec budowy kanalizacji", "zacisze-kanalizacja", "86 domów może się już przyłączyć. Pomożemy w formalnościach."),
        ("Zacisze: the sewers are ready", "zacisze-sewers", "86 houses can be connected. We help with the forms."),
        [text("<p>Wniosek o przyłączenie wypełnisz na stronie. Warunki wydamy w 21 dni, a w domach jednorodzinnych bez opłat.</p>")],
        [text("<p>You can fill in the application online. We issue the conditions within 21 days, free for detached houses.</p>")],
    ),
    Story(
        88,
        Category.COMPANY,
        ("Zwiedzanie stacji uzdatniania w dniu otwartym", "dzien-otwarty", "Zobacz, skąd się bierze woda w kranie. Dla dzieci laboratorium."),
        ("Open day in the treatment plant", "open-day", "See where tap water comes from. A laboratory for children."),
        [text("<p>Wejścia co godzinę od 10:00 do 15:00, ul. Wodociągowa 4. Zapisy pod numerem 67 200 19 90, liczba miejsc w grupie: 20.</p>")],
        [text("<p>Tours every hour from 10:00 to 15:00, ul. Wodociągowa 4. Book at 67 200 19 90, twenty people in a group.</p>")],
    ),
    Story(
        110,
        Category.PRICES,
        ("Jak rozliczamy podlewanie ogrodu", "podlewanie-ogrodu", "Z licznikiem ogrodowym nie płacisz za ścieki od wody, która wsiąkła w trawnik."),
        ("How we bill garden water", "garden-water", "With a garden meter you do not pay sewage for water that went into the lawn."),
        [text("<p>Licznik kupujesz i montujesz sam, my go plombujemy bez opłat. Odczyt podajesz raz na kwartał.</p>")],
        [text("<p>You buy and fit the meter, we seal it free of charge. You report it once a quarter.</p>")],
    ),
    Story(
        140,
        Category.COMPANY,
        ("Nowe Internetowe biuro obsługi już działa", "nowe-biuro-obslugi", "Awarie, dokumenty, odczyty i rachunki w jednym miejscu. Także na telefonie."),
        ("The new online office is open", "new-online-office", "Outages, documents, readings and bills in one place. Also on your phone."),
        [text("<p>Portal działa bez instalowania czegokolwiek, ma wersję o wysokim kontraście i większe litery. Gdy czegoś brakuje, napisz do nas.</p>")],
        [text("<p>The portal needs no installation, has a contrast theme and larger letters. If you miss something, write to us.</p>")],
    ),
    Story(
        4,
        Category.OFFICE,
        ("Termin odczytów w Twojej okolicy", "termin-odczytow", "Między 3 a 7 dniem miesiąca inkasent spisze liczniki. Możesz podać stan samodzielnie."),
        ("When we read meters in your area", "meter-reading-days", "Between the 3rd and 7th of the month we read meters. You can send yours."),
        [text("<p>Jeśli wyślesz odczyt do 2. dnia miesiąca, nikt nie zapuka. Gdy Cię nie zastaniemy, zostawimy kartkę z numerem telefonu.</p>")],
        [text("<p>If you send your reading by the 2nd of the month, nobody will knock. If you are out, we leave a card with a telephone number.</p>")],
        audience=Audience.PAYERS,
    ),
    Story(
        20,
        Category.PRICES,
        ("Raty bez odsetek po dużym wycieku", "raty-po-wycieku", "Rachunek wzrósł przez ukryty wyciek? Rozłożymy go na 6 rat."),
        ("Instalments after a big leak", "instalments-after-a-leak", "Did a hidden leak raise your bill? We split it into 6 instalments."),
        [text("<p>Wystarczy wniosek i zdjęcie naprawy. Odpowiadamy w 14 dni. Dotyczy rachunków co najmniej dwa razy wyższych niż zwykle.</p>")],
        [text("<p>An application and a photograph of the repair are enough. We answer within 14 days. For bills at least twice as high as usual.</p>")],
        audience=Audience.PAYERS,
    ),
]  # fmt: skip
