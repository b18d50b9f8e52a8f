import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

// While many are booked, the figures are read again once in so many milliseconds.
const PAUSE = 2000;

/** How the bookings of the selected companies go; each number opens what it counts. */
export class Overview extends Component {
    static template = "comanage_exact.Overview";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.state = useState({ companies: [] });
        onWillStart(() => this.load());
        this.followBookings(useService("exact_refresh").bus);
    }

    /** Read the figures again after a booking changed on the server. */
    followBookings(bus) {
        let timer = null;
        const onChanged = () => {
            timer ??= browser.setTimeout(() => {
                timer = null;
                this.load();
            }, PAUSE);
        };
        bus.addEventListener("changed", onChanged);
        onWillUnmount(() => {
            browser.clearTimeout(timer);
            bus.removeEventListener("changed", onChanged);
        });
    }

    async load() {
        const call = ["exact.overview", "get_overview", [[]]];
        this.state.companies = await this.orm.silent.call(...call);
    }

    // === WHAT A TEMPLATE SHOWS === //

    formatCount(count) {
        return formatInteger(count);
    }

    getFigureClass({ key, count }) {
        if (!count) {
            return "text-muted";
        }
        const colours = {
            attention: "text-danger",
            customer: "text-warning",
            different: "text-warning",
        };
        return colours[key] || "text-body";
    }

    // === WHERE IT LEADS === //

    /** Open the bookings that a number counts. */
    openBookings({ label, domain }, first = "list") {
        const views = ["list", "kanban", "graph", "form"];
        const others = views.filter((view) => view !== first);
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: label,
            res_model: "exact.outbox",
            views: [first, ...others].map((view) => [false, view]),
            mobile_view_mode: first === "list" ? "kanban" : first,
            domain,
        });
    }

    openComparison({ id }) {
        if (!id) {
            return this.action.doAction("comanage_exact.exact_comparison_action");
        }
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "exact.comparison",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    async setUp(company) {
        const ids = [company.id];
        const action = await this.orm.call("res.company", "action_exact_setup", [ids]);
        return this.action.doAction(action);
    }
}

registry.category("actions").add("comanage_exact.overview", Overview);
