"""XML ids that the code names: groups and scheduled actions."""

# Portal users and visitors can read companies too.
EMPLOYEES = "base.group_user"
ADMINISTRATORS = "base.group_system"
READERS = "comanage_exact.group_exact_reader"
USERS = "comanage_exact.group_exact_user"
ACCOUNTANTS = "comanage_exact.group_exact_accountant"
MANAGERS = "comanage_exact.group_exact_manager"

CRON_PUSH = "comanage_exact.ir_cron_exact_push"
CRON_DOCUMENTS = "comanage_exact.ir_cron_exact_document"
CRON_FETCH = "comanage_exact.ir_cron_exact_fetch"
CRON_RECHECK = "comanage_exact.ir_cron_exact_care"
CRON_DIGEST = "comanage_exact.ir_cron_exact_digest"
CRON_COMPARISON = "comanage_exact.ir_cron_exact_comparison"
