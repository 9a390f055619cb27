"""The project's sessions: `nox --list` shows them; everything after `--` goes to the command."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import nox

if TYPE_CHECKING:
    from collections.abc import Sequence

nox.needs_version = ">=2026.4"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.sessions = [
    *(
        "conformance",
        "tests",
        "lint",
        "typing",
        "layers",
        "openapi",
        "actions",
        "reports",
        "clients",
        "build",
    ),
]

HERE = Path(__file__).parent
LOCK = HERE / "requirements.lock"
LINT = HERE / "openapi" / "lint"
BROWSER = HERE / "tests" / "browser"
RENDERER = HERE / "conformance" / "sandbox" / "pages" / "third_party" / "scalar.json"
CLIENTS = HERE / "tests" / "clients"
ACTION, WORKFLOWS = HERE / "action.yml", HERE / "docs" / "ci"
CONTAINER = HERE / "docs" / "container" / "Containerfile"
PACKED = (
    "openapi/pluralkit-v2.yaml",
    "openapi/overlays/2021-11.yaml",
    "openapi/requirements/reference.yaml",
    "conformance/reporting/pages/layout.html.j2",
    "conformance/reporting/pages/style.css",
    "conformance/reporting/pages/tables.css",
    "conformance/reporting/report.schema.json",
    "conformance/target/target.schema.json",
    "conformance/run/known_failures.schema.json",
    "conformance/run/pytest.ini",
    "conformance/sandbox/control/routes.yaml",
    "conformance/sandbox/export.schema.json",
    "conformance/sandbox/pages/files/home.html.j2",
    "conformance/sandbox/pages/files/docs.html",
    "conformance/sandbox/pages/files/docs.css",
    "conformance/sandbox/pages/files/home.js",
    "conformance/sandbox/pages/files/icon.svg",
    "conformance/sandbox/pages/third_party/scalar.js",
    "conformance/sandbox/pages/third_party/LICENSE.txt",
    "conformance/watch/habits.yaml",
)


def install(session: nox.Session) -> None:
    """Install what the lock says, and the project itself."""
    session.install("--require-hashes", "--no-deps", "-r", str(LOCK))
    session.install("--no-deps", "--no-build-isolation", "-e", ".")


@nox.session
def conformance(session: nox.Session) -> None:
    """Check a server, or the embedded reference server: `nox -s conformance -- --base-url URL`."""
    install(session)
    words, tokens = _take_tokens(session.posargs)
    # Not session.run: nox would print the tokens of a command that fails, and turn its exit code into 1.
    command = [str(Path(session.bin) / "python"), "-m", "conformance", "run", *words]
    code = subprocess.run(command, env={**os.environ, **tokens}, check=False).returncode  # noqa: S603
    if code:
        raise SystemExit(code)


@nox.session(default=False)
def serve(session: nox.Session) -> None:
    """Serve the reference server: `nox -s serve -- --port 8000`."""
    install(session)
    session.run("python", "-m", "conformance", "serve", *session.posargs)


@nox.session(default=False)
def sandbox(session: nox.Session) -> None:
    """Serve the sandbox for authors of clients: `nox -s sandbox -- --port 8000`."""
    install(session)
    session.run("python", "-m", "conformance", "sandbox", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Test the project itself, with coverage; `-- --all` adds the long tests (`--part 1/4`: some of them), other words go to pytest."""
    install(session)
    words = list(session.posargs)
    if words and words[0] != "--all":
        session.run("pytest", *words)
        return
    for stale in HERE.glob(".coverage*"):
        stale.unlink()
    # A worker that is done takes over what another has still before it.
    on_every_core = ["-n", str(os.cpu_count() or 1), "--dist", "worksteal", "--durations", "10"]
    session.run("coverage", "run", "-m", "pytest", "-m", "not long", *on_every_core)
    session.run("coverage", "combine", "--quiet")
    session.run("coverage", "report")
    if words:
        session.run("pytest", "-m", "long", *on_every_core, *words[1:])


