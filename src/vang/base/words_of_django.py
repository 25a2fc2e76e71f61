"""Sentences of Django's forms that its own Vietnamese catalogue lacks or misspells.

Marked here so that the catalogue of this room translates them; it stands before Django's.
"""

from django.utils.translation import gettext_noop as _

SENTENCES = (
    _("Null characters are not allowed."),
    _("Enter a complete value."),
    _("Ensure this value is greater than or equal to %(limit_value)s."),
    _("Ensure this value is less than or equal to %(limit_value)s."),
)
