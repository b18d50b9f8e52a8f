import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const type = (name, value) => ({
    content: `Type ${value} into ${name}`,
    trigger: `.o_field_widget[name=${name}] input`,
    run: `edit ${value}`,
});

const choose = (name, value) => [
    {
        // Lists are searched by code or by name.
        content: `Look for ${value} in ${name}`,
        trigger: `.o_field_widget[name=${name}] input`,
        run: `edit ${value.split(" ")[0]}`,
    },
    {
        content: `Choose ${value}`,
        trigger: `.o-autocomplete--dropdown-item:contains(${value})`,
        run: "click",
    },
];

const select = (name, value) => [
    {
        content: `Open ${name}`,
        trigger: `.o_field_widget[name=${name}] input`,
        run: "click",
    },
    {
        content: `Select ${value}`,
        trigger: `.o_select_menu_item:contains(${value})`,
        run: "click",
    },
];

/** Fill in every setting of Exact Online that the company shows. */
const fillIn = () => [
    ...select("exact_site", "Germany"),
    type("exact_client_id", "typed-client-id"),
    type("exact_client_secret", "typed-secret"),
    type("exact_mismatch_reason", "Same company, former VAT number"),
    ...choose("exact_division_id", "222222 Second"),
    ...choose("exact_journal_id", "71 Second journal"),
    ...choose("exact_credit_journal_id", "72 Credit notes"),
    ...choose("exact_gl_account_id", "701000 Second account"),
    ...choose("exact_payment_condition_id", "60 Sixty days"),
    ...choose("exact_cost_center_id", "C1 Sales Belgium"),
    ...choose("exact_cost_unit_id", "P1 Project"),
    ...choose("exact_no_vat_code_id", "0 No VAT"),
    type("exact_number_prefix", "7{yy}"),
    type("exact_number_suffix", "1"),
    type("exact_credit_note_prefix", "8{yy}"),
    type("exact_debit_note_prefix", "6{yy}"),
    {
        content: "The preview follows what is typed",
        trigger: ".o_field_widget[name=exact_number_preview]:contains(→ 726)",
    },
    ...select("exact_trigger", "Confirmed"),
    type("exact_delay", "15"),
    {
        content: "Open the start date",
        trigger: ".o_field_widget[name=exact_start_date] button",
        run: "click",
    },
    type("exact_start_date", "02/01/2026"),
    {
        content: "Send no PDF",
        trigger: ".o_field_widget[name=exact_send_pdf] input",
        run: "click",
    },
    type("exact_history_days", "45"),
    {
        content: "Make customers of prospects",
        trigger: ".o_field_widget[name=exact_convert_prospects] input",
        run: "click",
    },
];

tours.add("exact_company_form", {
    steps: () => [
        {
            content: "Open the page of Exact Online",
            trigger: ".nav-link[name=exact_online]",
            run: "click",
        },
        ...fillIn(),
        {
            content: "Save the company, which reloads the page",
            trigger: ".o_form_button_save:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The company is saved, and its page still the same",
            trigger: ".o_form_view .nav-link.active[name=exact_online]",
        },
    ],
});

tours.add("exact_settings_form", {
    steps: () => [
        {
            content: "The settings show the state of the connection",
            trigger: ".o_field_widget[name=exact_connection_state]:contains(Not connected)",
        },
        {
            content: "They offer to connect, and not to disconnect",
            trigger:
                "#exact_connection:has(button[name=action_exact_connect]):not(:has(button[name=action_exact_disconnect]))",
        },
        {
            content: "All that can be chosen is on the company",
            trigger: "#exact_connection button[name=action_exact_open_company]",
            run: "click",
        },
        {
            content: "The company opens on its Exact Online tab",
            trigger: ".o_form_view .nav-link.active[name=exact_online]",
        },
        {
            content: "Its fields are there",
            trigger: ".o_field_widget[name=exact_client_id]",
        },
    ],
});

tours.add("exact_vat_codes", {
    steps: () => [
        {
            content: "Accept the proposal of the doubtful tax",
            trigger: ".o_data_row:contains(Doubtful tax) button[name=action_exact_accept_proposal]",
            run: "click",
        },
        {
            content: "The code is chosen, and the button gone",
            trigger:
                ".o_data_row:contains(Doubtful tax):not(:has(button[name=action_exact_accept_proposal]))",
        },
        {
            content: "Codes that would be refused are not offered",
            trigger: ".o_data_row:contains(Doubtful tax) .o_field_cell[name=exact_vat_code_id]",
            run: "click",
        },
        {
            content: "Look for all of 21%",
            trigger: ".o_selected_row .o_field_widget[name=exact_vat_code_id] input",
            run: "edit 21",
        },
        {
            trigger:
                ".o-autocomplete--dropdown-menu:contains(4 21%):not(:contains(21% inclusive)):not(:contains(21% purchase))",
        },
        {
            content: "Leave it as it was",
            trigger: ".o_list_button_discard",
            run: "click",
        },
    ],
});

tours.add("exact_readiness", {
    steps: () => [
        {
            content: "Open the page of Exact Online",
            trigger: ".nav-link[name=exact_online]",
            run: "click",
        },
        {
            content: "Check again",
            trigger: "button[name=action_exact_check]",
            run: "click",
        },
        {
            content: "A line that is ready has no button",
            trigger:
                ".o_field_widget[name=exact_check_ids] .o_data_row:contains(G/L Account):contains(Ready):not(:has(button[name=action_exact_fix]))",
        },
        {
            content: "A line leads to its fix",
            trigger:
                ".o_field_widget[name=exact_check_ids] .o_data_row:contains(VAT Codes):contains(Action required) button[name=action_exact_fix]",
            run: "click",
        },
        {
            content: "The list of VAT codes opens",
            trigger: ".o_breadcrumb:contains(VAT Codes)",
        },
    ],
});
