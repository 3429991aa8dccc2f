"""`docs/exchange.md`: what a delivery looks like, told by the declarations themselves."""

# ruff: noqa: E501 (prose and tables of a Markdown document)

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from django.utils import translation

from ebok.exchange.declared import declared_datasets
from ebok.exchange.sources.databases import DRIVERS
from ebok.exchange.validation import LONGEST_CELL
from ebok.plugins.registry import registry
from ebok.ports.datasets import Check, Column, ColumnType, Dataset, Identity, Stored

PREFACE = """# Exchange with the billing system

Made by `manage.py ebok_exchange_docs` from the declarations in the code; a test holds it to them.

The billing system stays the system of record. It delivers files, or the portal reads its database; either way the
delivery is kept with its SHA-256, read, checked, compared, approved, taken over and reported on
(`manage.py ebok_import --help`). The same delivery twice changes nothing.

## A neutral delivery

One file for each dataset, named after it (`customers.csv`), in any order, also in a folder or a ZIP archive:

- CSV, or a worksheet of an XLSX workbook, or JSON Lines (`customers.jsonl`, one object in each line).
- Scans that contracts name (PDF, JPG, PNG) lie in the same ZIP archive, in any folder of it, each under a name of its own.
- The first row holds the names of the columns, in any order; columns that are not required may be missing. Columns nobody
  knows are ignored, and the report says so.
- Encoding and delimiter are found out: UTF-8 with or without a mark, UTF-16, CP1250 and ISO-8859-2; `;` `,` tab `|`.
  UTF-8 with `;` is the quickest. Cells that hold the delimiter, a quote or a line break stand in `"`, quotes inside are
  doubled.
- Empty cells are empty: no `NULL`, no `-`.
- `manifest.json` is optional. What it says must be true, otherwise the delivery is refused or reported:

```json
{
  "as_of": "2026-11-22T06:00:00+01:00",
  "complete": true,
  "files": {
    "invoices.csv": {"rows": 4937, "sha256": "…64 digits…", "totals": {"gross": "1234567.89"}}
  }
}
```

`as_of` is when the figures were true; `complete` tells whether the delivery holds everything (then what it lacks is
reported as vanished, never deleted) or only what changed. `rows` counts records without the header.

Some mistakes refuse the whole delivery before anything is changed: a file that is still being written (its size moves
while it is copied, or it is called `.part`, `.tmp`, `.filepart`, `.crdownload`), one that is cut off (a last line without
all its cells, an open quote, another SHA-256 than the manifest says), a header that stands twice, a required column that
is missing, bytes that are no UTF-8 in a UTF-8 file, archives inside archives, with passwords or with paths that lead
elsewhere, workbooks with macros, entities or links to other files, and everything that grows more than 250 times when
it is unpacked. Other mistakes reject only their row: too few or too many cells, and every cell that cannot be taken. Each is said in a
sentence that names what is wrong and what is expected; rejected rows can be downloaded as a CSV, mended and sent again.
"""

FORMS = """## How cells are written

| Form | In the neutral file | Read as well |
|---|---|---|
| text | as it is | blanks at both ends are cut |
| code | a name the billing system gave; no `|`, leading zeros count | |
| whole number | `12` | `1 234` |
| number | `1234.56`, at most as many decimals as stated | `1 234,56`, `1.234,56`, `12,34-` |
| day | `2026-11-22` | `22.11.2026`, `22-11-2026`, `20261122` |
| moment | `2026-11-22T06:00:00+01:00` | `2026-11-22 06:00`: Warsaw time |
| yes or no | `1` or `0` | `tak`/`nie`, `t`/`n`, `true`/`false`, `yes`/`no` |
| one of | the words listed | without regard to case |

Exponents, `NaN`, more decimals than stated (other than zeros), days that are not in the calendar or before 1900, control
characters and texts longer than stated (%(longest)d characters where nothing is stated) are refused. NIP, REGON, PESEL, account
numbers (NRB) and KSeF numbers must have right check digits; e-Delivery addresses must have their form, and wrong check
digits in them are only a warning. A PESEL is turned into a keyed hash (`EBOK_PESEL_KEY`) while the file is read; the number itself is
never written to the database or to a report.
"""

