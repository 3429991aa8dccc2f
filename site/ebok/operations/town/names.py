"""What people and firms of Lipowo are called."""

from __future__ import annotations

from random import Random

_MEN = """Adam|Adrian|Aleksander|Andrzej|Antoni|Artur|Bartosz|Bogdan|Cezary|Dariusz|Dawid|Dominik|Edward
Filip|Franciszek|Grzegorz|Henryk|Hubert|Igor|Jacek|Jakub|Jan|Janusz|Jarosław|Jerzy|Józef|Kacper|Kamil|Karol
Kazimierz|Konrad|Krzysztof|Leszek|Łukasz|Maciej|Marcin|Marek|Mariusz|Mateusz|Michał|Mieczysław|Norbert
Oskar|Patryk|Paweł|Piotr|Przemysław|Radosław|Rafał|Robert|Ryszard|Sebastian|Stanisław|Sławomir|Szymon
Tadeusz|Tomasz|Wiesław|Wiktor|Witold|Władysław|Wojciech|Zbigniew|Zdzisław|Zygmunt"""

_WOMEN = """Agata|Agnieszka|Aleksandra|Alicja|Anna|Barbara|Beata|Bożena|Celina|Danuta|Dorota|Elżbieta|Emilia
Ewa|Gabriela|Grażyna|Halina|Hanna|Helena|Irena|Iwona|Izabela|Jadwiga|Janina|Joanna|Jolanta|Julia|Justyna
Kamila|Karolina|Katarzyna|Kinga|Krystyna|Łucja|Magdalena|Małgorzata|Maria|Marta|Marzena|Mirosława|Monika
Natalia|Olga|Patrycja|Paulina|Renata|Róża|Sabina|Stanisława|Stefania|Sylwia|Teresa|Urszula|Wanda|Weronika
Wiesława|Wioletta|Zofia|Zuzanna|Żaneta"""

_SURNAMES = """Nowak|Kowalski|Wiśniewski|Wójcik|Kowalczyk|Kamiński|Lewandowski|Zieliński|Szymański|Woźniak
Dąbrowski|Kozłowski|Jankowski|Mazur|Wojciechowski|Kwiatkowski|Krawczyk|Kaczmarek|Piotrowski|Grabowski
Zając|Pawłowski|Michalski|Król|Nowakowski|Wieczorek|Jabłoński|Majewski|Adamczyk|Dudek|Olszewski|Nowicki
Jaworski|Wróbel|Malinowski|Pawlak|Witkowski|Walczak|Stępień|Górski|Rutkowski|Michalak|Sikora|Ostrowski
Baran|Duda|Szewczyk|Tomaszewski|Pietrzak|Marciniak|Wróblewski|Zalewski|Jakubowski|Jasiński|Zawadzki|Sadowski
Bąk|Chmielewski|Włodarczyk|Borkowski|Czarnecki|Sawicki|Sokołowski|Urbański|Kubiak|Maciejewski|Szczepański
Kucharski|Wilk|Kalinowski|Lis|Mazurek|Wysocki|Adamski|Kaźmierczak|Wasilewski|Sobczak|Czerwiński|Andrzejewski
Cieślak|Głowacki|Zakrzewski|Kołodziej|Sikorski|Krajewski|Gajewski|Szymczak|Szulc|Baranowski|Laskowski
Brzeziński|Makowski|Ziółkowski|Przybylski|Domański|Nowacki|Borowski|Błaszczyk|Chojnacki|Ciesielski|Mróz
Szczepaniak|Wesołowski|Górecki|Krupa|Kaczmarczyk|Leszczyński|Lipiński|Kowalewski|Urbaniak|Kozak|Kania
Mikołajczyk|Czajkowski|Mucha|Tomczak|Kozioł|Markowski|Kowalik|Nawrocki|Brzozowski|Janik|Musiał|Wawrzyniak
Markiewicz|Orłowski|Tomczyk|Jarosz|Kołodziejczyk|Kurek|Kopeć|Żak|Wolski|Łuczak|Dziedzic|Kot|Stasiak|Piątek"""

_TRADES = """Piekarnia|Cukiernia|Zakład Fryzjerski|Restauracja|Kwiaciarnia|Warsztat Samochodowy|Myjnia
Hurtownia Budowlana|Sklep Spożywczy|Apteka|Przychodnia|Zakład Stolarski|Pralnia|Drukarnia|Hotel|Ubojnia
Mleczarnia|Browar|Centrum Ogrodnicze|Studio Tańca|Siłownia|Gabinet Stomatologiczny"""

_PLACES = """Pod Lipą|Nad Strugą|Lipowianka|Jantar|Zacisze|Akwen|Promyk|Kłos|Perła|Dąb|Żuraw|Źródło|Mewa|Rosa
Stokrotka|Świt|Rondo|Młyn|Błękit|Ratusz"""

_FORMS = ("sp. z o.o.", "s.c.", "sp. j.", "S.A.", "sp. k.")

_SCHOOLS = """Szkoła Podstawowa nr|Przedszkole nr|Żłobek nr"""

_OFFICES = """Miejski Ośrodek Kultury|Biblioteka Publiczna|Ośrodek Pomocy Społecznej|Urząd Miejski
Hala Sportowa|Dom Pomocy Społecznej|Pływalnia Miejska|Muzeum Ziemi Lipowskiej|Remiza OSP"""


def _list(text: str) -> tuple[str, ...]:
    return tuple(text.replace("\n", "|").split("|"))


MEN, WOMEN, SURNAMES = _list(_MEN), _list(_WOMEN), _list(_SURNAMES)
TRADES, PLACES, SCHOOLS, OFFICES = _list(_TRADES), _list(_PLACES), _list(_SCHOOLS), _list(_OFFICES)


def pick(random: Random, names: tuple[str, ...]) -> str:
    """One of them. Only `Random.random` is used, whose numbers Python promises to keep."""
    return names[int(random.random() * len(names))]


def person(random: Random) -> tuple[str, str, bool]:
    """First name, surname in its right gender, and whether it is a woman."""
    woman = random.random() < 0.52
    return pick(random, WOMEN if woman else MEN), surname(pick(random, SURNAMES), woman=woman), woman


def surname(name: str, *, woman: bool) -> str:
    """The surname as a woman or a man bears it: Kowalski, Kowalska."""
    if woman and name.endswith(("ski", "cki", "dzki")):
        return f"{name[:-1]}a"
    return name


def company(random: Random) -> str:
    """The name of a firm."""
    trade, place = pick(random, TRADES), pick(random, PLACES)
    if random.random() < 0.3:
        first, last, _woman = person(random)
        return f"{trade} „{place}” {first} {last}"
    return f"{trade} „{place}” {pick(random, _FORMS)}"


def community(random: Random, address: str) -> str:
    """The name of a housing community or co-operative."""
    if random.random() < 0.15:
        return f"Spółdzielnia Mieszkaniowa „{pick(random, PLACES)}”"
    return f"Wspólnota Mieszkaniowa {address}"


def institution(random: Random, index: int) -> str:
    """The name of a public institution."""
    if random.random() < 0.5:
        return f"{pick(random, SCHOOLS)} {1 + index % 97} w Lipowie"
    return f"{pick(random, OFFICES)} w Lipowie"
