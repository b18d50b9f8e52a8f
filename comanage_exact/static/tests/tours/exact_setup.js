import { registry } from "@web/core/registry";

// What a person does in Odoo; two clicks in Apps and two at Exact Online come to it.
const MOST_CLICKS = 16;

const click = (trigger, content, more = {}) => ({ content, trigger, run: "click", ...more });

const type = (name, value) => ({
    content: `Type into ${name}`,
    trigger: `.o_field_widget[name=${name}] input`,
    run: `edit ${value}`,
});

/** No step looks for a word, so that the tour is the same in each language. */
const firstInvoice = () => {
    const steps = [
        click(".o_navbar_apps_menu button", "Open the apps"),
        click(".o_app[data-menu-xmlid='account.menu_finance']", "Open Invoicing"),
        click("[data-menu-xmlid='account.menu_finance_configuration']", "Open Configuration"),
        click("[data-menu-xmlid='comanage_exact.exact_setup_menu']", "Open the set-up"),
        {
            content: "The address to register is there to copy",
            trigger: "[name=redirect_uri]:contains(/comanage_exact/oauth/return)",
        },
        type("client_id", "client-id"),
        type("client_secret", "client-secret"),
        click("[name=app] button[name=action_next]", "Save the app"),
        click("[name=connection] button[name=action_connect]", "Connect", {
            expectUnloadPage: true,
        }),
        {
            content: "The consent leads to the division, and says that it worked",
            trigger: "[name=division] .alert-success",
        },
        {
            content: "The division that fits is chosen",
            trigger: "[name=division] .o_field_widget[name=division_id] input:value(123456)",
        },
        click("[name=division] button[name=action_next]", "Accept the division"),
        {
            content: "The only journal is chosen",
            trigger: "[name=mapping] .o_field_widget[name=journal_id] input:value(70)",
        },
        click("[name=mapping] .o_field_widget[name=gl_account_id] input", "See the accounts"),
        click(
            "[name=gl_account_id] .o-autocomplete--dropdown-item:first:contains(700000)",
            "Take the first one, of income"
        ),
        click("[name=mapping] button[name=action_next]", "Save the accounts"),
        click("[name=test] button[name=action_book]", "Book the last invoice"),
        {
            content: "It is scheduled",
            trigger: "[name=test] .o_field_widget[name=last_move_status]",
        },
        click("[name=test] button[name=action_switch_on]", "Switch on"),
        {
            content: "It says from when invoices are sent",
            trigger: "[name=test] .alert-success",
        },
    ];
    const clicks = steps.filter((step) => step.run).length;
    if (clicks > MOST_CLICKS) {
        throw new Error(`The first invoice takes ${clicks} clicks.`);
    }
    return steps;
};

/** The same steps, and what a person reads is Dutch: of the code and of the view. */
const firstInvoiceInDutch = () => [
    ...firstInvoice(),
    {
        content: "The success is in Dutch",
        trigger: "[name=test] .alert-success:contains(Automatisch verzenden staat aan)",
    },
    {
        content: "The title of the step is in Dutch",
        trigger: "span:contains(Boek een test en schakel in)",
    },
];

registry
    .category("web_tour.tours")
    .add("exact_first_invoice", { steps: firstInvoice })
    .add("exact_first_invoice_dutch", { steps: firstInvoiceInDutch });
