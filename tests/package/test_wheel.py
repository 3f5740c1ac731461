"""The package works where it is installed: with all its data, and with nothing of the repository in reach."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from zipfile import ZipFile

import aiohttp

from tests.page.visitor import ANNA
from tests.stories import program
from tests.stories.program import PARTS, ROOT, Program

# what lies beside the code and is of no use where the package is installed
LEFT_OUT = {"locales/babel.cfg", "models/migrations/script.py.mako", "sandbox/screenshot.png"}
PAPERS = """
import asyncio, locales
from models import paper_sources
from services.documents import docx_templates, sample_order, typst_render
from services.documents.docx_worker import docx_example
printed = typst_render.pdf(paper_sources.come_with_package(), "invoice.typ", sample_order.sample())
known = {"client": "Заказчик"}
checked = asyncio.run(docx_templates.check(docx_example.docx("Договор", known), known, {"client": "Мария"}))
print(printed[:5].decode(), checked.problem, locales.load("en").gettext("Мои задачи"))
"""
WHERE = "import bot, sys; print(bot.__file__); print(*sys.path, sep='\\n')"


def build(folder: Path) -> Path:
    """The wheel, built in a copy of the repository: building leaves files behind."""
    source = program.copy_of_the_program(folder / "source")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip("wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", folder, source)
    return next(folder.glob("*.whl"))


def pip(*words: str | Path) -> None:
    """Run pip without any network."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *map(str, words)]
    done = subprocess.run(command, env=program.environment(PIP_NO_INDEX="1"), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def install(wheel: Path, folder: Path) -> Path:
    """A fresh environment with the package, and with the dependencies of this one; its folder of programs."""
    venv.create(folder, symlinks=True)
    programs, (packages,) = folder / "bin", folder.glob("lib/*/site-packages")
    ours = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    (packages / "dependencies.pth").write_text("\n".join(ours))
    pip("--python", programs / "python", "install", "--no-deps", "--no-compile", wheel)
    return programs


def check_data(wheel: Path) -> None:
    """Whatever lies beside the code in the repository is in the wheel too."""
    files = [path for part in PARTS for path in (ROOT / part).rglob("*") if path.is_file()]
    wanted = {path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts} - LEFT_OUT
    with ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
        told = archive.read(next(name for name in archive.namelist() if name.endswith("/METADATA"))).decode()
    assert packed == wanted
    assert "License-Expression: Apache-2.0" in told and "License-File: LICENSE" in told


async def check_commands(programs: Path, home: Path) -> None:
    """`verstak check` and `verstak graph`, from a folder that has nothing to do with the repository."""
    verstak = [str(programs / "verstak")]
    asked = await program.run(["-c", WHERE], home, [str(programs / "python")])
    place, *paths = asked.out.split()
    assert Path(place).is_relative_to(programs.parent), asked.err
    assert str(ROOT) not in paths
    checked = await program.run(["check"], home, verstak)
    assert (checked.status, checked.err) == (0, ""), checked.err
    assert f"kitchens.yaml: {Path(place).parents[1]}/processes/kitchens.yaml" in checked.out
    drawn = await program.run(["graph", "kitchens"], home, verstak)
    assert drawn.status == 0, drawn.err
    assert drawn.out.startswith("flowchart LR\n")


async def check_papers(programs: Path, home: Path) -> None:
    """A paper is printed, an owner's .docx is tried in its own process, texts are translated."""
    done = await program.run(["-c", PAPERS], home, [str(programs / "python")])
    assert done.out.strip() == "%PDF- None My tasks", done.err


async def check_sandbox(programs: Path, home: Path) -> None:
    """`verstak sandbox`: its page answers, with the people of the demonstration on their phones."""
    running = Program(["sandbox", "--port", "0"], {"DATA_DIR": str(home)}, home, [str(programs / "verstak")])
    await running.start()
    try:
        said = await running.line()
        found = re.search(r"http://\S+", said)
        assert found, (home / "log.txt").read_text("utf-8")
        async with aiohttp.ClientSession(found[0]) as http:
            for path, part in (
                ("/", "<title>"),
                ("/app.js", "import "),
                (f"/sandbox/phones/{ANNA}/messages", "/start"),
            ):
                async with http.get(path) as answer:
                    assert answer.status == 200, path
                    assert part in await answer.text()
    finally:
        status = await running.stop()
    assert status == 0


async def test_the_installed_package_checks_draws_and_plays(tmp_path: Path) -> None:
    """The wheel is built, installed outside of the repository, and does what README says of it."""
    wheel = await asyncio.to_thread(build, tmp_path)
    check_data(wheel)
    programs = await asyncio.to_thread(install, wheel, tmp_path / "venv")
    home = tmp_path / "home"
    home.mkdir()
    await check_commands(programs, home)
    await check_papers(programs, home)
    await check_sandbox(programs, home)
