"""What is shipped: the wheel and the sdist, the editable install, the lock, and the tracked files."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
POLICY_FILES = {
    "occupations.yaml",
    "subsidy_rates.yaml",
    "shortage_catalog.yaml",
    "rules.yaml",
    "classification.csv",
}


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command as a user would, untouched by this test run's environment, and give what it printed."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("COV_", "COVERAGE_", "PYTEST_", "PYTHON"))
    }
    environment["PYTHONUTF8"] = "1"
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, f"{command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build(tree: Path, target: str, into: Path) -> Path:
    """Build one target with the installed hatchling, so without a network."""
    run(sys.executable, "-m", "hatchling", "build", "-t", target, "-d", into, cwd=tree)
    (made,) = into.iterdir()
    return made


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, "sdist", tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel built from the unpacked sdist, so both are complete."""
    unpacked = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        archive.extractall(unpacked, filter="data")
    (tree,) = unpacked.iterdir()
    return build(tree, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new environment: `subsidy` comes from the wheel, all else from the one of this run."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    run(
        *(sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check"),
        *("install", "--quiet", "--no-deps", "--no-index", "--no-compile", wheel),
        cwd=folder,
    )
    own = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip())
    ours = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (own / "dependencies.pth").write_text("\n".join(sorted(ours)), encoding="utf-8")
    return python


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so nothing says which files are tracked")
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    paths = [ROOT / name for name in listed.split("\0") if name]
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8", errors="replace")
        for path in paths
        if path.is_file()
    }


