"""From a folder of files to a release in use: versions, checksums, changelog, signature, refusals."""

import shutil
import sys
from datetime import date
from pathlib import Path

import pytest

from terminology.errors import TerminologyError
from terminology.maintain.install import check, install, uninstall
from terminology.maintain.publish import CHANGELOG, publish
from terminology.maintain.versions import is_older
from terminology.manifest import NAME, read_manifest
from terminology.places import releases_folder, trusted_keys_folder
from terminology.release import active, read, shipped

TODAY = date(2027, 1, 2)
SMERTER = "spoken/helbredstilstand/problemer_med_smerter.txt"
TREE = "fsiii/opfoelgning.tsv"


@pytest.fixture
def published(folder: Path) -> Path:
    """Give a published release without signature."""
    publish(folder, version="2027.1", today=TODAY)
    return folder


def put(path: Path, old: str, new: str) -> None:
    """Replace text in a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def test_publishing_pins_every_file(published: Path) -> None:
    """Code files and vocabulary, with their checksums; reading it back gives the same manifest."""
    manifest = read_manifest(published)
    assert manifest.version == "2027.1"
    assert SMERTER in manifest.vocabulary
    assert "slots/ondt.txt" in manifest.vocabulary
    assert check(published, ()).manifest == manifest


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2026.12", "2027.1"),
        ("2027.9", "2027.10"),
        ("1.0", "1.0.1"),
        ("1.0.0-rc1", "1.0.0"),
        ("0.1.0", "2026.1"),
    ],
)
def test_versions_are_ordered(one: str, other: str) -> None:
    """Numbers by value; a candidate before its release; nothing is older than itself."""
    assert is_older(one, other)
    assert not is_older(other, one)
    assert not is_older(one, one)


def test_an_older_version_is_refused(published: Path) -> None:
    """A release does not go back."""
    before = (published / NAME).read_bytes()
    with pytest.raises(TerminologyError, match=r"older than 2027.1"):
        publish(published, version="2026.12", today=TODAY)
    assert (published / NAME).read_bytes() == before


def test_a_release_with_errors_is_not_published(folder: Path) -> None:
    """A line that can't be read, with its place."""
    put(folder / SMERTER, "jamrer sig", "(jamrer sig")
    with pytest.raises(TerminologyError, match=r"problemer_med_smerter.txt:7: "):
        publish(folder, version="2027.1", today=TODAY)
    assert read_manifest(folder).version == "0.1.0"


def test_the_changelog_names_what_changed(published: Path, tmp_path: Path) -> None:
    """Concepts by name, wordings by number; the newest section on top."""
    newer = tmp_path / "newer"
    shutil.copytree(published, newer)
    put(newer / TREE, "Fortsættes", "Fortsætter")
    put(newer / SMERTER, "jamrer sig\n", "jamrer sig\nsviger\nnapper\n")
    publish(newer, version="2027.2", since=published, today=TODAY)
    publish(newer, version="2027.3", since=newer, today=TODAY)
    lines = (newer / CHANGELOG).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("## ")] == [
        "## 2027.3 - 2027-01-02",
        "## 2027.2 - 2027-01-02",
    ]
    assert "Nothing changed." in lines
    assert "- Problemer med smerter: 2 added" in lines
    assert any('"Fortsættes" > "Fortsætter"' in line for line in lines)


