"""What an uploaded file really is."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from ebok.files import checking
from ebok.files.checking import MEGABYTE
from ebok.operations import demo_files
from ebok_plugins.e_dokument import uploads
from ebok_plugins.e_dokument.testing import PDF, png


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def refusal(name: str, content: bytes, limit: int = MEGABYTE) -> str:
    with pytest.raises(ValidationError) as caught:
        uploads.check_attachment(upload(name, content), limit)
    return caught.value.code or ""


def picture_with_place() -> bytes:
    picture = Image.new("RGB", (40, 20), "red")
    exif = Image.Exif()
    exif[0x010F] = "Aparat-Tajny"
    exif[0x0112] = 6
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.mark.feature("J06", "A07")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.PDF", demo_files.pdf_file("Tytuł", ["tekst"])),
        ("a.docx", demo_files.docx_file("Tytuł", ["tekst"])),
        ("a.odt", demo_files.odt_file("Tytuł", ["tekst"])),
    ],
    ids=["pdf", "docx", "odt"],
)
def test_documents_pass_unchanged(name: str, content: bytes) -> None:
    checked = uploads.check_template(upload(name, content))
    assert (checked.content, checked.extension) == (content, name.lower()[2:])


def test_a_template_is_no_picture() -> None:
    with pytest.raises(ValidationError, match="PDF, DOCX, ODT"):
        uploads.check_template(upload("a.png", png()))


@pytest.mark.feature("G18")
def test_pictures_are_drawn_anew_and_upright() -> None:
    checked = uploads.check_attachment(upload("Zdjęcie.JPEG", picture_with_place()), MEGABYTE)
    drawn = Image.open(io.BytesIO(checked.content))
    assert (checked.extension, drawn.size, dict(drawn.getexif())) == ("jpg", (20, 40), {})
    assert b"Aparat-Tajny" not in checked.content


@pytest.mark.feature("G18")
def test_what_is_glued_to_a_picture_is_gone() -> None:
    glued = png() + b"PK\x03\x04<script>alert(1)</script>"
    assert b"script" not in uploads.check_attachment(upload("a.png", glued), MEGABYTE).content


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.html", b"<html></html>", "kind"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind"),
        ("a.pdf.exe", PDF, "kind"),
        ("a", PDF, "kind"),
        ("a.pdf", b"", "empty"),
        ("a.pdf", b"<html>" + PDF, "content"),
        ("a.pdf", b"%PDF-1.7 cut off", "content"),
        ("a.png", PDF, "content"),
        ("a.pdf", png(), "content"),
        ("a.png", png()[:40], "content"),
        ("a.docx", demo_files.odt_file("x", []), "content"),
        ("a.pdf", PDF + b" " * MEGABYTE, "size"),
    ],
)
def test_other_things_are_refused(name: str, content: bytes, code: str) -> None:
    assert refusal(name, content) == code


def test_macros_and_bombs_are_refused() -> None:
    def archive(**extra: bytes) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            for name in ("[Content_Types].xml", "_rels/.rels", "word/document.xml"):
                made.writestr(name, "<x/>")
            for name, content in extra.items():
                made.writestr(name.replace("__", "/"), content)
        return out.getvalue()

    assert uploads.check_attachment(upload("a.docx", archive()), MEGABYTE).extension == "docx"
    assert refusal("a.docx", archive(word__vbaProject_bin=b"x").replace(b"_bin", b".bin")) == "content"
    assert refusal("a.docx", archive(word__big=b"\0" * (301 * MEGABYTE))) == "content"


def test_a_picture_of_too_many_points_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "_MOST_PIXELS", 63)
    assert refusal("a.png", png()) == "content"
