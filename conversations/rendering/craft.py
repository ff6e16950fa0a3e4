"""What of a text costs more than its parsing, under budgets for the whole of it."""

from conversations.rendering.formulas import Typesetter
from conversations.rendering.highlight import Painter


class Craft:
    """The painter of one text's code and the setter of its formulas."""

    def __init__(self) -> None:
        self.painter = Painter()
        self.typesetter = Typesetter()

    @property
    def spent(self) -> tuple[int, int]:
        """Of the two budgets: what a block's HTML depends on, besides the block."""
        return self.painter.spent, self.typesetter.spent

    @spent.setter
    def spent(self, spent: tuple[int, int]) -> None:
        self.painter.spent, self.typesetter.spent = spent

    def forget(self) -> None:
        """Drop what is kept of code and formulas; the budgets stay spent."""
        self.painter.forget()
        self.typesetter.forget()
