"""One recording from sound to signed bundle, as the demonstration shows it: every step by its real part."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dictate import session
from dictate.audio import read_blocks
from dictate.draft import Drafter
from dictate.entry import Note
from dictate.evaluate import Comparison, compare
from dictate.export.base import Format, Visit
from dictate.export.files import export_notes
from dictate.export.folder import write_all
from dictate.export.visit import make_visit
from dictate.heard import draft_transcript
from dictate.identity import parse_cpr
from dictate.samples import Sample
from dictate.transcriber.base import Transcriber
from dictate.transcript import Transcript

SIGNER = "Demo Demosen (syntetisk)"
"""Nobody: the demonstration signs so that the whole way can be seen."""
ROLE = "Sygeplejerske (demo)"
SYNTHETIC_CPR = "1502409995"
"""A date, and a serial number that nobody has; it fails modulus 11."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one recording."""

    sample: Sample
    transcript: Transcript
    note: Note
    """Signed by the synthetic person."""
    comparison: Comparison | None
    """None where it is not known what was said."""
    bundle: Path


def run(
    sample: Sample,
    *,
    transcriber: Transcriber,
    drafter: Drafter,
    output: Path,
    progress: Callable[[float], None] | None = None,
) -> Outcome:
    """Transcribe, draft, sign and export one recording.

    Args:
        sample: the recording.
        transcriber: the speech model.
        drafter: the terminology.
        output: folder for the bundle.
        progress: called with the seconds of sound that are done.

    Raises:
        DictateError: the recording can't be read, or the bundle not be written.

    """
    transcript = transcriber.transcribe(read_blocks(sample.path), progress=progress)
    draft = draft_transcript(drafter, sample.path.stem, transcript)
    now = datetime.now(UTC).replace(microsecond=0)
    (note,) = session.sign([draft], by=SIGNER, role=ROLE, at=now, accept_all=True)
    exported = export_notes([note], Format.KL_CORE, name=sample.path.stem, at=now, visit=synthetic_visit(now))
    (bundle,) = write_all(output, [bundle for bundle, _ in exported])
    return Outcome(
        sample=sample,
        transcript=transcript,
        note=note,
        comparison=compare(sample.spoken, transcript.text) if sample.spoken is not None else None,
        bundle=bundle,
    )


def synthetic_visit(now: datetime) -> Visit:
    """Return a visit to a citizen who does not exist."""
    return make_visit(
        citizen=parse_cpr(SYNTHETIC_CPR, today=now.date()),
        citizen_name="Syntetisk Testborger",
        author=SIGNER,
        role=ROLE,
        start=now.isoformat(),
    )
