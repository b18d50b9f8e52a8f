"""Talks to Odoo as its web client does: log in, call methods of models."""

import requests

from dev.console import Problem


class OdooSession:
    """A logged-in user of one database.

    :param str url: address of the server, without a slash at the end.
    :param list companies: ids of the companies that are switched on.
    :raise Problem: the log-in is refused.
    """

    def __init__(self, url, database, login, password):
        self.url = url
        self.companies = []
        self.http = requests.Session()
        # Proxies of the user's environment are no way to this machine itself.
        self.http.trust_env = False
        self._post(
            "/web/session/authenticate",
            {"db": database, "login": login, "password": password},
        )

    def call(self, model, method, *args, **kwargs):
        """Call a public method of a model; `args` begin with ids where it has any."""
        context = {"allowed_company_ids": self.companies, **kwargs.pop("context", {})}
        return self._post(
            f"/web/dataset/call_kw/{model}/{method}",
            {
                "model": model,
                "method": method,
                "args": list(args),
                "kwargs": {**kwargs, "context": context},
            },
        )

    def find(self, model, domain, *fields):
        """Return the matching records as dicts of `fields`."""
        return self.call(model, "search_read", domain, list(fields), order="id")

    def create(self, model, **values):
        """Create a record and return its id."""
        return self.call(model, "create", [values])[0]

    def write(self, model, record, **values):
        self.call(model, "write", [record], values)

    def ref(self, module, name):
        """Return the id of the record that a module's data calls `name`."""
        rows = self.find(
            "ir.model.data", [("module", "=", module), ("name", "=", name)], "res_id"
        )
        if not rows:
            raise Problem(f"Odoo has no record {module}.{name}.")
        return rows[0]["res_id"]

    def _post(self, path, params):
        answer = self.http.post(
            self.url + path, json={"jsonrpc": "2.0", "params": params}, timeout=120
        ).json()
        if "error" in answer:
            details = answer["error"].get("data", {})
            raise Problem(f"Odoo refuses {path}: {details.get('message', answer)}")
        # Odoo leaves it out where a method returns None.
        return answer.get("result")