PROFILES = """## Profiles

A profile is a TOML file that says how the deliveries of one billing system look. `neutral` is the form above,
`gospodarka` a typical older Polish export, `sql` the tables of a database. Copy one of them from
`site/ebok/exchange/profiles/` into the folder `EBOK_EXCHANGE_PROFILES` and change it; a file of the same name replaces a
packaged one. What is wrong in a profile is said with the file, the table and the key.

```toml
complete = true                  # false: deliveries hold only what changed
only_named = true                # only the datasets named below are looked for
decimal = ","
dates = ["%%d.%%m.%%Y"]            # masks, tried one after the other

[files]
encoding = "cp852"               # found out when not told
delimiter = ";"                  # found out when not told
quote = ""                       # for exports that never quote
as_of = '_(?P<year>\\d{4})(?P<month>\\d\\d)(?P<day>\\d\\d)'   # the day stands in the name of the file

[datasets.customers]
members = ["KLIENCI*.csv"]       # names of files
sheets = ["Klienci"]             # names of worksheets
[datasets.customers.columns]
code = "Kod klienta"             # a header
name = ["Nazwa", "Nazwisko"]     # several names of the same header
status = { header = "Status", map = { "czynny" = "active", "nieczynny" = "closed" } }
kind = { constant = "household" }
since_on = { header = "Od", dates = ["%%Y/%%m/%%d"], map = { "9999/12/31" = "" } }
[[datasets.customers.split]]     # one header for several columns
header = "Nr domu"
pattern = '(?P<house>[^/]*)(?:/(?P<flat>.*))?'

[datasets.contracts.columns]
number = { join = ["Rejestr", "Rok", "Nr"], separator = "/" }
```

For a database a profile names the environment variable that holds its address, and a table or a query for each dataset.
Everything is read in one transaction that can only read, as a stream, and kept as JSON Lines.

```toml
[database]
url = "EBOK_BILLING_DATABASE"
as_of = "SELECT max(zamkniety_dnia) FROM okresy"   # when told; otherwise the moment of reading

[datasets.customers]
table = "klienci"                # or a view, or with its schema: "dbo.klienci"
[datasets.readings]
query = "SELECT k.kod AS customer_code, o.* FROM odczyty o JOIN klienci k ON k.id = o.klient_id"
```

| Database | Address | Driver |
|---|---|---|
%(drivers)s

Headers and words are compared without regard to case. `ebok.exchange.profiles.writing` writes a delivery of any profile
from neutral rows: the demo town goes through all three and comes in the same.

## Exit codes of `ebok_import`

| Code | Meaning |
|---|---|
| 0 | taken over |
| 1 | refused or failed; the sentence is on standard error and in the report |
| 2 | waits for a person's approval |
| 3 | another import is running |
| 4 | nothing to do: the same delivery was taken over before |
"""

_FORMS = {
    ColumnType.TEXT: "text",
    ColumnType.CODE: "code",
    ColumnType.INTEGER: "whole number",
    ColumnType.DATE: "day",
    ColumnType.MOMENT: "moment",
    ColumnType.BOOLEAN: "yes or no",
}
_CHECKS = {
    Check.NIP: "NIP",
    Check.NRB: "NRB",
    Check.PESEL: "PESEL",
    Check.REGON: "REGON",
    Check.EMAIL: "e-mail address",
    Check.PHONE: "telephone number, `+48…`",
    Check.POSTCODE: "postcode",
    Check.KSEF_NUMBER: "KSeF number",
    Check.E_DELIVERY: "e-Delivery address",
    Check.SHA256: "SHA-256",
}
_ADDRESSES = {
    "PostgreSQL": ("postgresql", "postgresql://user:password@host:5432/name"),
    "MySQL, MariaDB": ("mysql", "mysql://user:password@host:3306/name?charset=utf8mb4"),
    "Oracle": ("oracle", "oracle://user:password@host:1521/?service_name=name"),
    "MS SQL Server": ("mssql", "mssql://user:password@host/name?driver=ODBC+Driver+18+for+SQL+Server"),
    "Firebird": ("firebird", "firebird://user:password@host//path/to/file.fdb"),
    "SQLite": ("sqlite", "sqlite:////path/to/file.sqlite3"),
}


def own_datasets() -> tuple[Dataset, ...]:
    """The datasets of this distribution; those of other people's plugins are in their own documents."""
    owners = {dataset.key: owner for owner, dataset in registry.contributions("datasets")}
    ours = ("ebok.", "ebok_plugins.")
    return tuple(dataset for dataset in declared_datasets() if owners[dataset.key].name.startswith(ours))


def document(datasets: Iterable[Dataset]) -> str:
    """The whole of `docs/exchange.md`, titles in both languages."""
    with translation.override("en"):
        return "\n".join(_sections(tuple(datasets))).rstrip() + "\n"


