import { EventBus, onWillUnmount } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { patch } from "@web/core/utils/patch";
import { FormController } from "@web/views/form/form_controller";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { ListController } from "@web/views/list/list_controller";

// Invoices, their bookings and journals, and comparisons, as the notification names them.
const IDS = {
    "account.move": "move_ids",
    "account.journal": "journal_ids",
    "exact.outbox": "outbox_ids",
    "exact.comparison": "comparison_ids",
};
// Many are booked within a second; the screen is read again once for all of them.
const PAUSE = 700;

/** Passes on which bookings have changed on the server. */
export const refreshService = {
    dependencies: ["bus_service"],
    start(env, { bus_service: busService }) {
        const bus = new EventBus();
        const notify = (ids) => bus.trigger("changed", ids);
        busService.subscribe("comanage_exact.booking", notify);
        return { bus, notify };
    },
};

registry.category("services").add("exact_refresh", refreshService);

function getShownIds(root) {
    if (!root) {
        return [];
    }
    if (root.resId) {
        return [root.resId];
    }
    return (root.records || []).map((record) => record.resId);
}

/** Whether somebody is typing, whose input a fresh reading would take away. */
async function isEdited(root) {
    return Boolean(root.editedRecord) || Boolean(await root.isDirty?.());
}

/** Read the records of a view again once a booking that it shows has changed. */
function useRefresh(controller) {
    const name = IDS[controller.props.resModel];
    const service = controller.env.services.exact_refresh;
    if (!name || !service) {
        return;
    }
    let timer = null;
    const reload = async () => {
        const root = controller.model.root;
        if (root && !(await isEdited(root))) {
            await root.load();
        }
    };
    const onChanged = ({ detail }) => {
        const shown = new Set(getShownIds(controller.model.root));
        // Of very many no ids are told.
        if (detail.is_many || (detail[name] || []).some((id) => shown.has(id))) {
            browser.clearTimeout(timer);
            timer = browser.setTimeout(reload, PAUSE);
        }
    };
    service.bus.addEventListener("changed", onChanged);
    onWillUnmount(() => {
        browser.clearTimeout(timer);
        service.bus.removeEventListener("changed", onChanged);
    });
}

for (const Controller of [FormController, KanbanController, ListController]) {
    patch(Controller.prototype, {
        setup() {
            super.setup(...arguments);
            useRefresh(this);
        },
    });
}
