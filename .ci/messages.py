"""Translations without the gettext tools: `messages.py compile | extract | check [FOLDER...]`.

Each Django app keeps its own catalogue in `locale/pl/`, the project's templates in
`templates/locale/pl/`. Messages are read from Python's syntax tree and, in templates, from what
Django itself makes of them, so they are exactly those asked for at run time.

compile  .po to .mo where the .po is newer
extract  adds new messages to the catalogues and drops those nobody uses; translations stay
check    fails when a message has no Polish translation, or one whose placeholders differ, or
         another one in another catalogue

Folders (ebok_plugins/e_dokument) narrow extract and check to the catalogues in them.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
LANGUAGE = "pl"
PLURALS = "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"
FUNCTIONS = {
    # name: positions of (context, singular, plural)
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
WHOLE_FORMS = 3
PLACEHOLDER = re.compile(r"%\([^)]+\)[a-z]|%[sd]|(?<!\{)\{[a-z_0-9]*\}(?!\})")
SUFFIXES = {".py", ".html", ".txt", ".xml", ".typ"}
SKIPPED_FOLDERS = {"node_modules", "build", "migrations", "__pycache__", "locale"}

Key = tuple[str | None, str]


@dataclass
class Message:
    """One message as the source has it."""

    singular: str
    plural: str | None = None
    context: str | None = None
    places: set[str] = field(default_factory=set)

    @property
    def key(self) -> Key:
        """What makes it the same message."""
        return self.context, self.singular


@dataclass(frozen=True)
class Domain:
    """A folder with a catalogue of its own."""

    folder: Path

    @property
    def catalogue(self) -> Path:
        """Where its translations are."""
        return self.folder / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"

    def sources(self) -> Iterator[Path]:
        """The Python files and templates whose messages belong here."""
        for path in sorted(self.folder.rglob("*")):
            parts = path.relative_to(self.folder).parts
            inside = self.folder != ROOT / "templates" or parts[0] != "theme"
            if inside and path.suffix in SUFFIXES and not SKIPPED_FOLDERS & set(parts[:-1]):
                yield path


def domains() -> list[Domain]:
    """Every Django app of this repository, and the project's templates."""
    apps = [
        *sorted((ROOT / "site" / "ebok").glob("*/apps.py")),
        *sorted((ROOT / "ebok_plugins").glob("*/apps.py")),
        ROOT / "page_types" / "apps.py",
        ROOT / "snippets" / "apps.py",
    ]
    folders = [path.parent for path in apps if path.exists()]
    found = [*(Domain(folder) for folder in folders), Domain(ROOT / "templates")]
    wanted = [(ROOT / name).resolve() for name in sys.argv[2:]]
    return [domain for domain in found if not wanted or domain.folder in wanted]


# Reading the sources ---------------------------------------------------------------------


def messages_of(domain: Domain) -> dict[Key, Message]:
    """All messages of a domain."""
    found: dict[Key, Message] = {}
    for path in domain.sources():
        for message in _read(path):
            known = found.setdefault(message.key, message)
            known.plural = known.plural or message.plural
            known.places.add(str(path.relative_to(ROOT)))
    return found


def _read(path: Path) -> Iterator[Message]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        yield from _python_messages(ast.parse(text))
    elif "{%" in text or "{{" in text:
        yield from _template_messages(text, path)


def _python_messages(tree: ast.AST) -> Iterator[Message]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in FUNCTIONS and (message := _message(FUNCTIONS[name], node.args)):
            yield message


def _message(places: tuple[int | None, int, int | None], arguments: list[ast.expr]) -> Message | None:
    def text(place: int | None) -> str | None:
        if place is None or place >= len(arguments):
            return None
        argument = arguments[place]
        return (
            argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None
        )

    context, singular, plural = (text(place) for place in places)
    return Message(singular, plural, context) if singular else None


CALL = re.compile(
    r"(?<![a-z])(?P<name>_|gettext|ngettext|pgettext|npgettext)\("
    r"(?P<arguments>(?:\s*u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")\s*,?)+)",
    re.DOTALL,
)


def _template_messages(text: str, path: Path) -> Iterator[Message]:
    # Django is configured only for this reading; nothing of the project is imported.
    from django.conf import settings  # noqa: PLC0415 (only this command needs Django)
    from django.utils.translation.template import templatize  # noqa: PLC0415 (only this command needs Django)

    if not settings.configured:
        settings.configure(USE_I18N=True)
    for call in CALL.finditer(templatize(text, origin=str(path))):
        arguments = ast.parse(f"f({call['arguments'].strip().rstrip(',')})", mode="eval").body
        if isinstance(arguments, ast.Call) and (message := _message(FUNCTIONS[call["name"]], arguments.args)):
            yield message


# Commands --------------------------------------------------------------------------------


def compile_all() -> int:
    """Write every .mo that is older than its .po."""
    for source in _catalogues():
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))
    return 0


def _catalogues() -> list[Path]:
    found = [domain.catalogue for domain in domains() if domain.catalogue.exists()]
    return [*found, *sorted((ROOT / "tests").glob("**/locale/*/LC_MESSAGES/django.po"))]


