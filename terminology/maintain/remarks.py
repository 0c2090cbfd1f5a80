"""What a reviewer should know about a proposed wording before deciding on it."""

from terminology.maintain.samples import samples
from terminology.maintain.trial import Trial
from terminology.maintain.vocabulary_lint import lint_line
from terminology.overlay.base import WordingError, concept_of, lines, read_wording
from terminology.overlay.desk import Desk
from terminology.overlay.load import refuse_clash
from terminology.overlay.wording import Wording


def remarks(desk: Desk, wording: Wording) -> tuple[str, ...]:
    """Return what speaks against a wording, or makes it needless; empty where nothing does."""
    if wording.to_retire:
        return ()
    try:
        concept = read_wording(wording, release=desk.base.release, parser=desk.base.parser)
        said = desk.said(wording, concept_of(desk.base.release, wording.code))
        refuse_clash(said, concept, desk.known())
    except WordingError as error:
        return (str(error),)
    others = [one for one in lines(desk.laid().spoken) if one.line != said.line]
    trial = Trial((*others, said), desk.base.parser.lists)
    row = len(others)
    found = [finding.message for finding in lint_line(trial, row)]
    if all(_known(trial, row, sample) for sample in samples(trial.expression(row))):
        found.append(f'"{wording.text}" is found already by other wordings of "{concept.display}"')
    return tuple(found)


def _known(trial: Trial, row: int, sample: str) -> bool:
    """Tell whether another line of the same concept and section finds all words of a sample."""
    hits = trial.find(sample)
    own = next((hit for hit in hits if hit.row == row), None)
    one = trial.said[row]
    return own is not None and any(
        hit.row != row
        and own.tokens <= hit.tokens
        and (trial.said[hit.row].spoken.code, trial.said[hit.row].section) == (one.spoken.code, one.section)
        for hit in hits
    )
