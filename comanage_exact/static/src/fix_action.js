import { registry } from "@web/core/registry";
import { user } from "@web/core/user";

/** Do what the Fix button of a record does; for the links in activities and mails. */
function getFix(model) {
    return async (env, action) => {
        try {
            return await env.services.orm.call(model, "action_fix", [[action.context.active_id]]);
        } catch (error) {
            // As forms do: the record is of a company that is not among the active ones.
            const company = error.data?.context?.suggested_company;
            if (!company) {
                throw error;
            }
            const active = user.activeCompanies.map((one) => one.id);
            user.activateCompanies([...active, company.id]);
        }
    };
}

registry.category("actions").add("comanage_exact.fix", getFix("exact.outbox"));
registry.category("actions").add("comanage_exact.fix_setup", getFix("exact.setup"));
