"""Figures and tables that give way: what does not fit at the foot of a column waits while the text goes on."""

from collections.abc import Sequence

from reportlab.platypus import BaseDocTemplate, Flowable, KeepTogether, Paragraph
from reportlab.platypus.flowables import ListFlowable, _listWrapOn


class Float(KeepTogether):
    """A figure or table with its caption, kept in one piece."""


class FloatingDocTemplate(BaseDocTemplate):
    """A document in which text that follows a float may be set before it, so that no column ends half empty."""

    def handle_flowable(self, flowables: list[Flowable]) -> None:
        """Sets the next flowable; before a float that does not fit, the text that follows it."""
        if isinstance(flowables[0], Float) and not self._fits(flowables[0]):
            start, end = _following_text(flowables)
            moved = flowables[start:end]
            del flowables[start:end]
            flowables[:0] = moved
        super().handle_flowable(flowables)

    def _fits(self, float_: Float) -> bool:
        frame = self.frame
        # KeepTogether gives no height of its own: it asks to be split, whatever the room.
        height = _listWrapOn(float_._content, frame._aW, self.canv)[1]
        return frame._atTop or height <= frame._y - frame._y1p


def _following_text(flowables: Sequence[Flowable]) -> tuple[int, int]:
    """Where the next paragraph or list stands, with the headings right before it; nothing if a break comes first."""
    start = 1
    while start < len(flowables) and isinstance(flowables[start], Float):
        start += 1
    end = start
    while end < len(flowables) and isinstance(flowables[end], Paragraph) and flowables[end].getKeepWithNext():
        end += 1
    if end < len(flowables) and isinstance(flowables[end], (Paragraph, ListFlowable)):
        return start, end + 1
    return start, start
