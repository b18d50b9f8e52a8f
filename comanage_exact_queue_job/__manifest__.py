{
    "name": "Exact Online Job Queue",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "summary": "Book the invoices of many companies in Exact Online side by side",
    "author": "comanage_exact contributors",
    "license": "LGPL-3",
    "depends": ["comanage_exact", "queue_job"],
    "data": ["data/queue_job_data.xml"],
    "auto_install": True,
}
