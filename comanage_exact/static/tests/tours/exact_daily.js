import { registry } from "@web/core/registry";
import { holdOnServer } from "./exact_tour_steps";

const tours = registry.category("web_tour.tours");
const STRIP = ".o_exact_strip";

const see = (content, text, place = STRIP) => ({
    content,
    trigger: `${place}:contains(${text})`,
});

const press = (content, name, place = STRIP) => ({
    content,
    trigger: `${place} button[name=${name}]`,
    run: "click",
});

const close = (text) => ({
    content: `The message says ${text}`,
    trigger: `.o_notification:contains(${text}) .o_notification_close`,
    run: "click",
});

tours.add("exact_strip_scheduled", {
    steps: () => [
        see("It counts down", "Will be booked in Exact Online in"),
        press("Hold", "action_exact_ask_hold"),
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit No order number",
        },
        press("Hold it", "action_hold", ".modal"),
        see("The reason is shown", "Reason: No order number"),
        press("Release", "action_exact_release"),
        see("It is scheduled again", "Will be booked in Exact Online in"),
        press("Book now", "action_exact_send"),
        close("will be booked in Exact Online right away"),
        see("It goes now", "right away"),
        {
            content: "The smart button names the status",
            trigger: ".oe_stat_button[name=action_exact_view]:contains(Scheduled)",
            run: "click",
        },
        {
            content: "The booking opens",
            trigger: ".o_form_view .o_arrow_button_current:contains(Scheduled)",
        },
    ],
});

tours.add("exact_strip_left_out", {
    steps: () => [
        see("It says why", "Not sent automatically: it is dated before"),
        press("Book now", "action_exact_send"),
        close("will be booked in Exact Online right away"),
        see("It goes now", "right away"),
    ],
});

tours.add("exact_strip_booked", {
    steps: () => [
        see("It names the entry", "Booked in Exact Online as 2600017"),
        {
            content: "The address of Exact is offered",
            trigger: `${STRIP} button[name=action_exact_open_document]`,
        },
        {
            content: "The smart button has the number",
            trigger: ".oe_stat_button[name=action_exact_view]:contains(2600017)",
        },
        {
            content: "One strip at a time",
            trigger: `body:not(:has(${STRIP} ~ ${STRIP}))`,
        },
    ],
});

const leave = () => [
    press("Leave it as it is", "action_exact_accept"),
    {
        content: "Confirm",
        trigger: ".modal footer .btn-primary",
        run: "click",
    },
    close("is left as it is"),
    {
        content: "Nobody is asked again",
        trigger: `${STRIP}:not(:has(button[name=action_exact_accept]))`,
    },
];

tours.add("exact_strip_differs", {
    steps: () => [
        see("It says what differs", "The total differs."),
        { trigger: `${STRIP} button[name=action_exact_check]` },
        ...leave(),
    ],
});

tours.add("exact_strip_deleted", {
    steps: () => [
        see("It says that the entry is gone", "Deleted in Exact Online."),
        { trigger: `${STRIP} button[name=action_exact_book_again]` },
        { trigger: `${STRIP} button[name=action_exact_link]` },
        ...leave(),
    ],
});

tours.add("exact_reset_asked", {
    steps: () => [
        {
            content: "Reset to draft",
            trigger: "button[name=button_draft]",
            run: "click",
        },
        {
            content: "It asks first, and takes no for an answer",
            trigger: ".modal:contains(This invoice is booked in Exact Online) .btn-secondary",
            run: "click",
        },
        {
            content: "It is still confirmed; reset it after all",
            trigger: "body:not(:has(.modal)) .o_form_view button[name=button_draft]",
            run: "click",
        },
        {
            content: "Confirm",
            trigger: ".modal .btn-primary",
            run: "click",
        },
        {
            content: "It is a draft",
            trigger: ".o_form_view button[name=action_post]",
        },
    ],
});

const fixTax = () => [
    close("has no Exact Online VAT code"),
    {
        content: "The tax is there, and no other",
        trigger: ".o_list_view:has(.o_data_row:contains(21% test)):not(:has(.o_data_row + .o_data_row))",
    },
];

tours.add("exact_fix_invoice", {
    steps: () => [
        see("It says what is wrong", "has no Exact Online VAT code"),
        press("Fix", "action_exact_fix"),
        ...fixTax(),
    ],
});

tours.add("exact_fix_list", {
    steps: () => [
        {
            content: "Those with the same problem stand together",
            trigger: ".o_group_header:contains(has no Exact Online VAT code)",
        },
        press("Fix", "action_fix", ".o_data_row:contains(Needs attention)"),
        ...fixTax(),
    ],
});

tours.add("exact_fix_booking", {
    steps: () => [press("Fix", "action_fix", ".alert-danger"), ...fixTax()],
});

tours.add("exact_fix_selected", {
    steps: () => [
        {
            content: "Select all",
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        press("Fix", "action_fix", ".o_control_panel"),
        ...fixTax(),
    ],
});

tours.add("exact_setup_list", {
    steps: () => [
        {
            content: "Each company has its line",
            trigger: ".o_list_view .o_data_row .o_data_cell[name=company_id]",
            run: "click",
        },
        {
            content: "It opens where it was",
            trigger: ".o_form_view [name=mapping] .o_field_widget[name=journal_id]",
        },
    ],
});

tours.add("exact_setup_link", {
    steps: () => [
        {
            content: "The step opens that needs somebody",
            trigger: ".o_form_view [name=connection] button[name=action_connect]",
        },
    ],
});

tours.add("exact_fix_link", { steps: () => fixTax() });

tours.add("exact_fix_ask", {
    steps: () => [
        press("Fix", "action_exact_fix"),
        see("It says what is wrong", "has no Exact Online VAT code", ".modal"),
        press("Ask", "action_ask", ".modal"),
        close("was asked"),
    ],
});

tours.add("exact_fix_match", {
    steps: () => [
        see("It waits for an answer", "Waiting for customer match."),
        press("Match the customer", "action_exact_fix"),
        {
            content: "The question about this customer opens",
            trigger: ".o_form_view .o_breadcrumb:contains(Deco Addict)",
        },
    ],
});

tours.add("exact_list_refreshed", {
    steps: () => [
        {
            content: "An invoice is scheduled",
            trigger: ".o_data_row .o_field_widget[name=exact_status]:contains(Scheduled)",
        },
        {
            content: "Its booking changes on the server, which says so",
            trigger: ".o_list_view",
            run: holdOnServer,
        },
        {
            content: "The list follows",
            trigger: ".o_data_row .o_field_widget[name=exact_status]:contains(On hold)",
        },
    ],
});
