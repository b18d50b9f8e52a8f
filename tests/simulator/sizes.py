"""How long a body may be: two rules of Exact, one of the site, one of the POST."""

from .errors import Refusal

MEGABYTE = 1_000_000
# Content length by the country of the site.
SITE_LIMITS = {"be": 38 * MEGABYTE, "nl": 38 * MEGABYTE}
OTHER_SITES_LIMIT = 9_500_000


def check_length(settings, content):
    """Refuse a body that the web server does not let in, whatever is in it."""
    limit = settings.body_limit
    if limit is None:
        limit = SITE_LIMITS.get(settings.site, OTHER_SITES_LIMIT)
    if len(content) > limit:
        raise Refusal(413, "Request Entity Too Large")


def check_post(settings, resource, content, values):
    """Refuse a POST that is too large; binaries count by what they are decoded."""
    limit = settings.post_limit
    # Where the file is all there is, its size is a finding about it.
    is_file = any(
        prop.edm == "Binary" and prop.mandatory for prop in resource.properties.values()
    )
    if limit is None or is_file:
        return
    spared = sum(
        len(value) // 4
        for name, value in values.items()
        if isinstance(value, str) and resource.properties[name].edm == "Binary"
    )
    if len(content) - spared > limit:
        raise Refusal(413, "Request Entity Too Large")
