"""The privacy policy a portal begins with, until the utility writes its own."""

# ruff: noqa: E501 (sentences for readers; broken ones are harder to correct)

from __future__ import annotations

import html
import re

_TAG = re.compile(r"<[^>]*>")

POLISH = """\
<p>Szanujemy Twoją prywatność. Tu wyjaśniamy, jakie dane zbieramy, po co i jak długo je trzymamy.</p>
<h2>Kto odpowiada za dane</h2>
<p>Administratorem danych jest przedsiębiorstwo prowadzące ten portal. Adres, telefon i e-mail są na dole każdej strony.</p>
<h2>Jakie dane zbieramy</h2>
<ul><li>gdy zakładasz konto: adres e-mail i hasło w postaci, której nikt nie odczyta,</li>
<li>gdy piszesz do nas lub wysyłasz wniosek: to, co w nim podasz,</li>
<li>gdy odwiedzasz portal: adres IP, datę i adres strony, w dziennikach serwera.</li></ul>
<h2>Po co</h2>
<p>Żeby dostarczać wodę i odbierać ścieki, wystawiać rachunki, odpowiadać na zgłoszenia oraz chronić portal przed nadużyciami (art. 6 ust. 1 lit. b, c, e i f RODO).</p>
<h2>Jak długo</h2>
<p>Tak długo, jak trwa umowa, a potem tak długo, jak każą przepisy o rachunkowości i przedawnieniu. Dzienniki serwera kasujemy po 90 dniach.</p>
<h2>Ciasteczka</h2>
<p>Używamy tylko ciasteczek potrzebnych do działania portalu: logowania, ochrony formularzy oraz zapamiętania wielkości tekstu i kontrastu. Nie ma ciasteczek reklamowych ani śledzących, więc nie pytamy o zgodę.</p>
<h2>Twoje prawa</h2>
<p>Możesz zobaczyć swoje dane, poprawić je, pobrać, ograniczyć ich użycie, sprzeciwić się mu i, gdy pozwala na to prawo, żądać usunięcia. Możesz też złożyć skargę do Prezesa Urzędu Ochrony Danych Osobowych.</p>
"""

ENGLISH = """\
<p>We respect your privacy. Here we explain what data we collect, why, and how long we keep it.</p>
<h2>Who is responsible</h2>
<p>The controller of the data is the company that runs this portal. Its address, telephone and e-mail are at the bottom of every page.</p>
<h2>What we collect</h2>
<ul><li>when you open an account: your e-mail address and a password in a form nobody can read,</li>
<li>when you write to us or send an application: what you put in it,</li>
<li>when you visit the portal: IP address, date and address of the page, in the server's logs.</li></ul>
<h2>Why</h2>
<p>To supply water and take away sewage, to issue bills, to answer you, and to protect the portal from abuse (art. 6(1)(b), (c), (e) and (f) GDPR).</p>
<h2>How long</h2>
<p>As long as the contract lasts, and then as long as the law on accounting and limitation demands. Server logs are deleted after 90 days.</p>
<h2>Cookies</h2>
<p>We use only cookies the portal needs to work: signing in, protecting forms, and remembering text size and contrast. There are no advertising or tracking cookies, so we do not ask for consent.</p>
<h2>Your rights</h2>
<p>You may see your data, correct it, take it with you, restrict its use, object to it and, where the law allows, have it erased. You may also complain to the President of the Personal Data Protection Office.</p>
"""


def words_of(markup: str) -> str:
    """The bare words of rich text, one space between; for telling texts apart."""
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())
