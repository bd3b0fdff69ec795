"""Objects to write a PDF of, byte by byte."""

import zlib


def stream(data: bytes) -> bytes:
    """A stream object, as it is."""
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(data), data)


def form(draws: bytes, *, resources: bytes = b"") -> bytes:
    """A form XObject: instructions that a page may draw as often as it likes."""
    return b"<< /Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << %s >> %s" % (
        resources,
        stream(draws).removeprefix(b"<< "),
    )


def flate_bomb(size_bytes: int) -> bytes:
    """A stream object of a few kilobytes, deflated twice, that inflates to so many bytes."""
    packer = zlib.compressobj(9)
    once = b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(size_bytes >> 20)), packer.flush()])
    twice = zlib.compress(once, 9)
    return b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream" % (len(twice), twice)
