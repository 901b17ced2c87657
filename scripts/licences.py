#!/usr/bin/env python3
"""Licences, bans and sources of everything the build brings in, from deny.toml and lock files.

Reads the parts of cargo-deny's format that deny.toml uses and refuses what it does not know, so a
rule written there is never ignored here. Needs no network. `--self-test` shows that each rule can
fail.
"""

import fnmatch
import json
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CRATES_IO = "registry+https://github.com/rust-lang/crates.io-index"

KNOWN = {
    "": {"graph", "licenses", "bans", "sources"},
    "graph": {"targets"},
    "licenses": {"version", "allow", "exceptions"},
    "bans": {"multiple-versions", "wildcards", "allow-wildcard-paths", "deny"},
    "sources": {"unknown-registry", "unknown-git"},
}


def check_rules(deny):
    """Complaints about rules in deny.toml that this checker would not carry out."""
    for section, known in KNOWN.items():
        for key in (deny.get(section, {}) if section else deny).keys() - known:
            yield f"deny.toml: {section or 'top'}.{key} is not understood by scripts/licences.py"
    wanted = {("bans", "multiple-versions"): "allow", ("bans", "wildcards"): "deny",
              ("sources", "unknown-registry"): "deny", ("sources", "unknown-git"): "deny"}
    for (section, key), value in wanted.items():
        if deny.get(section, {}).get(key) != value:
            yield f"deny.toml: {section}.{key} must be {value!r}"
    for rule in deny.get("bans", {}).get("deny", []):
        if rule.keys() - {"crate", "reason", "deny-multiple-versions"}:
            yield f"deny.toml: the ban of {rule.get('crate')} has a key that is not understood"


def tokens(expression):
    # "MIT/Apache-2.0" is how OR was written before SPDX expressions.
    return re.findall(r"[()]|[^\s()]+", expression.replace("/", " OR "))


def satisfied(expression, allowed):
    """Whether an SPDX expression can be met with the allowed licences alone."""
    rest = tokens(expression)

    def either():
        value = both()
        while rest and rest[0].upper() == "OR":
            rest.pop(0)
            value = both() or value
        return value

    def both():
        value = one()
        while rest and rest[0].upper() == "AND":
            rest.pop(0)
            value = one() and value
        return value

    def one():
        if not rest:
            raise ValueError(f"not an SPDX expression: {expression!r}")
        token = rest.pop(0)
        if token == "(":
            value = either()
            if not rest or rest.pop(0) != ")":
                raise ValueError(f"not an SPDX expression: {expression!r}")
            return value
        if rest and rest[0].upper() == "WITH":
            rest.pop(0)
            token = f"{token} WITH {rest.pop(0)}"
        return token in allowed

    value = either()
    if rest:
        raise ValueError(f"not an SPDX expression: {expression!r}")
    return value


def check_licence(name, expression, allowed):
    if not expression:
        yield f"{name}: names no licence"
        return
    try:
        if not satisfied(expression, allowed):
            yield f"{name}: {expression} is not allowed by deny.toml"
    except (ValueError, IndexError) as error:
        yield f"{name}: {error}"


def check_crates(packages, deny):
    """Complaints about `cargo metadata`'s packages."""
    allowed = set(deny["licenses"]["allow"])
    exceptions = defaultdict(set)
    for exception in deny["licenses"].get("exceptions", []):
        exceptions[exception["crate"]] |= set(exception["allow"])
    versions = defaultdict(set)
    for package in packages:
        name = f"{package['name']} {package['version']}"
        versions[package["name"]].add(package["version"])
        yield from check_licence(name, package["license"], allowed | exceptions[package["name"]])
        if package["source"] is None:
            yield from check_own(package)
        elif package["source"] != CRATES_IO:
            yield f"{name}: comes from {package['source']}, only crates.io is allowed"
    for unused in exceptions.keys() - versions.keys():
        yield f"deny.toml: the exception for {unused} is not needed any more"
    for rule in deny["bans"]["deny"]:
        found = versions.get(rule["crate"], set())
        if len(found) > (1 if rule.get("deny-multiple-versions") else 0):
            yield f"{rule['crate']} {', '.join(sorted(found))}: banned, {rule['reason']}"


def check_own(package):
    for dependency in package["dependencies"]:
        if dependency["req"] == "*" and dependency.get("path") is None:
            yield f"{package['name']}: depends on {dependency['name']} with a wildcard"


def npm_licence(package, lock_entry):
    """The licence a package of the npm lock states, in the lock or in its own manifest."""
    stated = lock_entry.get("license")
    if stated is None:
        manifest = ROOT / "web" / package / "package.json"
        if manifest.exists():
            stated = json.loads(manifest.read_text()).get("license")
    return stated.get("type") if isinstance(stated, dict) else stated


