"""Templates in the reader's language: compiled once, their texts are looked up as they render."""

from jinja2 import Environment

from paceline_server.words.speech import look_up, look_up_meaning, look_up_number


def speaking(environment: Environment) -> Environment:
    """Give an environment `_`, `ngettext`, `pgettext` and `{% trans %}`."""
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        look_up, look_up_number, newstyle=True, pgettext=look_up_meaning
    )
    return environment
