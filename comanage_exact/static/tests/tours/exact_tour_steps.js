/** Hold what waits, past the screen, which only hears that it changed. */
export async function holdOnServer() {
    const { orm, exact_refresh: refresh } = odoo.__WOWL_DEBUG__.root.env.services;
    const ids = await orm.search("account.move", [["exact_state", "=", "pending"]]);
    await orm.call("account.move", "action_exact_hold", [ids]);
    refresh.notify({ move_ids: ids, outbox_ids: [] });
}