def check_npm(lock, deny, exceptions, clarified, licence_of=npm_licence):
    """Complaints about the packages of an npm lock."""
    allowed = set(deny["licenses"]["allow"])
    for path, entry in lock["packages"].items():
        if not path or entry.get("link"):
            continue
        name = path.split("node_modules/")[-1]
        excepted = {
            rule["licence"]
            for rule in exceptions
            if any(fnmatch.fnmatchcase(name, pattern) for pattern in rule["packages"])
            and (not rule.get("dev") or entry.get("dev"))
        }
        expression = licence_of(path, entry) or clarified.get(name)
        yield from check_licence(f"npm {name} {entry.get('version')}", expression, allowed | excepted)
        if not entry.get("integrity") and not entry.get("inBundle"):
            yield f"npm {name}: the lock has no integrity hash"


def check_exceptions_used(names, exceptions, clarified):
    for patterns in [*(rule["packages"] for rule in exceptions), clarified]:
        for pattern in patterns:
            if not fnmatch.filter(names, pattern):
                yield f"licences.toml: the exception for {pattern} is not needed any more"


def cargo_output(*arguments):
    command = ["cargo", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def cargo_packages(deny):
    """The packages that one of the targets really builds: the lock names more than that."""
    used = set()
    for target in deny["graph"]["targets"]:
        tree = cargo_output("tree", "--locked", "--workspace", "--all-features", "--target", target,
                            "--prefix", "none", "--format", "{p}")
        used |= {tuple(line.split()[:2]) for line in tree.splitlines() if line}
    metadata = json.loads(cargo_output("metadata", "--locked", "--format-version", "1"))
    return [
        package
        for package in metadata["packages"]
        if (package["name"], f"v{package['version']}") in used
    ]


def self_test(deny):
    """Every rule finds its bad sample."""
    for expression, good in {
        "MIT": True, "MIT OR GPL-3.0-only": True, "MIT AND GPL-3.0-only": False, "GPL-3.0-only": False,
        "Apache-2.0 WITH LLVM-exception": True, "GPL-2.0-only WITH Classpath-exception-2.0": False,
        "(MIT OR Apache-2.0) AND Unicode-3.0": True, "MIT AND (GPL-3.0-only OR ISC)": True,
        "MIT/Apache-2.0": True,
    }.items():
        assert satisfied(expression, set(deny["licenses"]["allow"])) == good, expression
    sample = {"name": "x", "version": "1.0.0", "license": "MIT", "source": CRATES_IO, "dependencies": []}
    wild = [{"name": "y", "req": "*"}]
    bad = {
        "licence": [sample | {"license": "GPL-3.0-only"}],
        "no licence": [sample | {"license": None}],
        "source": [sample | {"source": "git+https://example.org/x"}],
        "ban": [sample | {"name": "openssl-sys"}],
        "two versions": [sample | {"name": "hyper"}, sample | {"name": "hyper", "version": "2.0.0"}],
        "wildcard": [sample | {"source": None, "dependencies": wild}],
    }
    plain = deny | {"licenses": deny["licenses"] | {"exceptions": []}}
    assert not list(check_crates([sample], plain))
    for rule, packages in bad.items():
        assert list(check_crates(packages, plain)), rule
    assert list(check_rules(deny | {"advisories": {}}))
    rules = [{"licence": "MPL-2.0", "dev": True, "packages": ["tool"], "reason": "a tool"}]
    entry = {"version": "1.0.0", "license": "MPL-2.0", "integrity": "sha512-x"}
    for path, extra, good in [("tool", {"dev": True}, True), ("tool", {}, False), ("other", {"dev": True}, False)]:
        lock = {"packages": {f"node_modules/{path}": entry | extra}}
        assert good != bool(list(check_npm(lock, plain, rules, {}))), (path, extra)


def main():
    deny = tomllib.loads((ROOT / "deny.toml").read_text())
    rules = tomllib.loads((ROOT / "scripts" / "licences.toml").read_text())
    exceptions = rules["exception"]
    clarified = {rule["package"]: rule["licence"] for rule in rules["clarify"]}
    self_test(deny)
    if "--self-test" in sys.argv:
        return 0
    crates = cargo_packages(deny)
    complaints = [*check_rules(deny), *check_crates(crates, deny)]
    names = []
    for folder in ("web", "web/codegen", "bench/local-model"):
        lock = json.loads((ROOT / folder / "package-lock.json").read_text())
        if folder != "web":  # the whole of it is a tool
            lock["packages"] = {path: entry | {"dev": True} for path, entry in lock["packages"].items()}
        names += [path.split("node_modules/")[-1] for path in lock["packages"] if path]
        complaints += check_npm(lock, deny, exceptions, clarified)
    complaints += check_exceptions_used(names, exceptions, clarified)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    print(f"{len(crates)} crates and {len(names)} npm packages, {len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
