"""Bytes to text, without replacing a single one in silence."""

from __future__ import annotations

from cleannews.errors import InputError

# What these begin with is no text, whatever else it is.
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"\x1f\x8b", "gzip data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ\x00", "xz data"),
    (b"\x28\xb5\x2f\xfd", "zstd data"),
    (b"PK\x03\x04", "a zip archive or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"WARC/", "a WARC archive"),
    (b"PAR1", "a Parquet file"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"\x00\x01\x00\x00", "a font"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"OggS", "sound or video"),
    (b"ID3\x02", "an MP3 file"),
    (b"ID3\x03", "an MP3 file"),
    (b"ID3\x04", "an MP3 file"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\x00asm", "a program"),
    (b"\xff\xfe\x00\x00", "UTF-32 text; convert it to UTF-8"),
    (b"\x00\x00\xfe\xff", "UTF-32 text; convert it to UTF-8"),
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def signature_of(data: bytes) -> str | None:
    """Return what the first bytes say the data is, if they say that it is no text.

    >>> signature_of(b"%PDF-1.7"), signature_of(b"<p>")
    ('a PDF', None)
    """
    for start, what in _SIGNATURES:
        if data.startswith(start):
            return what
    # These begin with letters, and say more some bytes on.
    if data.startswith(b"RIFF") and data[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        return "a WebP image, sound or video"
    if data[4:8] == b"ftyp":
        return "a video or an image"
    return "a BMP image" if data.startswith(b"BM") and data[6:10] == bytes(4) else None


def decode(data: bytes) -> str:
    """Return the text of a file's bytes: UTF-8, or UTF-16 with a byte order mark.

    Raises:
        InputError: The bytes are no text, or not in these encodings; nothing is ever replaced.
    """
    if what := signature_of(data):
        raise InputError(f"this is {what}, which is not read as text")
    encoding = "utf-16" if data.startswith(_UTF16) else "utf-8-sig"
    if encoding != "utf-16" and (nul := data.find(0)) >= 0:
        raise InputError(f"this is binary data (a NUL byte at offset {nul}), not text")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        # Python counts from behind the mark.
        skipped = 3 if encoding == "utf-8-sig" and data.startswith(b"\xef\xbb\xbf") else 0
        at = error.start + skipped
        what = f"byte {data[at]:#04x}" if at < len(data) else "the end"
        label = encoding.removesuffix("-sig").upper()
        raise InputError(
            f"not {label}: {what} at offset {at} ({error.reason}); convert the file to UTF-8"
        ) from None
    if "\x00" in text:
        raise InputError(f"a NUL at character {text.index(chr(0))}: this is binary data, not text")
    return text
