import { registry } from "@web/core/registry";

/** Do what the Fix button of a booking does; for the links in activities and mails. */
async function fix(env, action) {
    const ids = [action.context.active_id];
    return env.services.orm.call("exact.outbox", "action_fix", [ids]);
}

registry.category("actions").add("comanage_exact.fix", fix);