def example_file(dataset: Dataset) -> str:
    """A neutral file with one row, made of the columns' examples."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow([column.name for column in dataset.columns])
    writer.writerow([column.example for column in dataset.columns])
    return out.getvalue()


def _sections(datasets: tuple[Dataset, ...]) -> Iterator[str]:
    drivers = "\n".join(
        f"| {name} | `{address}` | {_driver(scheme)} |" for name, (scheme, address) in _ADDRESSES.items()
    )
    yield PREFACE
    yield FORMS % {"longest": LONGEST_CELL}
    yield PROFILES % {"drivers": drivers}
    yield "## Datasets\n"
    yield "Taken over in this order, so that what is referred to is there before.\n"
    yield "| File | Po polsku | In English | A row is known by |\n|---|---|---|---|"
    for dataset in datasets:
        key = ", ".join(f"`{name}`" for name in dataset.natural_key)
        yield f"| [`{dataset.key}`](#{dataset.key}) | {_polish(dataset.title)} | {dataset.title} | {key} |"
    yield ""
    for dataset in datasets:
        yield from _dataset(dataset)


def _driver(scheme: str) -> str:
    package = DRIVERS[scheme][1]
    if scheme in {"postgresql", "sqlite"}:
        return "comes with the portal"
    return f"`pip install {package}`"


def _dataset(dataset: Dataset) -> Iterator[str]:
    yield f"### {dataset.key}\n"
    said = f"{_polish(dataset.title)} · {dataset.title}."
    yield f"{said} {dataset.description}\n".replace(" \n", "\n")
    yield "| Column | Po polsku | In English | Form | Example |\n|---|---|---|---|---|"
    for column in dataset.columns:
        example = f"`{column.example}`" if column.example else ""
        yield (
            f"| `{column.name}`{'*' if column.required else ''} | {_polish(column.title)} | {column.title}"
            f" | {_form(column)} | {example} |"
        )
    yield ""
    yield from _facts(dataset)
    yield f"```\n{example_file(dataset)}```\n"


def _facts(dataset: Dataset) -> Iterator[str]:
    facts = ["`*` must be filled."]
    for reference in dataset.references:
        names = ", ".join(f"`{name}`" for name in reference.columns)
        optional = "" if reference.required else " when filled"
        facts.append(f"{names} must name a row of [`{reference.dataset}`](#{reference.dataset}){optional}.")
    facts += [f"Refused: {rule.sentence}" for rule in dataset.rules]
    if dataset.totals:
        facts.append(f"Control totals: {', '.join(f'`{name}`' for name in dataset.totals)}.")
    if dataset.lookups:
        facts.append(f"Unique over all customers: {', '.join(f'`{name}`' for name in dataset.lookups)}.")
    if dataset.identity is Identity.KEYED and len(dataset.natural_key) > 1:
        facts.append(
            f"The columns {', '.join(f'`{name}`' for name in dataset.natural_key)} name a row together."
        )
    if not dataset.vanishes:
        facts.append("Only news are sent; rows that are not delivered are not reported as vanished.")
    yield "\n".join(f"- {fact}" for fact in facts) + "\n"


def _form(column: Column) -> str:
    parts = [_kind_of(column)]
    if column.minimum is not None:
        parts.append(f"at least {column.minimum}")
    if column.maximum is not None:
        parts.append(f"at most {column.maximum}")
    if column.stored is Stored.KEYED_HASH:
        parts.append("kept as a keyed hash only")
    elif column.type in {ColumnType.TEXT, ColumnType.CODE} and column.check is None:
        parts.append(f"up to {column.max_length or LONGEST_CELL} characters")
    if column.default is not None:
        parts.append(
            f"empty means `{column.default}`" if column.type is not ColumnType.BOOLEAN else _flag(column)
        )
    return ", ".join(parts)


def _kind_of(column: Column) -> str:
    if column.check is not None:
        return _CHECKS[column.check]
    if column.type is ColumnType.DECIMAL:
        return f"number, {column.digits - column.places} digits and {column.places} decimals"
    if column.type is ColumnType.CHOICE:
        return "one of " + ", ".join(f"`{word}`" for word in column.choices)
    return _FORMS[column.type]


def _flag(column: Column) -> str:
    return f"empty means `{int(bool(column.default))}`"


def _polish(text: object) -> str:
    with translation.override("pl"):
        return str(text)
