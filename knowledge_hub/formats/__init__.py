"""How dates and times are written where nothing else is said, as in the CMS. Django's own will do for Dutch."""