def extract() -> int:
    """Bring every catalogue up to what the sources say."""
    for domain in domains():
        wanted = messages_of(domain)
        if not wanted and not domain.catalogue.exists():
            continue
        catalogue = _open(domain)
        added = dropped = 0
        for entry in list(catalogue):
            if (entry.msgctxt, entry.msgid) not in wanted:
                catalogue.remove(entry)
                dropped += 1
        present = {(entry.msgctxt, entry.msgid): entry for entry in catalogue}
        for key, message in sorted(wanted.items(), key=lambda item: (item[1].singular, item[0][0] or "")):
            if key not in present:
                catalogue.append(_entry(message))
                added += 1
            elif message.plural and not present[key].msgid_plural:
                present[key].msgid_plural = message.plural
                present[key].msgstr_plural = {0: present[key].msgstr, 1: "", 2: ""}
                present[key].msgstr = ""
        if added or dropped or not domain.catalogue.exists():
            domain.catalogue.parent.mkdir(parents=True, exist_ok=True)
            catalogue.save(str(domain.catalogue))
            print(f"{domain.catalogue.relative_to(ROOT)}: {added} new, {dropped} dropped")
    return 0


def _open(domain: Domain) -> polib.POFile:
    if domain.catalogue.exists():
        return polib.pofile(str(domain.catalogue), wrapwidth=0)
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = {
        "Language": LANGUAGE,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS,
    }
    return catalogue


def _entry(message: Message) -> polib.POEntry:
    entry = polib.POEntry(msgid=message.singular, msgctxt=message.context)
    if message.plural:
        entry.msgid_plural = message.plural
        entry.msgstr_plural = {0: "", 1: "", 2: ""}
    if "%(" in message.singular or "%s" in message.singular:
        entry.flags = ["python-format"]
    return entry


def check() -> int:
    """Name what is not translated; the exit code says whether anything was named."""
    faults = [fault for domain in domains() for fault in _faults(domain)]
    faults += collisions([domain.catalogue for domain in domains() if domain.catalogue.exists()])
    print("\n".join(faults) if faults else "Every message has its Polish translation.")
    if faults:
        print(
            f"{len(faults)} faults. “make messages” adds new messages; the translations are yours to write."
        )
    return 1 if faults else 0


def _faults(domain: Domain) -> Iterator[str]:
    wanted = messages_of(domain)
    if not wanted:
        return
    place = str(domain.catalogue.relative_to(ROOT))
    if not domain.catalogue.exists():
        yield f"{place}: is missing; {len(wanted)} messages have no translation."
        return
    present = {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(str(domain.catalogue))}
    for key, message in wanted.items():
        entry = present.get(key)
        where = ", ".join(sorted(message.places)[:2])
        if entry is None or entry.obsolete or not entry.translated():
            yield f"{place}: no translation of “{message.singular}” ({where})."
        elif entry.fuzzy:
            yield f"{place}: the translation of “{message.singular}” is marked fuzzy."
        elif wrong := _misplaced(entry):
            yield f"{place}: “{message.singular}”: {wrong}."


def collisions(catalogues: list[Path]) -> list[str]:
    """A sentence for each message that these catalogues translate in different ways.

    Django pours all catalogues into one, so people would read whichever of them comes first.
    """
    found: dict[tuple[str | None, str, bool], dict[tuple[str, ...], Path]] = {}
    for path in catalogues:
        for entry in polib.pofile(str(path)):
            if entry.obsolete or not entry.translated():
                continue
            # The fourth Polish form is for fractions; not every catalogue has it.
            plural = tuple(text for form, text in sorted(entry.msgstr_plural.items()) if form < WHOLE_FORMS)
            key = (entry.msgctxt, entry.msgid, bool(entry.msgid_plural))
            found.setdefault(key, {}).setdefault(plural or (entry.msgstr,), path)
    return [
        f"“{singular}” has different translations: "
        + ", ".join(f"“{texts[0]}” ({_from_root(path)})" for texts, path in translations.items())
        + ". Django shows only one of them everywhere: use one text, or give one message a context."
        for (_context, singular, _plural), translations in found.items()
        if len(translations) > 1
    ]


def _from_root(path: Path) -> str:
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


def _misplaced(entry: polib.POEntry) -> str:
    """What is wrong with the placeholders of a translation, if anything."""
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    allowed = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural or ""))
    for text in texts:
        found = set(PLACEHOLDER.findall(text))
        if found - allowed:
            return f"the translation has the unknown placeholder {sorted(found - allowed)[0]}"
        # A plural may spell the number out ("jeden dzień"); a plain message loses something.
        if not entry.msgid_plural and allowed - found:
            return f"the translation lacks {sorted(allowed - found)[0]}"
    return ""


def main() -> int:
    """Run the command named on the command line."""
    commands = {"compile": compile_all, "extract": extract, "check": check}
    if len(sys.argv) < 2 or sys.argv[1] not in commands:
        print(__doc__)
        return 2
    return commands[sys.argv[1]]()


if __name__ == "__main__":
    sys.exit(main())
