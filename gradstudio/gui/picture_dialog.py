"""Asks what a picture of the graph is to be like: of what, as what, how large, in which colours."""

from __future__ import annotations

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QWidget,
)

from gradstudio.errors import mark
from gradstudio.gui.canvas.plate import LEAST_SCALE, MOST_SCALE, Wish
from gradstudio.gui.theme import DARK, LIGHT, Theme

_FORMATS = {
    "png": mark("PictureDialog", "PNG, pixels"),
    "svg": mark("PictureDialog", "SVG, for the web and for drawing programs"),
    "pdf": mark("PictureDialog", "PDF, for LaTeX and for print"),
    "tikz": mark("PictureDialog", "TikZ, source for LaTeX"),
}


class PictureDialog(QDialog):
    """A form; what was chosen is proposed the next time.

    Args:
        names: the selected nodes; without any the whole graph is meant.
        theme: the colours the window has now.
        parent: the window.
    """

    def __init__(self, names: tuple[str, ...], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._names, self._theme = names, theme
        self.setWindowTitle(self.tr("Export picture"))
        self.of = QComboBox(self)
        self.of.addItem(self.tr("the whole graph"), None)
        if names:
            text = self.tr("the selection ({count} nodes)").format(count=len(names))
            self.of.addItem(text, names)
        self.language = QComboBox(self)
        for language, text in _FORMATS.items():
            self.language.addItem(self.tr(text), language)
        self.scale = QDoubleSpinBox(self)
        self.scale.setRange(LEAST_SCALE, MOST_SCALE)
        self.scale.setSingleStep(0.5)
        self.scale.setDecimals(1)
        self.scale.setSuffix(" ×")
        self.colours = QComboBox(self)
        self.colours.addItem(self.tr("as on the screen"), None)
        self.colours.addItem(self.tr("light"), LIGHT)
        self.colours.addItem(self.tr("dark"), DARK)
        self.transparent = QCheckBox(self.tr("transparent background"), self)
        form = QFormLayout(self)
        form.setContentsMargins(20, 18, 20, 14)
        form.setSpacing(10)
        form.addRow(self.tr("Picture of"), self.of)
        form.addRow(self.tr("As"), self.language)
        form.addRow(self.tr("Size of a pixel picture"), self.scale)
        form.addRow(self.tr("Colours"), self.colours)
        form.addRow("", self.transparent)
        ok, cancel = QDialogButtonBox.StandardButton.Ok, QDialogButtonBox.StandardButton.Cancel
        self.buttons = QDialogButtonBox(ok | cancel, self)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        form.addRow(self.buttons)
        self.language.currentIndexChanged.connect(self._offer)
        self._propose()

    @classmethod
    def ask(cls, names: tuple[str, ...], theme: Theme, parent: QWidget) -> tuple[str, Wish] | None:
        """Return the kind of file and what the picture is to be like; None if it is not wanted."""
        dialog = cls(names, theme, parent)
        wanted = dialog.exec() == QDialog.DialogCode.Accepted
        answer = dialog.answer() if wanted else None
        dialog.deleteLater()
        return answer

    def answer(self) -> tuple[str, Wish]:
        """Return what is chosen now, and remember it."""
        settings = QSettings()
        language = str(self.language.currentData())
        settings.setValue("picture/format", language)
        settings.setValue("picture/scale", self.scale.value())
        settings.setValue("picture/colours", self.colours.currentIndex())
        settings.setValue("picture/transparent", self.transparent.isChecked())
        return language, Wish(
            theme=self.colours.currentData() or self._theme,
            scale=self.scale.value(),
            transparent=self.transparent.isChecked(),
            names=self.of.currentData(),
        )

    def _propose(self) -> None:
        settings = QSettings()
        self.of.setCurrentIndex(self.of.count() - 1)
        known = self.language.findData(settings.value("picture/format", "png", str))
        self.language.setCurrentIndex(max(0, known))
        self.scale.setValue(_number(settings, "picture/scale", 2.0))
        colours = round(_number(settings, "picture/colours", 0.0))
        self.colours.setCurrentIndex(min(max(colours, 0), self.colours.count() - 1))
        self.transparent.setChecked(bool(settings.value("picture/transparent", False, bool)))
        self._offer()

    def _offer(self) -> None:
        """Offer only what the kind of file has."""
        language = self.language.currentData()
        self.scale.setEnabled(language == "png")
        self.colours.setEnabled(language != "tikz")
        self.transparent.setEnabled(language != "tikz")


def _number(settings: QSettings, key: str, default: float) -> float:
    """Return a number from the settings, which a person may have edited."""
    try:
        return float(str(settings.value(key, default)))
    except ValueError:
        return default
