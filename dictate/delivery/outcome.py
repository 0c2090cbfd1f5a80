"""What an HTTP answer means for a delivery.

Only an answer that is about the content itself ends a delivery for good; whatever a site can mend (a wrong
address, an expired certificate, a server that is down) is tried again.
"""

from collections.abc import Iterator, Mapping
from http import HTTPStatus

from dictate.delivery.parcel import DELIVERED, Answer, Outcome

_REFUSED = frozenset({400, 410, 412, 413, 415, 422})
_DOWN = frozenset({401, 403, 404, 405, 407, 421, 426, 429, 495, 496, 502, 503})
_CONFLICT = 409
_SHOWN = 5
_LONGEST_WAIT = 24 * 3600.0


def answer_to(status: int, headers: Mapping[str, str], body: object) -> Answer:
    """Return the answer for an HTTP status, the headers and the parsed body.

    Of an OperationOutcome only codes and paths are kept: its words may repeat what stands in the note.
    """
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return _transaction(body)
    if status == _CONFLICT:  # our key or our ids are there already, from an attempt whose answer was lost
        return DELIVERED
    why = "; ".join((_name(status), *list(_issues(body))[:_SHOWN]))
    if status in _REFUSED:
        return Answer(outcome=Outcome.REFUSED, why=why)
    outcome = Outcome.DOWN if status in _DOWN or status < HTTPStatus.BAD_REQUEST else Outcome.LATER
    return Answer(outcome=outcome, why=why, wait=_wait(headers))


def _transaction(body: object) -> Answer:
    """Return how a transaction went: a server must do all of it or nothing, and say so for each entry."""
    entries = body.get("entry") if isinstance(body, dict) else None
    if not isinstance(entries, list):
        return DELIVERED
    statuses = [
        str(response.get("status", "200"))
        for entry in entries
        if isinstance(entry, dict) and isinstance(response := entry.get("response"), dict)
    ]
    failed = sorted({status[:3] for status in statuses if not status.startswith("2")} - {"304", "409"})
    if not failed:
        return DELIVERED
    worst = Outcome.LATER if any(status.startswith("5") for status in failed) else Outcome.REFUSED
    return Answer(outcome=worst, why=f"parts of the transaction failed ({', '.join(failed)})")


def _issues(body: object) -> Iterator[str]:
    if not isinstance(body, dict) or body.get("resourceType") != "OperationOutcome":
        return
    issues = body.get("issue")
    for issue in issues if isinstance(issues, list) else ():
        if not isinstance(issue, dict):
            continue
        places = issue.get("expression") or issue.get("location")
        parts = [issue.get("severity"), issue.get("code"), *(places if isinstance(places, list) else ())]
        yield " ".join(part[:80] for part in parts if isinstance(part, str))


def _name(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _wait(headers: Mapping[str, str]) -> float | None:
    asked = headers.get("Retry-After", "").strip()
    return min(float(asked), _LONGEST_WAIT) if asked.isdecimal() else None
