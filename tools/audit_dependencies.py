"""Look the pinned packages up among known vulnerabilities, and say honestly how many could be looked up.

    python tools/audit_dependencies.py requirements/run.txt

Exit code 1 if a package is known to be vulnerable. Without a network, or behind one that does not answer
these questions, nothing can be said: that is told, and is no failure.
"""

import json
import subprocess
import sys
from pathlib import Path

TIMEOUT_S = 300


def main() -> None:
    """Audit the requirements files named."""
    broken = False
    for name in sys.argv[1:]:
        found = audit(Path(name))
        audited = [each for each in found if "vulns" in each]
        vulnerable = [each for each in audited if each["vulns"]]
        for each in vulnerable:
            ids = ", ".join(vulnerability["id"] for vulnerability in each["vulns"])
            print(f"{each['name']} {each['version']}: {ids}")
        if audited:
            print(f"{name}: {len(audited)} of {len(found)} packages looked up, {len(vulnerable)} vulnerable.")
        else:
            print(f"{name}: NOT AUDITED, nobody could be asked. Run it again with a network.")
        broken = broken or bool(vulnerable)
    sys.exit(broken)


def audit(requirements: Path) -> list[dict[str, object]]:
    """Return what pip-audit says of each package; nothing if it can't ask."""
    program = Path(sys.executable).parent / "pip-audit"
    options = ("--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json")
    try:
        done = subprocess.run(
            [program, *options, "--requirement", requirements],
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        return list(json.loads(done.stdout)["dependencies"])
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return []


if __name__ == "__main__":
    main()
