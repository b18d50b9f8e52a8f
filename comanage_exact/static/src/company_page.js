import { onMounted, useExternalListener } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { patch } from "@web/core/utils/patch";
import { FormController } from "@web/views/form/form_controller";

// Odoo loads the whole page again when a company is saved, and would then show its
// first tab, far from what was just typed.
patch(FormController.prototype, {
    setup() {
        super.setup();
        if (this.props.resModel !== "res.company") {
            return;
        }
        const getKey = () => `comanage_exact.company_page.${this.model.root.resId}`;
        const findTab = (selector) =>
            this.rootRef.el?.querySelector(`.o_notebook .nav-link${selector}`);
        useExternalListener(window, "beforeunload", () => {
            const name = findTab(".active")?.getAttribute("name");
            if (name) {
                browser.sessionStorage.setItem(getKey(), name);
            }
        });
        onMounted(() => {
            const name = browser.sessionStorage.getItem(getKey());
            browser.sessionStorage.removeItem(getKey());
            if (name) {
                findTab(`[name="${name}"]`)?.click();
            }
        });
    },
});
