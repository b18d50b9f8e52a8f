"""Template databases, so that a run starts with a fresh database within a second.

Two kinds: Odoo's own modules, made once for each Odoo; and that plus the add-on, made
again whenever the add-on's files change.
"""

import hashlib
import os
import secrets
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from dev import database, odoo_log, paths
from dev.console import Problem
from dev.lock import exclusive
from dev.process import run


def _digest(*parts):
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:8]


SCOPE = f"comanage_{_digest(str(paths.STATE))}_"
"""Begins the name of every database of ours. On a server of the user's own it keeps
apart the databases whose filestores lie in different folders."""

BASE = SCOPE + "base_"
WITH_ADDON = SCOPE + "addon_"
COPY = SCOPE + "run_"
UNFINISHED = SCOPE + "unfinished"

KEPT_WITH_ADDON = 12
"""Tests and demo need one each; the others are those of another clone or branch."""


@dataclass(frozen=True)
class Template:
    """What a new database holds.

    :param tuple modules: technical names of Odoo's own modules.
    :param bool demo: with Odoo's demo data.
    :param tuple addons: of ours and of the OCA, installed in one go.
    :param str script: run in Odoo's shell before the add-on is installed.
    """

    modules: tuple
    demo: bool = False
    addons: tuple = (paths.ADDON,)
    script: str = ""


COMPANIES = """
charts = env["account.chart.template"]
# Else Odoo would install more modules for the country.
companies = env["res.company"].with_context(install_mode=True)
for name in ("company", "other_company"):
    company = companies.create(
        {"name": f"Ready: {name}", "country_id": env.ref("base.be").id}
    )
    charts.try_loading("be_comp", company, install_demo=False)
    xml_id = {"module": "__ready__", "name": name}
    record = {"model": company._name, "res_id": company.id}
    env["ir.model.data"].create({**xml_id, **record})
env.cr.commit()
"""
"""Most classes of tests want one or two companies with a chart of accounts, whose
loading takes longer than many a class; so they find them here."""

TESTS = Template(
    modules=(
        *("account", "account_debit_note", "account_edi_ubl_cii"),
        *("l10n_be", "l10n_nl"),
    ),
    script=COMPANIES,
)


@contextmanager
def fresh_copy(environment, template):
    """Yield the name of a new database made from `template`; drop it afterwards.

    The first time, and whenever the add-on changed, the template is made first.
    :raise Problem: Odoo or the add-on cannot be installed, or the log complains.
    """
    name = f"{COPY}{os.getpid()}_{secrets.token_hex(4)}"
    replace(environment, template, name)
    try:
        yield name
    finally:
        database.drop(environment.server, name)


def replace(environment, template, name):
    """Make the database `name` again from `template`; it stays until it is dropped.

    :raise Problem: as in `fresh_copy`.
    """
    # Nobody may drop the template between its being found and its being copied.
    with exclusive("templates"):
        source = _ensure(environment, template)
        database.drop(environment.server, name)
        database.copy(environment.server, source, name)


def drop_all(server):
    """Drop every database that was made here."""
    for name in database.names(server, SCOPE):
        database.drop(server, name)


def _ensure(environment, template):
    """Return the name of the template's database, which is made unless it exists."""
    odoo_bases = f"{BASE}{_digest(environment.odoo.identity)}_"
    parts = (template.modules, template.demo, template.script)
    base = odoo_bases + _digest(*filter(None, parts))
    name = base
    if template.addons:
        name = WITH_ADDON + _digest(base, template.addons, _addons_digest())
    server = environment.server
    _drop_copies_left_behind(server)
    if name in database.names(server, SCOPE):
        return name
    _drop_stale(server, odoo_bases)
    if base not in database.names(server, BASE):
        _make_base(environment, template, base)
    if template.addons:
        _make_with_addons(environment, base, name, template.addons)
    return name


def _make_base(environment, template, name):
    database.create(environment.server, UNFINISHED)
    demo = ["--with-demo"] if template.demo else []
    _install(
        environment,
        f"Installing {', '.join(template.modules)}"
        + (" with demo data" if demo else "")
        + " (about half a minute)",
        template.modules,
        *demo,
    )
    if template.script:
        run(
            "Preparing what the tests start from",
            environment.command(
                f"--database={UNFINISHED}", "--no-http", subcommand="shell"
            ),
            log="prepare.log",
            env=environment.variables(),
            script=template.script,
        )
    database.rename(environment.server, UNFINISHED, name)


def _make_with_addons(environment, base, name, addons):
    database.copy(environment.server, base, UNFINISHED)
    log = _install(environment, f"Installing {', '.join(addons)}", addons)
    complaints = odoo_log.complaints(log.read_text(errors="replace"))
    if complaints:
        raise Problem(
            f"Installing {', '.join(addons)} made Odoo complain; more in {log}:\n"
            + "\n".join(complaints)
        )
    database.rename(environment.server, UNFINISHED, name)


def _install(environment, title, modules, *options):
    """Install modules in the unfinished database; return the path of the log."""
    return run(
        title,
        environment.command(
            f"--database={UNFINISHED}",
            f"--init={','.join(modules)}",
            "--stop-after-init",
            "--no-http",
            *options,
        ),
        log=f"install-{modules[-1]}.log",
        env=environment.variables(),
    )


def _drop_stale(server, odoo_bases):
    """Drop what no run will ask for again, and what an interrupted run left."""
    bases = database.names(server, BASE)
    stale = [name for name in bases if not name.startswith(odoo_bases)]
    stale += database.names(server, WITH_ADDON)[: -KEPT_WITH_ADDON + 1]
    for name in [*stale, UNFINISHED]:
        database.drop(server, name)


def _drop_copies_left_behind(server):
    """Drop the copies whose maker was killed before it could."""
    for name in database.names(server, COPY):
        pid = int(name.removeprefix(COPY).split("_")[0])
        if not psutil.pid_exists(pid):
            database.drop(server, name)


def _addons_digest():
    """Return a digest of our add-ons' files, but for those no installation reads."""
    digest = hashlib.sha256()
    for name in (paths.ADDON, paths.QUEUE_ADDON):
        for path in sorted((paths.ROOT / name).rglob("*")):
            part = path.relative_to(paths.ROOT)
            if path.is_file() and not {"tests", "__pycache__"} & set(part.parts):
                digest.update(f"{part} {path.stat().st_size} ".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
