import { Component, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;
const SECOND = 1000;
// What is further away is shown as a date.
const LONGEST = 24 * 60;

/** Say in how many minutes an invoice is booked; the sentence of the server elsewhere. */
export class ExactCountdown extends Component {
    static template = "comanage_exact.Countdown";
    static props = { ...standardFieldProps };

    setup() {
        this.state = useState({ now: DateTime.now() });
        this.timer = browser.setInterval(() => {
            this.state.now = DateTime.now();
        }, 5 * SECOND);
        onWillUnmount(() => browser.clearInterval(this.timer));
    }

    get data() {
        return this.props.record.data;
    }

    get minutes() {
        const due = this.data.exact_scheduled_at;
        return due ? Math.ceil(due.diff(this.state.now).as("minutes")) : 0;
    }

    get isCounting() {
        const isSoon = this.minutes > 0 && this.minutes <= LONGEST;
        return this.data.exact_strip === "scheduled" && isSoon;
    }

    get moment() {
        const due = this.data.exact_scheduled_at;
        return this.isCounting ? formatDateTime(due) : "";
    }

    get text() {
        if (!this.isCounting) {
            return this.data[this.props.name] || "";
        }
        const minutes = this.minutes;
        if (minutes < 90) {
            return _t("Will be booked in Exact Online in %s min.", minutes);
        }
        return _t(
            "Will be booked in Exact Online in %(hours)s h %(minutes)s min.",
            { hours: Math.floor(minutes / 60), minutes: minutes % 60 }
        );
    }
}

registry.category("fields").add("exact_countdown", {
    component: ExactCountdown,
    supportedTypes: ["text"],
    fieldDependencies: [
        { name: "exact_strip", type: "selection" },
        { name: "exact_scheduled_at", type: "datetime" },
    ],
});