@nox.session(default=False)
def faults(session: nox.Session) -> None:
    """Try every fault of the reference server: `nox -s faults -- --part 1/6`."""
    install(session)
    session.run("python", "-m", "conformance.mutation", "faults", *session.posargs)


@nox.session(name="trivial-servers", default=False)
def trivial_servers(session: nox.Session) -> None:
    """Check servers that are no API at all: nothing may pass."""
    install(session)
    session.run("python", "-m", "conformance.mutation", "trivial-servers", *session.posargs)


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Compare the suite with `schemathesis run` on the same faults."""
    install(session)
    session.run("python", "-m", "conformance.mutation", "peer", *session.posargs)


@nox.session(default=False)
def site(session: nox.Session) -> None:
    """Build an index of published runs, and of example runs, in reports/site: `nox -s site -- DIR --into DIR`."""
    install(session)
    session.run("python", "-m", "conformance", "site", "--examples", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and format, and the container file."""
    install(session)
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    if sys.platform != "win32":  # for which there is no hadolint
        session.run("hadolint", str(CONTAINER))


@nox.session
def typing(session: nox.Session) -> None:
    """Check types."""
    install(session)
    session.run("mypy")


@nox.session
def layers(session: nox.Session) -> None:
    """Check that imports follow the arrows of the design."""
    install(session)
    session.run("lint-imports")


@nox.session
def openapi(session: nox.Session) -> None:
    """Lint the document of every revision, and generate clients from it. Needs Node.js with npm."""
    install(session)
    _install_npm_tools(session, LINT)
    for file in [_write_document(session, *words) for words in _revision_options()]:
        session.run("openapi-spec-validator", file)
        _npx(session, "redocly", "lint", "--extends", "recommended-strict", file)
        _npx(
            session,
            "spectral",
            "lint",
            "--ruleset",
            "spectral.yaml",
            "--fail-severity",
            "hint",
            file,
        )
        _npx(session, "openapi-typescript", file, "--output", f"{file}.d.ts")
        _npx(session, "tsc", "--noEmit", "--strict", f"{file}.d.ts")
    session.chdir(HERE)
    session.run("python", "-m", "pytest", "tests/openapi/python_client.py")


@nox.session
def actions(session: nox.Session) -> None:
    """Lint the GitHub action, and the example of a workflow. Needs Node.js with npm."""
    install(session)
    workflow = str(WORKFLOWS / "github.yml")
    session.run("zizmor", "--offline", "--persona", "pedantic", str(ACTION), workflow)
    _install_npm_tools(session, WORKFLOWS / "lint")
    session.run("node", "workflows.mjs", workflow, external=True)


@nox.session
def reports(session: nox.Session) -> None:
    """Open the reports of real runs in a browser. Needs Chromium, and Node.js with npm."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        session.skip("no chromium on this machine: apt-get install chromium")
    install(session)
    _install_npm_tools(session, BROWSER)
    axe = Path.cwd() / "node_modules" / "axe-core" / "axe.min.js"
    renderer = _pack(session, RENDERER)
    session.chdir(HERE)
    tests_of_pages = sorted(str(path) for path in BROWSER.glob("*_page.py"))
    words = session.posargs or tests_of_pages
    on_every_core = ("-n", str(os.cpu_count() or 1))
    browser = {"CHROMIUM": chromium, "AXE_CORE": str(axe), "RENDERER": str(renderer)}
    session.run("pytest", "-raP", *on_every_core, *words, env=browser)


@nox.session
def clients(session: nox.Session) -> None:
    """Drive published clients against the reference server. Needs Node.js with npm, and Go, for those in these languages."""
    install(session)
    installed = _install_clients(session)
    session.chdir(HERE)
    words = session.posargs or sorted(str(path) for path in CLIENTS.glob("*_clients.py"))
    on_every_core = ("-n", str(os.cpu_count() or 1))
    session.run("pytest", *on_every_core, *words, env={"CLIENTS": str(installed)})


@nox.session
def build(session: nox.Session) -> None:
    """Build wheel and sdist, look into them, and run the main job from the installed wheel."""
    install(session)
    out = Path(session.create_tmp()).resolve() / "dist"
    session.run("python", "-m", "build", "--no-isolation", "--outdir", str(out), str(HERE))
    wheel, sdist = next(out.glob("*.whl")), next(out.glob("*.tar.gz"))
    _look_into(session, set(zipfile.ZipFile(wheel).namelist()), wheel.name)
    with tarfile.open(sdist) as archive:
        _look_into(session, set(archive.getnames()), sdist.name)
    empty = Path(session.create_tmp()).resolve() / "empty"
    session.run("python", "-m", "venv", "--clear", str(empty))
    python = str(empty / "bin" / "python")
    runtime = ("-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "-r", str(LOCK))
    session.run(python, *runtime, external=True)
    session.run(python, "-m", "pip", "install", "--quiet", "--no-deps", str(wheel), external=True)
    session.chdir(empty)
    session.run(python, "-m", "conformance", "run", *session.posargs, external=True)


def _revision_options() -> list[list[str]]:
    """Options of `spec` for each revision: none for the newest, then one for each overlay."""
    overlays = sorted((HERE / "openapi" / "overlays").glob("*.yaml"))
    return [[], *(["--revision", overlay.stem] for overlay in overlays)]


def _write_document(session: nox.Session, *options: str) -> str:
    """Write the document of one revision into the working directory; return the file's name."""
    name = f"{options[-1] if options else 'newest'}.yaml"
    with Path(name).open("w", encoding="utf-8") as file:
        session.run("python", "-m", "conformance", "spec", *options, stdout=file)
    return name


