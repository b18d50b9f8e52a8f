"""A stage for the demo and the end-to-end tests: Odoo, simulator, mail sink."""

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from dev import consent
from dev.rpc import OdooSession
from dev.server import HOST, OdooServer, free_port, odoo_server
from tests.simulator import serve

LOGIN = "admin"
SETTINGS = {
    # The division of the same VAT number is chosen automatically.
    "vat": "BE0477472701",
    "exact_site": "be",
    "exact_client_id": "comanage-demo",
    "exact_client_secret": "comanage-secret",
    # An hour is what one wants at work and not in front of a demo.
    "exact_delay": 0,
    "exact_start_date": f"{date.today().year - 1}-01-01",
}


@dataclass
class Stage:
    """What is running, and the administrator's session at Odoo.

    :param simulator: as `tests.simulator.serve` yields it.
    """

    server: OdooServer
    simulator: object
    odoo: OdooSession

    def connect(self, company, *, user=consent.USER, **settings):
        """Connect a company as an administrator does, then choose the codes.

        :param str user: of Exact; the simulator keeps one consent of each alive.
        :param settings: fields of the company other than `SETTINGS`.
        :raise Problem: with the sentence that Odoo shows.
        """
        odoo = self.odoo
        parameters = "ir.config_parameter"
        odoo.call(parameters, "set_param", "comanage_exact.base_url", self.base_url)
        odoo.call(parameters, "set_param", "web.base.url", odoo.url)
        odoo.write("res.company", company, **{**SETTINGS, **settings})
        button = odoo.call("res.company", "action_exact_connect", [company])
        consent.allow(odoo.http, button["url"], user)
        odoo.write(
            "res.company",
            company,
            exact_journal_id=self.find("journal", "700"),
            exact_gl_account_id=self.find("gl.account", "700000"),
            exact_payment_condition_id=self.find("payment.condition", "30"),
        )

    @property
    def base_url(self):
        return self.simulator.url

    def find(self, code_list, code):
        """Return the id in Odoo of a code of Exact."""
        return self.odoo.find(f"exact.{code_list}", [("code", "=", code)], "id")[0][
            "id"
        ]

    def send(self, invoice):
        """Send an invoice to the customer by the wizard behind the button Send."""
        wizard = self.odoo.call(
            "account.move.send.wizard",
            "create",
            [{"move_id": invoice, "sending_methods": ["email"]}],
            context={"active_model": "account.move", "active_ids": [invoice]},
        )
        self.odoo.call("account.move.send.wizard", "action_send_and_print", wizard)


@contextmanager
def running(environment, database, settings=None, *, ports=(0, 0), cron_threads=1):
    """Yield a Stage on a database that exists already.

    :param dict settings: of the simulator, other than its defaults.
    :param tuple ports: wished for Odoo and for the simulator.
    :param int cron_threads: 0 for crons that run only where a test says so.
    """
    odoo_port, simulator_port = ports
    with ExitStack() as stack:
        simulator = stack.enter_context(
            serve(port=free_port(simulator_port), **(settings or {}))
        )
        sink = Controller(Sink(), hostname=HOST, port=free_port())
        sink.start()
        stack.callback(sink.stop)
        server = stack.enter_context(
            odoo_server(
                environment,
                database,
                f"--smtp={HOST}",
                f"--smtp-port={sink.port}",
                port=free_port(odoo_port),
                cron_threads=cron_threads,
            )
        )
        odoo = OdooSession(server.url, database, LOGIN, LOGIN)
        yield Stage(server, simulator, odoo)