def test_an_installed_release_is_in_use_until_it_is_taken_back(published: Path) -> None:
    """The program reads it from a copy of its own."""
    put(published / SMERTER, "# pain and where\n", "# smerter\n")
    publish(published, version="2027.2", today=TODAY)
    install(published, ())
    assert read(active()).version == "2027.2"
    shutil.rmtree(published)
    assert read(active()).version == "2027.2"
    uninstall()
    assert active() == shipped()


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        (TREE, "Fortsættes", "Fortsætter", r"opfoelgning.tsv is not the file"),
        (TREE, "9c90b0e5-9c0a", "9c90b0e5", r"opfoelgning.tsv, line 3: the code"),
        (TREE, "0\tcurrent", "0", r"opfoelgning.tsv, line 2: 9 columns"),
        (
            TREE,
            "ad78224f-b339-462c-9f2c-90b3120605cb\tE\t\t",
            "ad78224f-b339-462c-9f2c-90b3120605cb\tE\t9c90b0e5-9c0a-4b72-a18c-76cd6d6c6213\t",
            r"opfoelgning.tsv, line 2: .*circular",
        ),
        (SMERTER, "jamrer sig", "jamrer", r"problemer_med_smerter.txt is not the file"),
        (NAME, "format = 1", "format = 2", "has format 2, this program reads 1"),
        (NAME, 'version = "2027.1"', 'version = "../../evil"', "is not a version"),
        (NAME, "urn:oid:1.2.208.176.2.21", "urn:oid:1.2.3", "names no source"),
        (NAME, "format = 1", "format = = 1", "is damaged"),
        (NAME, 'version = "2027.1"', 'version = "0.0.9"', "older than 0.1.0"),
    ],
)
def test_a_damaged_foreign_older_or_circular_release_is_refused(
    published: Path, *, file: str, old: str, new: str, reason: str
) -> None:
    """With file, line and reason; the one in use stays, and nothing is left behind."""
    put(published / file, old, new)
    with pytest.raises(TerminologyError, match=reason):
        install(published, ())
    assert active() == shipped()
    left = list(releases_folder().iterdir()) if releases_folder().exists() else []
    assert left == []


def test_a_file_that_nobody_published_is_refused(published: Path) -> None:
    """An additional vocabulary file, an additional code file, a missing one."""
    extra = published / "spoken" / "helbredstilstand" / "ekstra.txt"
    extra.write_text("x", encoding="utf-8")
    with pytest.raises(TerminologyError, match=r"ekstra.txt is not in manifest.toml"):
        install(published, ())
    extra.unlink()
    (published / SMERTER).unlink()
    with pytest.raises(TerminologyError, match=r"smerter.txt is in manifest.toml but missing"):
        install(published, ())


def test_a_release_that_was_not_published_is_refused(folder: Path) -> None:
    """Without checksums of the vocabulary nobody knows what it should be."""
    with pytest.raises(TerminologyError, match="was not published"):
        install(folder, ())


def test_an_older_release_needs_a_word(published: Path, tmp_path: Path) -> None:
    """And the newer one stays in use without it."""
    newer = tmp_path / "newer"
    shutil.copytree(published, newer)
    publish(newer, version="2027.2", today=TODAY)
    install(newer, ())
    with pytest.raises(TerminologyError, match=r"older than 2027.2"):
        install(published, ())
    assert read(active()).version == "2027.2"
    install(published, (), allow_older=True)
    assert read(active()).version == "2027.1"


def test_a_broken_copy_is_replaced(published: Path) -> None:
    """Installing again mends an installed release that was damaged on the disk."""
    install(published, ())
    target = Path(str(active()))
    put(target / TREE, "Fortsættes", "Fortsætter")
    with pytest.raises(TerminologyError, match="is not the file"):
        read(active())
    install(published, ())
    assert read(active()).version == "2027.1"


@pytest.mark.parametrize("content", ["nowhere\n", "../x\n", "", "a/b\n"])
def test_a_lost_release_says_how_to_go_back(content: str) -> None:
    """A pointer to nothing, or out of the folder, is refused."""
    releases_folder().mkdir(parents=True)
    (releases_folder() / "current").write_text(content, encoding="utf-8")
    with pytest.raises(TerminologyError, match="install --shipped"):
        active()


def test_a_disk_that_takes_nothing_leaves_the_release_in_use(published: Path) -> None:
    """A file where the folder should be is one sentence."""
    releases_folder().parent.mkdir(parents=True, exist_ok=True)
    releases_folder().write_text("x", encoding="utf-8")
    with pytest.raises(TerminologyError, match="Cannot install into"):
        install(published, ())
    assert active() == shipped()


