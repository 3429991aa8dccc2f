"""Small files for the demo, made on the spot and always the same: pictures, PDF, DOCX and ODT."""

from __future__ import annotations

import hashlib
import io
import math
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

import typst
from PIL import Image, ImageDraw, ImageFilter

_OFFICE_MOMENT = (2026, 1, 1, 0, 0, 0)
"""Zip archives carry a time for each member; a fixed one keeps the bytes the same."""

_SKIES = (
    ((228, 241, 248), (120, 178, 210)),
    ((235, 244, 236), (124, 172, 140)),
    ((248, 240, 226), (214, 170, 110)),
    ((236, 238, 248), (136, 150, 200)),
)
_WATERS = ((12, 74, 110), (22, 101, 82), (38, 84, 124), (30, 64, 110))


def picture_file(subject: str, *, size: tuple[int, int] = (1600, 900)) -> bytes:
    """A calm landscape with water as a PNG; `subject` decides its colours, hills and waves."""
    seed = hashlib.sha256(subject.encode()).digest()
    width, height = size
    image = Image.new("RGB", size)
    draw = ImageDraw.Draw(image)
    top, bottom = _SKIES[seed[0] % len(_SKIES)]
    for y in range(height):
        draw.line([(0, y), (width, y)], fill=_mix(top, bottom, y / height))
    _sun(draw, seed, size)
    _hills(draw, seed, size, bottom)
    _waves(draw, seed, size)
    softened = image.filter(ImageFilter.GaussianBlur(radius=max(1, width // 900)))
    out = io.BytesIO()
    softened.save(out, "PNG", optimize=True)
    return out.getvalue()


def _mix(one: tuple[int, int, int], other: tuple[int, int, int], share: float) -> tuple[int, int, int]:
    first, second, third = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return first, second, third


def _sun(draw: ImageDraw.ImageDraw, seed: bytes, size: tuple[int, int]) -> None:
    width, height = size
    radius = height // 11
    x, y = width * (25 + seed[1] % 50) // 100, height * (14 + seed[2] % 14) // 100
    draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=(255, 250, 235))


def _hills(draw: ImageDraw.ImageDraw, seed: bytes, size: tuple[int, int], sky: tuple[int, int, int]) -> None:
    width, height = size
    for layer in range(3):
        base = height * (46 + 7 * layer) // 100
        tall = height * (10 + seed[3 + layer] % 10) // 100
        ridge = [
            (x, round(base - tall * math.sin(seed[6 + layer] + x / width * (3 + layer) * 2) ** 2))
            for x in range(0, width + 16, 16)
        ]
        draw.polygon([(0, height), *ridge, (width, height)], fill=_mix(sky, (34, 82, 74), 0.35 + 0.2 * layer))


def _waves(draw: ImageDraw.ImageDraw, seed: bytes, size: tuple[int, int]) -> None:
    width, height = size
    deep = _WATERS[seed[10] % len(_WATERS)]
    for layer in range(5):
        base = height * (68 + 7 * layer) // 100
        line = [
            (x, round(base + height * 0.012 * math.sin(seed[11 + layer] + x / width * (9 + 2 * layer))))
            for x in range(0, width + 8, 8)
        ]
        shade = _mix((150, 196, 220), deep, 0.3 + 0.16 * layer)
        draw.polygon([(0, height), *line, (width, height)], fill=shade)


def pdf_file(title: str, paragraphs: Sequence[str], *, language: str = "pl") -> bytes:
    """A tagged one- or two-page PDF with a heading and paragraphs."""
    # Text goes in as string arguments, never as markup, so no character of it can be a command.
    source = "\n".join(
        [
            f"#set document(title: {_typst(title)})",
            f'#set text(lang: "{language}", size: 11pt)',
            '#set page(paper: "a4", margin: 25mm)',
            "#set par(leading: 0.8em, spacing: 1.3em)",
            f"#heading(level: 1, text({_typst(title)}))",
            "#v(4mm)",
            *(f"#par(text({_typst(paragraph)}))" for paragraph in paragraphs),
        ]
    )
    return bytes(typst.compile(source.encode()))


def _typst(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def docx_file(title: str, paragraphs: Sequence[str]) -> bytes:
    """A small Word document (Office Open XML, ECMA-376)."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    looks = ['<w:rPr><w:b/><w:sz w:val="32"/></w:rPr>', *([""] * len(paragraphs))]
    body = "".join(
        f'<w:p><w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
        for look, text in zip(looks, [title, *paragraphs], strict=True)
    )
    return _archive(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
            'relationships+xml"/>'
            '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
            'officedocument.wordprocessingml.document.main+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
            '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
            'officeDocument" Target="word/document.xml"/></Relationships>',
            "word/document.xml": f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>',
        }
    )


def odt_file(title: str, paragraphs: Sequence[str]) -> bytes:
    """A small OpenDocument text (OASIS ODF 1.3)."""
    kind = "application/vnd.oasis.opendocument.text"
    spaces = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("office", "text")
    )
    body = f'<text:h text:outline-level="1">{escape(title)}</text:h>' + "".join(
        f"<text:p>{escape(paragraph)}</text:p>" for paragraph in paragraphs
    )
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    return _archive(
        {
            # ODF 1.3, part 2, 3.3: the first member, stored without compression.
            "mimetype": kind,
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{manifest}" manifest:version="1.3">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
            "</manifest:manifest>",
            "content.xml": f'<office:document-content {spaces} office:version="1.3">'
            f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        }
    )


def _archive(members: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members.items():
            info = zipfile.ZipInfo(name, _OFFICE_MOMENT)
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            content = text if name == "mimetype" else f'<?xml version="1.0" encoding="UTF-8"?>{text}'
            archive.writestr(info, content.encode())
    return out.getvalue()
