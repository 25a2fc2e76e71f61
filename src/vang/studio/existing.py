"""What the studio may have for a bulletin: asked in the query that reads it."""

from collections.abc import Mapping

from django.db.models import Exists, OuterRef

from vang.bulletins.present import Question
from vang.studio.models import Reading
from vang.voice.models import Hearing

QUESTIONS: Mapping[str, Question] = {
    "studio.manner": lambda: Exists(Reading.objects.filter(version=OuterRef("current"))),
    "studio.hearing": lambda: Exists(
        Hearing.objects.filter(rendition=OuterRef("current__rendition"))
    ),
}
