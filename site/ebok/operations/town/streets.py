"""The streets of Lipowo. They are those of the demo's outages, so that every address can be hit by one.

Rooms of the core do not know the snippets; a test holds both lists together.
"""

from __future__ import annotations

from typing import NamedTuple

TOWN = "Lipowo"
POSTCODE = "62-998"

_STREETS = """Lipowa|Ogrodowa|Polna|Szkolna|Kościelna|Młyńska|Wodna|Rzeczna|Nadbrzeżna|Brzozowa|Dębowa
Klonowa|Jesionowa|Akacjowa|Kasztanowa|Jarzębinowa|Sosnowa|Świerkowa|Modrzewiowa|Wierzbowa|Topolowa
Bukowa|Grabowa|Leśna|Słoneczna|Pogodna|Wiosenna|Letnia|Jesienna|Zimowa|Zielona|Łąkowa|Kwiatowa|Różana
Tulipanowa|Fiołkowa|Konwaliowa|Malwowa|Wrzosowa|Makowa|Rumiankowa|Poziomkowa|Jagodowa|Malinowa
Wiśniowa|Czereśniowa|Jabłoniowa|Gruszowa|Śliwkowa|Morelowa|Orzechowa|Miodowa|Pszczela|Żurawia
Bociania|Jaskółcza|Słowicza|Skowronkowa|Sowia|Gołębia|Krótka|Parkowa|Długa|Prosta|Krzywa|Cicha
Spokojna|Dworcowa|Kolejowa|Targowa|Ratuszowa|Zamkowa|Mickiewicza|Słowackiego|Norwida|Kochanowskiego
Reja|Prusa|Sienkiewicza|Reymonta|Konopnickiej|Orzeszkowej|Tuwima|Brzechwy|Kopernika
Skłodowskiej-Curie|Chopina|Moniuszki|Paderewskiego|Matejki|Chełmońskiego|Kossaka|3 Maja|11 Listopada
1 Maja|Kościuszki|Piłsudskiego|Sikorskiego|Powstańców Wielkopolskich|Harcerska|Sportowa|Zdrowotna
Apteczna|Strażacka|Pocztowa|Młynarska|Garncarska|Kowalska|Rzemieślnicza|Tkacka|Piekarska|Ceglana
Fabryczna|Składowa|Przemysłowa|Wodociągowa|Studzienna|Źródlana|Hydrantowa|Zaciszna"""

STREETS = (
    *(f"ul. {name}" for name in _STREETS.replace("\n", "|").split("|")),
    "pl. Wolności",
    "pl. Targowy",
    "al. Niepodległości",
    "al. Jana Pawła II",
    "os. Zacisze",
    "os. Nad Strugą",
    "rondo Kupieckie",
    "skwer Harcerzy",
)

_LIVED_IN = len(STREETS) - 2
"""Nobody lives on the roundabout and in the square."""
_HOUSES, _BLOCKS = 160, 40
"""Numbers of a street: every fifth is a block of flats."""


class Address(NamedTuple):
    """Where something is in Lipowo."""

    street: str
    house: str
    flat: str = ""

    @property
    def zone(self) -> int:
        """The reading round the street is on, from 0 to 3."""
        return STREETS.index(self.street) % 4 if self.street in STREETS else 0


def house(index: int) -> Address:
    """A house for the customer of this number; no other number has the same."""
    street, turn = index * 53 % _LIVED_IN, index // _LIVED_IN
    place, letter = (turn * 37 + street * 29) % _HOUSES, turn // _HOUSES
    number = place + place // 4 + 1
    return Address(STREETS[street], f"{number}{'abcdefghijklmnopqrstuvwxyz'[letter - 1] if letter else ''}")


def flat(index: int) -> Address:
    """A flat for the customer of this number; no other number has the same."""
    street, turn = index * 53 % _LIVED_IN, index // _LIVED_IN
    return Address(STREETS[street], str(5 + (turn * 7 + street * 3) % _BLOCKS * 5), str(1 + turn // _BLOCKS))
