"""What `serve` says, in both languages."""

from collections.abc import Mapping

SERVE: Mapping[str, tuple[str, str]] = {
    "v-elsewhere": (
        "others can reach {host}, and whoever opens the board there acts as {who}; say --exposed if that is meant",
        "anderen kunnen bij {host}, en wie het bord daar opent handelt als {who}; zeg --exposed als dat zo moet",
    ),
    "v-missing": (
        "the board needs more than is installed here: pip install 'proeftuin[web]'",
        "voor het bord is meer nodig dan hier is ge\u00efnstalleerd: pip install 'proeftuin[web]'",
    ),
    "v-ready": ("The board is at {url}", "Het bord staat op {url}"),
    "v-who": (
        "Whoever opens it on this machine acts as {who}; Ctrl-C stops it.",
        "Wie het op deze machine opent handelt als {who}; Ctrl-C stopt het.",
    ),
    "v-ended": ("Stopped.", "Gestopt."),
}
