"""Pages of the CMS that search: searches that found nothing, and the records that a split topic loses."""