class TestSigned:
    """Releases signed with a key."""

    @pytest.fixture(autouse=True)
    def _keys(self, tmp_path: Path) -> None:
        pytest.importorskip("cryptography")
        from terminology.maintain.signing import make_keys  # noqa: PLC0415 - after the check above

        self.key = tmp_path / "publisher.pem"
        self.public = tmp_path / "publisher.pub.pem"
        self.fingerprint = make_keys(self.key)

    def test_a_key_is_secret_and_made_once(self) -> None:
        """Only its owner reads it, and it is never overwritten."""
        from terminology.maintain.signing import make_keys  # noqa: PLC0415 - needs cryptography

        if sys.platform != "win32":
            assert self.key.stat().st_mode & 0o077 == 0
        with pytest.raises(TerminologyError, match="exists already"):
            make_keys(self.key)

    def test_a_signed_release_is_installed_with_the_right_key(self, folder: Path) -> None:
        """The fingerprint says who signed; a trusted key in its folder is enough."""
        from terminology.maintain.signing import trusted_keys  # noqa: PLC0415 - needs cryptography

        made = publish(folder, version="2027.1", key=self.key, today=TODAY)
        assert made.signed_by == self.fingerprint
        trusted_keys_folder().mkdir(parents=True)
        shutil.copy(self.public, trusted_keys_folder() / "kl.pem")
        assert install(folder, trusted_keys()).signed_by == self.fingerprint

    def test_an_unsigned_or_foreign_release_is_refused(self, folder: Path, tmp_path: Path) -> None:
        """Where the site trusts a key, nothing else is installed."""
        from terminology.maintain.signing import make_keys  # noqa: PLC0415 - needs cryptography

        publish(folder, version="2027.1", today=TODAY)
        with pytest.raises(TerminologyError, match="is not signed"):
            install(folder, (self.public,))
        make_keys(tmp_path / "other.pem")
        publish(folder, version="2027.1", key=tmp_path / "other.pem", today=TODAY)
        with pytest.raises(TerminologyError, match="not a trusted one"):
            install(folder, (self.public,))
        assert active() == shipped()

    def test_a_manifest_changed_after_signing_is_refused(self, folder: Path) -> None:
        """Even one letter of it, although every checksum in it still fits."""
        publish(folder, version="2027.1", key=self.key, today=TODAY)
        put(folder / NAME, 'version = "2027.1"', 'version = "2027.2"')
        with pytest.raises(TerminologyError, match="is not what the key"):
            install(folder, (self.public,))

    @pytest.mark.parametrize("content", ["", "x", "ed25519 a b c", "rsa abc AAAA", "ed25519 abc !!!!"])
    def test_a_damaged_signature_is_refused(self, folder: Path, content: str) -> None:
        """Whatever stands in the file."""
        publish(folder, version="2027.1", key=self.key, today=TODAY)
        (folder / f"{NAME}.sig").write_text(content, encoding="utf-8")
        with pytest.raises(TerminologyError, match=r"manifest.toml.sig"):
            install(folder, (self.public,))

    def test_publishing_without_the_key_removes_the_signature(self, folder: Path) -> None:
        """A signature of something else would only confuse."""
        publish(folder, version="2027.1", key=self.key, today=TODAY)
        publish(folder, version="2027.2", today=TODAY)
        assert not (folder / f"{NAME}.sig").exists()

    @pytest.mark.parametrize(
        "content", [b"", b"x", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
    )
    def test_a_file_that_is_no_key_is_refused(self, folder: Path, tmp_path: Path, content: bytes) -> None:
        """Before anything is written."""
        wrong = tmp_path / "wrong.pem"
        wrong.write_bytes(content)
        with pytest.raises(TerminologyError, match=r"wrong.pem"):
            publish(folder, version="2027.1", key=wrong, today=TODAY)
        assert read_manifest(folder).version == "0.1.0"
        publish(folder, version="2027.1", key=self.key, today=TODAY)
        with pytest.raises(TerminologyError, match=r"wrong.pem"):
            install(folder, (wrong,))
