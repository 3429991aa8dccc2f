"""Handing out private files: never sniffed, never scripted, in parts when asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from ebok.files.names import safe_file_name, shown_name

_RANGE = re.compile(r"^bytes=(\d{0,12})-(\d{0,12})$")
CHUNK = 64 * 1024
INLINE_POLICY = "default-src 'none'; img-src 'self'; object-src 'self'; style-src 'unsafe-inline'"


def file_response(
    request: HttpRequest,
    field_file: Any,
    *,
    name: str,
    extension: str,
    content_type: str,
    size: int,
    inline: bool = False,
) -> HttpResponseBase:
    """The file as an attachment, or `inline` for the browser to show; 206 for one range, 416 outside of it.

    `field_file` lies in a `PrivateFiles` storage.

    With `EBOK_X_ACCEL_PREFIX` (an internal location of nginx over the private folder) the proxy
    sends the bytes. Raises `FileNotFoundError` when the storage has lost the file.
    """
    prefix = getattr(settings, "EBOK_X_ACCEL_PREFIX", "")
    response: HttpResponseBase
    if prefix:
        response = HttpResponse(content_type=content_type)
        response["X-Accel-Redirect"] = (
            f"{prefix.rstrip('/')}/{field_file.storage.folder}/{quote(field_file.name)}"
        )
    else:
        response = _own_response(request, field_file, content_type, size)
    return dressed(response, name, extension, inline=inline)


def dressed(
    response: HttpResponseBase, name: str, extension: str, *, inline: bool = False
) -> HttpResponseBase:
    """Headers under which a file can do no harm: attachment, no sniffing, no scripts, no storing."""
    safe = safe_file_name(name, extension)
    how = "inline" if inline else "attachment"
    full = quote(shown_name(name))
    response["Content-Disposition"] = f"{how}; filename=\"{safe}\"; filename*=UTF-8''{full}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    # Replaces the pages' policy: a document has no business with anything.
    # Browsers refuse to show a PDF in a sandbox.
    response["Content-Security-Policy"] = INLINE_POLICY if inline else "default-src 'none'; sandbox"
    return response


def is_whole_get(request: HttpRequest) -> bool:
    """Whether this request begins a download: no HEAD, no later part of one."""
    if request.method != "GET":
        return False
    found = _RANGE.match(request.headers.get("range", ""))
    return found is None or found[1] in ("", "0")


def _own_response(request: HttpRequest, stored: Any, content_type: str, size: int) -> HttpResponseBase:
    if not stored.storage.exists(stored.name):
        raise FileNotFoundError(stored.name)
    asked = _wanted_range(request.headers.get("range", ""), size)
    wanted = range(size) if asked is None else asked
    response: HttpResponseBase
    if asked is not None and not asked:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{size}"
    else:
        response = StreamingHttpResponse(
            _part(stored, wanted), status=200 if asked is None else 206, content_type=content_type
        )
        response["Content-Length"] = str(len(wanted))
        if asked is not None:
            response["Content-Range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{size}"
    response["Accept-Ranges"] = "bytes"
    return response


def _wanted_range(header: str, size: int) -> range | None:
    """The bytes asked for (RFC 9110, 14.1.2): None for the whole file, an empty range for none of it."""
    found = _RANGE.match(header)
    if found is None or found[1] == found[2] == "":
        # Several ranges, or a unit we do not know, may be answered with the whole.
        return None
    if found[1] == "":
        last = int(found[2])
        return range(max(0, size - last), size) if last else range(0)
    start, stop = int(found[1]), int(found[2]) + 1 if found[2] else size
    if stop <= start and found[2]:
        return None
    return range(start, min(stop, size)) if start < size else range(0)


def _part(stored: Any, wanted: range) -> Iterator[bytes]:
    # Opened when the first byte is asked for: an answer to HEAD, or one nobody reads, opens nothing.
    left = len(wanted)
    with stored.storage.open(stored.name, "rb") as content:
        content.seek(wanted.start)
        while left > 0 and (chunk := content.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