def _install_npm_tools(session: nox.Session, lint: Path) -> None:
    """Copy a folder of tools out of the tree, install what its lock says, and go there."""
    folder = Path(session.create_tmp()).resolve() / "lint"
    shutil.rmtree(folder, ignore_errors=True)
    session.chdir(shutil.copytree(lint, folder))
    session.run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", external=True)


def _pack(session: nox.Session, lock: Path) -> Path:
    """Fetch the package that a lock of ours names, without what it depends on; return the archive."""
    named = json.loads(lock.read_text("utf-8"))
    session.run("npm", "pack", "--silent", f"{named['package']}@{named['version']}", external=True)
    return next(Path.cwd().glob("*.tgz"))


def _install_clients(session: nox.Session) -> Path:
    """Install each client for which this machine has a runtime in a folder of its own; return the folder that has them all."""
    there = Path(session.create_tmp()).resolve() / "clients"
    shutil.rmtree(there, ignore_errors=True)
    shutil.copytree(CLIENTS, there, ignore=shutil.ignore_patterns("node_modules"))
    environment = there / "python" / "environment"
    session.run("python", "-m", "venv", str(environment))
    words = ("install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--no-deps")
    lock = str(there / "python" / "requirements.lock")
    session.run(str(environment / "bin" / "pip"), *words, "-r", lock, external=True)
    for package in sorted(there.glob("*/package.json")) if shutil.which("npm") else ():
        session.chdir(package.parent)
        session.run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", external=True)
    for module in sorted(there.glob("*/go.mod")) if shutil.which("go") else ():
        session.chdir(module.parent)
        session.run("go", "build", "-o", "driver", ".", external=True)
    return there


def _npx(session: nox.Session, *words: str) -> None:
    """Run a tool that npm installed, and nothing that npm would have to fetch first."""
    quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    session.run("npx", "--no", "--", *words, external=True, env=quiet)


def _look_into(session: nox.Session, names: set[str], archive: str) -> None:
    missing = [path for path in PACKED if not any(name.endswith(path) for name in names)]
    if missing:
        session.error(f"{archive} lacks {', '.join(missing)}")


def _take_tokens(posargs: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Part the words of a command from the tokens among them, which travel in the environment."""
    variables = {"--token": "PK_TOKEN", "--other-token": "PK_OTHER_TOKEN"}
    words, tokens = [], {}
    rest = iter(posargs)
    for word in rest:
        option, equals, value = word.partition("=")
        if option in variables:
            tokens[variables[option]] = value if equals else next(rest, "")
        else:
            words.append(word)
    return words, tokens
