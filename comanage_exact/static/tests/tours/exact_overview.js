import { registry } from "@web/core/registry";
import { holdOnServer } from "./exact_tour_steps";

const tours = registry.category("web_tour.tours");

const row = (index) => `> .o_data_row:nth-child(${index})`;

/** A list of exactly so many. */
const list = (count) => ({
    content: `${count} bookings are listed`,
    trigger: `.o_list_view tbody:has(${row(count)}):not(:has(${row(count + 1)}))`,
});

const goBack = () => ({
    content: "Go back",
    trigger: ".o_breadcrumb .o_back_button a",
    run: "click",
});

/** Open what a number counts, and go back. */
const follow = (trigger, count, title) => [
    { content: `${title}: ${count}`, trigger, run: "click" },
    {
        content: "The list has its name",
        trigger: `.o_control_panel .o_breadcrumb .active:contains(${title})`,
    },
    list(count),
    goBack(),
    { content: "The Overview is there", trigger: ".o_exact_overview .o_exact_health" },
];

const number = (key, count) =>
    `.o_exact_figure[data-figure=${key}] .o_exact_number:has(.o_exact_count:contains(/^${count}$/))`;

tours.add("exact_overview_numbers", {
    steps: () => [
        { content: "Open the apps", trigger: ".o_navbar_apps_menu button", run: "click" },
        {
            content: "Open Invoicing",
            trigger: ".o_app[data-menu-xmlid='account.menu_finance']",
            run: "click",
        },
        {
            content: "Open the menu",
            trigger: ".o_menu_sections [data-menu-xmlid='comanage_exact.exact_menu']",
            run: "click",
        },
        {
            content: "The Overview is its first entry",
            trigger: ".o-dropdown--menu .dropdown-item:first:contains(Overview)",
            run: "click",
        },
        {
            content: "It says what matters most",
            trigger: ".o_exact_health:contains(could not be booked)",
        },
        ...follow(number("waiting", 3), 3, "Waiting"),
        ...follow(".o_exact_note:contains(1 awaiting confirmation)", 1, "1 awaiting"),
        ...follow(number("held", 2), 2, "On Hold"),
        ...follow(number("attention", 4), 4, "Needs Attention"),
        ...follow(number("customer", 1), 1, "Waiting for Customer Match"),
        ...follow(number("different", 1), 1, "Differences Found"),
        ...follow(number("today", 5), 5, "Booked Today"),
        ...follow(number("month", 5), 5, "Booked This Month"),
        ...follow(".o_exact_cause:contains(VAT code):contains(3)", 3, "Tax 21% test"),
        ...follow(".o_exact_cause:contains(journal):contains(1)", 1, "The journal"),
        ...follow(".o_exact_day[data-count='5']", 5, "5 invoices"),
        {
            content: "All days, as a graph",
            trigger: ".o_exact_graph",
            run: "click",
        },
        {
            content: "The graph is drawn",
            trigger: ".o_graph_view .o_graph_renderer canvas",
        },
        goBack(),
        {
            content: "The calls are shown",
            trigger: ".o_exact_calls:contains(of 5,000 API calls left today)",
        },
        {
            content: "Open the last comparison",
            trigger: ".o_exact_comparison:contains(No differences)",
            run: "click",
        },
        { content: "It opens", trigger: ".o_form_view .o_field_widget[name=date_from]" },
    ],
});

tours.add("exact_overview_set_up", {
    steps: () => [
        {
            content: "It says what comes next",
            trigger: ".o_exact_company:contains(Set up the connection)",
        },
        { content: "Set it up", trigger: ".o_exact_set_up", run: "click" },
        { trigger: ".o_form_view:contains(Register the app in Exact Online)" },
    ],
});

tours.add("exact_overview_refreshed", {
    steps: () => [
        {
            content: "An invoice waits",
            trigger: number("waiting", 1),
        },
        {
            content: "It is held on the server, which says so",
            trigger: ".o_exact_overview",
            run: holdOnServer,
        },
        { content: "The number follows", trigger: number("held", 1) },
        { trigger: number("waiting", 0) },
    ],
});

const card = (text, count) => [
    {
        content: `The card says: ${text}`,
        trigger: `.o_kanban_record a[name=action_exact_bookings]:contains(${text})`,
        run: "click",
    },
    list(count),
    goBack(),
    { content: "The dashboard is there", trigger: ".o_account_kanban" },
];

tours.add("exact_journal_card", {
    steps: () => [
        ...card("3 Waiting for Exact Online", 3),
        ...card("4 Need Attention in Exact Online", 4),
        ...card("1 Waiting for Customer Match", 1),
    ],
});
