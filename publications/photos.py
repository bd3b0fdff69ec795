"""Photos that people bring of themselves: checked, made smaller and written anew, so that nothing of the file stays."""

import io
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.core.files.images import ImageFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_BYTES = 10_000_000
MAX_PIXELS = 50_000_000
LONGEST_SIDE = 1000


def clean_photo(file: BinaryIO, *, size_bytes: int) -> ImageFile:
    """The picture in a new JPEG, upright, at most 1000 pixels long, without place, camera or any other note.

    Raises ValidationError where it is no picture that we take.
    """
    if size_bytes > MAX_BYTES:
        raise ValidationError(_("The photo is larger than 10 MB. Make it smaller first."))
    try:
        # Only these decoders are tried, and the size is known before a pixel is decoded.
        with Image.open(file, formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise ValidationError(_("The photo has too many pixels. Make it smaller first."))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except ValidationError:
        raise
    except Exception as error:  # Pillow raises whatever a damaged file makes of it
        raise ValidationError(_("This is no photo that can be read. Take a JPEG, PNG or WebP.")) from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    written = io.BytesIO()
    Image.frombytes("RGB", upright.size, upright.tobytes()).save(written, "JPEG", quality=88)
    written.seek(0)
    return ImageFile(written, name="photo.jpg")
