"""Without a start date nothing is sent automatically; until now it was."""


def migrate(cr, version):
    if not version:
        return
    cr.execute(
        """
        UPDATE res_company
           SET exact_start_date = '2000-01-01'
         WHERE exact_start_date IS NULL AND exact_division_id IS NOT NULL
        """
    )
