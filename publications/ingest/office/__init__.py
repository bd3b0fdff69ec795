"""Slides and documents: PowerPoint and Word by their own libraries, OpenDocument by odfdo.

All of it runs in the reading process (`child.py`), which loads these modules only for such a file. Each reader tells
what `pdf.read_pages` tells: the number of pages, each page, what the file says of itself. Start with text.py.
"""
