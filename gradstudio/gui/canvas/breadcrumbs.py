"""The way back out of a frame: the file, the frames around, and the one whose inside is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

LONGEST_CRUMB = 24
PLACE_PX = 12


class Breadcrumbs(QFrame):
    """The bar at the top of one canvas while the inside of a frame is shown."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._said: tuple[str, ...] = ()
        self.setProperty("box", "card")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(6, 3, 6, 3)
        self._row.setSpacing(2)
        self.hide()
        canvas.document.state_changed.connect(self.refresh)

    def refresh(self) -> None:
        """Say where the canvas is; go away where it shows everything."""
        canvas = self._canvas
        self.setAccessibleName(self.tr("Where the canvas is"))
        if canvas.inside is None:
            self.hide()
            return
        frames = canvas.document.graph.annotations.frames
        path = canvas.document.graph.annotations.path(canvas.inside)
        said = (canvas.document.title, *(frames[one].title for one in path))
        if said != self._said or not self.isVisible():
            self._said = said
            # Children of a bar in sight would count in its size only later.
            self.hide()
            self._fill(said, (None, *path))
        self.adjustSize()
        self.move(PLACE_PX, PLACE_PX)
        self.show()
        self.raise_()

    def _fill(self, said: tuple[str, ...], path: tuple[str | None, ...]) -> None:
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for at, (text, frame) in enumerate(zip(said, path, strict=True)):
            if at:
                arrow = QLabel("›", self)
                arrow.setContentsMargins(3, 0, 3, 0)
                arrow.setProperty("role", "muted")
                self._row.addWidget(arrow)
            short = text if len(text) <= LONGEST_CRUMB else text[: LONGEST_CRUMB - 1] + "…"
            if at == len(path) - 1:
                here = QLabel(short or "–", self)
                here.setTextFormat(Qt.TextFormat.PlainText)
                here.setProperty("role", "title")
                self._row.addWidget(here)
                break
            crumb = QToolButton(self)
            crumb.setText((short or "–").replace("&", "&&"))
            crumb.setProperty("flat", True)
            crumb.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            crumb.clicked.connect(lambda _=False, frame=frame: self._canvas.levels.go_into(frame))
            self._row.addWidget(crumb)