class TestWheel:
    """The wheel carries the library, its types and the packaged policy, and nothing else."""

    def test_holds_the_policy_and_the_types(self, wheel: Path) -> None:
        with zipfile.ZipFile(wheel) as archive:
            names = set(archive.namelist())
        assert {f"subsidy/_data/{name}" for name in POLICY_FILES} <= names
        assert "subsidy/py.typed" in names

    def test_policy_is_the_repository_s_byte_for_byte(self, wheel: Path) -> None:
        with zipfile.ZipFile(wheel) as archive:
            for name in POLICY_FILES:
                assert archive.read(f"subsidy/_data/{name}") == (ROOT / "data" / name).read_bytes(), name

    def test_holds_what_conformance_cases_are_made_of(self, wheel: Path) -> None:
        cases = "subsidy/testing/conformance"
        with zipfile.ZipFile(wheel) as archive:
            names = set(archive.namelist())
            for name in ("README.md", "case.schema.json", "decisions.schema.json"):
                assert f"{cases}/{name}" in names
            assert f"{cases}/policies/kongshan/rules.yaml" in names
            assert archive.read(f"{cases}/_shared/forms.yaml") == (ROOT / "tests" / "forms.yaml").read_bytes()
            for name in POLICY_FILES:
                shipped = archive.read(f"{cases}/_shared/yunshan/{name}")
                assert shipped == (ROOT / "tests" / "policies" / "yunshan" / name).read_bytes()

    def test_exports_cases_from_an_empty_folder(self, installed: Path, tmp_path: Path) -> None:
        code = (
            "from subsidy.testing.conformance import default_sources, export_cases;"
            "[print(source.folder) for source in default_sources()];"
            "export_cases('.', default_sources()[2:])"
        )
        folders = run(installed, "-c", code, cwd=tmp_path).splitlines()
        environment = installed.parent.parent.resolve()
        assert all(Path(folder).resolve().is_relative_to(environment) for folder in folders)
        assert (tmp_path / "v1" / "forms.jsonl").stat().st_size > 0

    def test_holds_every_module_and_no_other_folder(self, wheel: Path) -> None:
        with zipfile.ZipFile(wheel) as archive:
            names = {name for name in archive.namelist() if not name.endswith("/")}
        modules = {path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*.py")}
        assert {name for name in names if name.endswith(".py")} == modules
        assert {name.split("/")[0] for name in names} == {
            "subsidy",
            f"subsidy-{project()['version']}.dist-info",
        }

    def test_carries_the_licence(self, wheel: Path) -> None:
        with zipfile.ZipFile(wheel) as archive:
            (licence,) = (name for name in archive.namelist() if name.endswith("/licenses/LICENSE"))
            assert archive.read(licence) == (ROOT / "LICENSE").read_bytes()

    def test_sdist_holds_data_and_tests(self, sdist: Path) -> None:
        with tarfile.open(sdist) as archive:
            names = {name.partition("/")[2] for name in archive.getnames()}
        assert {f"data/{name}" for name in POLICY_FILES} <= names
        assert {"tests/test_packaging.py", "pyproject.toml", "README.md", "LICENSE", "Makefile"} <= names

    def test_quotes_from_an_empty_folder(self, installed: Path, tmp_path: Path) -> None:
        quote = ("quote", "--occupation", "4-04-05-05", "--level", "3", "--on", "2023-09-01", "--json")
        printed = run(installed, "-m", "subsidy", *quote, cwd=tmp_path)
        assert json.loads(printed)["amount"] == "2340.00"
        assert run(installed.with_name("subsidy"), *quote, cwd=tmp_path) == printed

    def test_installed_library_reads_its_own_copy(self, installed: Path, tmp_path: Path) -> None:
        code = (
            "import subsidy; from subsidy.policy.loading import packaged_folder;"
            "print(subsidy.__file__); print(packaged_folder())"
        )
        module, folder = run(installed, "-c", code, cwd=tmp_path).splitlines()
        environment = installed.parent.parent.resolve()
        assert Path(module).resolve().is_relative_to(environment)
        assert Path(folder).resolve() == Path(module).resolve().parent / "_data"


class TestEditable:
    """An editable install reads the repository's data, never a copy that goes stale."""

    def test_library_under_test_is_the_repository_s(self, tmp_path: Path) -> None:
        module = run(sys.executable, "-c", "import subsidy; print(subsidy.__file__)", cwd=tmp_path).strip()
        assert Path(module).resolve() == ROOT / "src" / "subsidy" / "__init__.py"

    def test_reads_the_repository_s_data(self, tmp_path: Path) -> None:
        code = "from subsidy.policy.loading import packaged_folder; print(packaged_folder())"
        assert Path(run(sys.executable, "-c", code, cwd=tmp_path).strip()).resolve() == ROOT / "data"

    def test_version_is_the_project_s(self, tmp_path: Path) -> None:
        code = "import subsidy; print(subsidy.__version__)"
        assert run(sys.executable, "-c", code, cwd=tmp_path).strip() == project()["version"]

    def test_source_tree_holds_no_copy(self) -> None:
        assert not (ROOT / "src" / "subsidy" / "_data").exists()
        assert not (ROOT / "src" / "subsidy" / "testing" / "conformance" / "_shared").exists()


class TestLock:
    """The lock serves what pyproject.toml asks for, by version and hash, and names no address."""

    def test_serves_every_requirement(self) -> None:
        pins = [Requirement(line) for line in pinned()]
        unserved = [asked for asked in required() if not served(Requirement(asked), pins)]
        assert not unserved, f"not served by the lock: {unserved}; run make lock"

    def test_every_pin_has_a_hash(self) -> None:
        entries = re.split(r"\n(?=\S)", lock().strip())
        assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []

    def test_names_no_address(self) -> None:
        assert "://" not in lock()
        assert "--index-url" not in lock()
        assert "--find-links" not in lock()


class TestTrackedFiles:
    """Nothing tracked ties the project to one machine or to one registry."""

    def test_no_machine_path(self, texts: dict[str, str]) -> None:
        roots = "work|root|tmp|home|Users"
        machine = re.compile(rf"(?<![\w./:)}}%*~-])/(?:{roots})(?:/|(?=[\s\"'`,;)]|$))|\b[A-Z]:\\Users\\")
        assert places(machine, texts) == []

    def test_no_registry_address(self, texts: dict[str, str]) -> None:
        hosts = ("pypi" + ".org", "files.python" + "hosted", "npmjs" + ".org", "index" + "-url = ")
        registry = re.compile("|".join(re.escape(host) for host in hosts))
        assert places(registry, texts) == []


def places(pattern: re.Pattern[str], texts: dict[str, str]) -> list[str]:
    """Give file:line of each line where the pattern stands."""
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def project() -> dict[str, Any]:
    table: dict[str, Any] = pyproject()["project"]
    return table


def required() -> list[str]:
    """List everything pyproject.toml asks for: to run, for each extra, to develop and to build."""
    extras = [asked for extra in project()["optional-dependencies"].values() for asked in extra]
    tables = pyproject()
    return [
        *project()["dependencies"],
        *extras,
        *tables["dependency-groups"]["dev"],
        *tables["build-system"]["requires"],
    ]


def served(asked: Requirement, pins: list[Requirement]) -> bool:
    """Tell whether every pin of that name is a version that was asked for, and there is one."""
    if asked.name == project()["name"]:
        return True
    versions = [
        version.version
        for pin in pins
        if canonicalize_name(pin.name) == canonicalize_name(asked.name)
        for version in pin.specifier
    ]
    return bool(versions) and all(asked.specifier.contains(version) for version in versions)


def lock() -> str:
    return (ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8")


def pinned() -> list[str]:
    return [line.rstrip("\\ ") for line in lock().splitlines() if line and not line[0].isspace()]
