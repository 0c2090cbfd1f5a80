"""Opening a kept draft for review; what is only sound is heard first."""

from typing import TYPE_CHECKING

from tui.work import Work

if TYPE_CHECKING:
    from dictate.store.types import Dictation
    from tui.app import TerminalApp


def open_draft(app: "TerminalApp", row: "Dictation") -> None:
    """Open a draft; returns at once."""
    from tui.app import DictationMoved  # noqa: PLC0415 - the app imports the screens

    notebook = app.desk.notebook
    if row.state == "recording":
        from tui.screens.dictate import DictateScreen  # noqa: PLC0415 - the same

        dictation = app.desk.new_dictation(
            lambda one: app.tell(DictationMoved(one)), citizen_id=row.citizen_id, identifier=row.id
        )
        if dictation is not None:
            app.later(dictation.recover)

            def shown() -> None:
                citizen = notebook.citizen(row.citizen_id) if row.citizen_id else None
                app.call_from_thread(app.show, DictateScreen(dictation, citizen))

            app.later(shown)
        return

    def job() -> None:
        case = notebook.open(row.id)
        name = notebook.citizen(row.citizen_id).name if row.citizen_id else ""
        work = Work(id=row.id, case=case, notebook=notebook, citizen_id=row.citizen_id, citizen_name=name)
        app.call_from_thread(app.review, work)

    app.later(job)
