"""Who writes a MedCom message to whom, and about what: what neither the note nor the visit says."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from dictate.errors import ConfigError
from dictate.export.messages import YDER_FORM, is_gln
from dictate.identity import parse_sor

CATEGORIES: Mapping[str, str] = MappingProxyType(
    {
        "alcohol-and-drug-treatment": "Rusmiddelbehandling",
        "assistive-devices": "Hjælpemidler",
        "carecoordination": "Forløbskoordinering",
        "decease": "Dødsfald",
        "discharge": "Udskrivelse",
        "examination-results": "Undersøgelsessvar",
        "healthcare": "Sundhedspleje",
        "home-care-assessment": "Visitation",
        "medicine": "Medicin",
        "nursing": "Sygepleje",
        "outpatient": "Ambulant",
        "psychiatry-social-disability": "Psykiatri, social, handicap",
        "regarding-referral": "Vedr. henvisning",
        "telemedicine": "Telemedicin",
        "training": "Træning",
        "extended-care-responsibility": "Udvidet behandlingsansvar",
        "other": "Andet",
    }
)
"""MedCom's categories and their Danish names; "acute-ambulant" is none that we may send."""

ROLES: Mapping[str, str] = MappingProxyType(
    {
        "sygeplejerske": "sygeplejerske",
        "hjemmesygeplejerske": "sygeplejerske",
        "akutsygeplejerske": "sygeplejerske",
        "social- og sundhedsassistent": "socialogsundhedsassistent",
        "sosu-assistent": "socialogsundhedsassistent",
        "ssa": "socialogsundhedsassistent",
        "fysioterapeut": "fysioterapeut",
        "ergoterapeut": "ergoterapeut",
        "diætist": "diaetist",
        "plejehjemsassistent": "plejehjemsassistent",
        "sygehjælper": "sygehjaelper",
        "bioanalytiker": "bioanalytiker",
        "farmaceut": "farmaceut",
        "sundhedsplejerske": "sundhedsplejerske",
    }
)
"""Roles as people name them, and MedCom's codes for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """An organisation that exchanges messages."""

    name: str
    sor: str
    ean: str
    """EAN location number (GLN), thirteen digits."""
    provider: str | None = None
    """A GP's provider number (ydernummer), six digits."""
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The message that this one corrects or takes back."""

    message: str
    """Id of its MessageHeader."""
    sent: str
    """When it was sent, as people write it."""
    withdrawn: bool
    """True: it is taken back. False: it is replaced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a message needs beside the note and the visit."""

    sender: Party
    receiver: Party
    category: str = "nursing"
    """One of `CATEGORIES`; CareCommunication only."""
    topic: str | None = None
    """CareCommunication only; must be there where the category is "other"."""
    not_acute: bool = False
    """The sender confirms that the matter isn't acute: MedCom's messages must not carry what is."""
    earlier: Earlier | None = None


def read_addresses(path: Path, receiver: str) -> tuple[Party, Party]:
    """Read the site's address book, TOML: a table `sender`, and a table for each receiver.

    Args:
        path: the file.
        receiver: name of the receiver's table within `receivers`.

    Raises:
        ConfigError: the file can't be read, a number is none, or there is no such receiver.

    """
    try:
        book = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"Cannot read {path}: {error.strerror}. Name an address book.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is no address book in TOML. Mend it.") from error
    receivers = book.get("receivers")
    table = receivers.get(receiver) if isinstance(receivers, dict) else None
    if not isinstance(table, dict):
        raise ConfigError(
            f'{path} has no receiver "{receiver}". Add [receivers.{receiver}], or name another one.'
        )
    sender = book.get("sender")
    if not isinstance(sender, dict):
        raise ConfigError(f"{path} has no [sender]. Add name, sor, ean and phone of your organisation.")
    return _party(sender, f"{path}, sender"), _party(table, f"{path}, receivers.{receiver}")


def make_letter(
    sender: Party,
    receiver: Party,
    *,
    category: str = "nursing",
    topic: str | None = None,
    not_acute: bool = False,
    earlier: Earlier | None = None,
) -> Letter:
    """Return a letter, once it is one that may be sent.

    Raises:
        ConfigError: the matter may be acute, the category is none, or a topic is missing.

    """
    if not not_acute:
        raise ConfigError("MedCom messages must not be acute: confirm with --not-acute, or phone instead.")
    if category not in CATEGORIES:
        raise ConfigError(f'"{category}" is no category. Choose one of {", ".join(CATEGORIES)}.')
    if category == "other" and not (topic and topic.strip()):
        raise ConfigError('The category "other" needs a topic: give --topic.')
    return Letter(
        sender=sender,
        receiver=receiver,
        category=category,
        topic=" ".join(topic.split()) if topic and topic.strip() else None,
        not_acute=not_acute,
        earlier=earlier,
    )


def _party(table: Mapping[str, object], where: str) -> Party:
    values = {key: value.strip() for key, value in table.items() if isinstance(value, str) and value.strip()}
    missing = [key for key in ("name", "sor", "ean") if key not in values]
    if missing:
        raise ConfigError(f"{where}: {', '.join(missing)} is missing or no text in quotes. Add it.")
    if not is_gln(values["ean"]):
        raise ConfigError(f"{where}: ean is no EAN location number of thirteen digits. Type it again.")
    if "provider" in values and not YDER_FORM.fullmatch(values["provider"]):
        raise ConfigError(f"{where}: provider is no provider number of six digits. Type it again.")
    return Party(
        name=values["name"],
        sor=parse_sor(values["sor"]),
        ean=values["ean"],
        provider=values.get("provider"),
        phone=values.get("phone"),
    )
