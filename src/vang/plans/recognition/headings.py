"""What the headings above a paragraph say: the part of the plan, and who has the duties. Pure."""

import re
from dataclasses import dataclass, replace

from vang.library.official.folding import flat, squeezed
from vang.plans.recognition.bodies import Body, is_duty_word
from vang.plans.recognition.duties import Lead, cooperating_in, lead_of
from vang.plans.recognition.marks import POINTS
from vang.plans.recognition.outline import Node
from vang.plans.recognition.parts import Part, part_of
from vang.plans.recognition.rows import Doubt, Manner
from vang.plans.recognition.text import Paragraph

_LONGEST_TITLE = 170
QUIET = frozenset({Part.OBJECTIVE, Part.SITUATION, Part.SCOPE})
_SECTION = re.compile(r"[^.:;]{2,70}(?=:)")


@dataclass(frozen=True)
class Context:
    """What the headings above a paragraph say."""

    part: Part | None = None
    actor: Lead | None = None
    cooperating: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    annex: bool = False


def part_of_annex(title: str) -> Part | None:
    """ "PHỤ LỤC: DANH MỤC NHIỆM VỤ …" """
    folded = flat(title)
    return (
        Part.DUTY if re.search(r"nhiem vu|phan cong|cong viec|tien do|hoat dong", folded) else None
    )


def below(node: Node, paragraph: Paragraph, context: Context) -> Context:
    words = paragraph.words
    path = (*context.path, words[:_LONGEST_TITLE])
    title = words.split(":")[0] if len(words) > _LONGEST_TITLE else words
    part = _part_below(node, title, context)
    below = replace(context, path=path, part=part)
    if part in QUIET or (part != context.part and part == Part.REPORTING):
        return replace(below, actor=None, cooperating=(), doubts=())
    lead = lead_of(paragraph.text, paragraph.words_at)
    if lead is not None and not (part == Part.MONEY and not lead.heading):
        rest = paragraph.text[lead.rest :]
        return replace(below, actor=lead, cooperating=cooperating_in(rest), doubts=())
    if part != context.part:
        return replace(below, actor=None, cooperating=(), doubts=())
    if context.part == Part.ORGANISATION and context.actor is None and may_be_actor(node, words):
        return replace(below, actor=_guessed(paragraph), doubts=(Doubt.LEAD_GUESSED,))
    return below


def _part_below(node: Node, title: str, context: Context) -> Part | None:
    told = part_of(title)
    top = not any(True for _above in node.above)
    if told is None or (told == Part.SITUATION and not top):
        return context.part
    if context.actor is not None or context.part in {Part.ORGANISATION, Part.REPORTING}:
        strong = told in {Part.REPORTING, Part.MONEY, Part.TIME} and part_of(title, alone=True)
        own = told == Part.ORGANISATION or strong
        return told if own and context.actor is None else context.part
    if context.part in {Part.OBJECTIVE, Part.MONEY} and told in {
        Part.DUTY,
        Part.CONTENT,
        Part.SOLUTION,
    }:
        return context.part if not top else told
    if context.part is not None and not top and told in {Part.CONTENT, Part.OBJECTIVE, Part.SCOPE}:
        return (
            told
            if context.part in {Part.CONTENT, Part.OBJECTIVE, Part.SITUATION}
            or told == Part.OBJECTIVE
            else context.part
        )
    return told


def may_be_actor(node: Node, words: str) -> bool:
    """An unknown body: a short heading that begins with no deed and has no bodies below."""
    point = node.mark is not None and node.mark.family in POINTS and not words.endswith(":")
    if len(words) > 150 or node.mark is None or point:
        return False
    if is_duty_word(words[:1].lower() + words[1:], 0) and not words.endswith(":"):
        return False
    if part_of(words) is not None or re.match(
        r"(?:cong tac|ve|doi voi|nhiem vu|mot so|cac giai)\b", flat(words)
    ):
        return False
    return not any(is_actor(child) for child in node.walk())


def is_actor(node: Node) -> bool:
    if node.paragraph is None or node.paragraph.cells:
        return False
    lead = lead_of(node.paragraph.text, node.paragraph.words_at)
    return lead is not None and (lead.heading or bool(node.children))


def _guessed(paragraph: Paragraph) -> Lead:
    text = paragraph.text
    end = text.find(":") if ":" in text else len(text)
    name = squeezed(text[paragraph.words_at : end]).strip(" .;,")
    return Lead([Body(name, paragraph.words_at, end)], Manner.PLAIN, len(text), heading=True)


def own_part(words: str, node: Node, context: Context) -> Context:
    """ "3. Thời gian thực hiện: từ tháng 01 …" is a part in one paragraph."""
    if context.actor is not None and context.part == Part.ORGANISATION:
        return context
    section = _SECTION.match(words)
    told = part_of(section[0], alone=True) if section else None
    if told in {Part.DUTY, Part.ORGANISATION} or (
        told and node.mark and node.mark.family in POINTS and context.part is not None
    ):
        return context
    return replace(context, part=told, actor=None, doubts=()) if told else context
