"""The set-up page as HTML: one form, a few words, a style of its own.

What a stranger typed is escaped here.
"""

import html

from vang_node.network import known_networks, state
from vang_node.words import language, said
from vang_protocol.enrolments import EnrolAnswer

Fields = dict[str, str]


def leaving() -> str:
    title = html.escape(said("The loudspeaker joins the Wi-Fi"))
    words = html.escape(said(
        "Its own Wi-Fi goes off now. Look at the page with the code in the office's Vang: it "
        "tells when the loudspeaker has enrolled. If the loudspeaker's own Wi-Fi comes back "
        "after a minute or two, it did not get through: join it and open this page again."
    ))  # fmt: skip
    return _whole(f"<h1>{title}</h1><p class=well role=status>{words}</p>")


def enrolled(answer: EnrolAnswer) -> str:
    words = said(
        "It is called {node} and belongs to cluster {cluster}. This page closes now.",
        node=answer.node,
        cluster=answer.cluster,
    )
    title = html.escape(said("The loudspeaker is enrolled"))
    return _whole(f"<h1>{title}</h1><p class=well role=status>{html.escape(words)}</p>")


def form(token: str, told: str, given: Fields, *, well: bool, wrong: str) -> str:
    """One form, so that no part of it is lost whichever button is pressed."""
    note = ""
    if told and not wrong:
        kind = "well" if well else "ill"
        note = f"<p class={kind} role=alert>{html.escape(told)}</p>"
    up = state()
    unmanaged = said("NetworkManager is not installed; see ip address.")
    now = unmanaged if up is None else said("Now: {state}", state=up or said("no network"))
    heard = "".join(f"<option value='{html.escape(name)}'>" for name in known_networks())
    server = given.get("server", "https://")
    return _whole(
        f"<h1>{html.escape(said('Set up the loudspeaker'))}</h1>{note}"
        f"<form method=post action=/enrol><input type=hidden name=token value='{token}'>"
        f"<h2>{said('1. One-time code')}</h2><section>"
        + _field("server", "Address of the server", {"server": server},
                 extra="type=url maxlength=300", wrong=told if wrong == "server" else "")
        + _field("code", "Code", given, extra="maxlength=40 autocapitalize=characters",
                 help_text="The office makes it at the place of the loudspeaker; it is valid for "
                           "15 minutes.")
        + f"</section><h2>{said('2. Network')}</h2><p>{html.escape(now)}</p><section>"
        + _field("ssid", "Name of the Wi-Fi", given, extra="list=heard maxlength=32")
        + f"<datalist id=heard>{heard}</datalist>"
        + _field("password", "Password", {}, extra="type=password maxlength=63")
        + _button("/wifi", "Connect by Wi-Fi and enrol")
        + "</section><section>"
        + _field("apn", "APN of the SIM", given, extra="maxlength=100",
                 help_text="Such as v-internet (Viettel), m-wap (MobiFone), "
                           "m3-world (VinaPhone).")
        + _button("/mobile", "Connect by 4G and enrol")
        + f"</section><section><p>{html.escape(said('By cable, or connected already:'))}</p>"
        + _button("/enrol", "Enrol this loudspeaker")
        + "</section></form>"
    )  # fmt: skip


def _button(action: str, label: str) -> str:
    return f"<button formaction={action}>{html.escape(said(label))}</button>"


def _field(
    name: str, label: str, given: Fields, *, extra: str, help_text: str = "", wrong: str = ""
) -> str:
    """``wrong``: why what was typed cannot be taken; it stands there in place of the help."""
    note = f"<small id=about-{name}>{html.escape(said(help_text))}</small>" if help_text else ""
    if wrong:
        note = f"<p class=ill role=alert id=about-{name}>{html.escape(wrong)}</p>"
        extra += " aria-invalid=true autofocus"
    described = f" aria-describedby=about-{name}" if note else ""
    value = html.escape(given.get(name, ""), quote=True)
    return (
        f"<label for={name}>{html.escape(said(label))}</label>{note}"
        f'<input id={name} name={name} autocomplete=off value="{value}" {extra}{described}>'
    )


def _whole(body: str) -> str:
    return (
        f"<!doctype html><html lang={language()}><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width,initial-scale=1'>"
        f"<title>{html.escape(said('Set up the loudspeaker'))}</title>"
        f"<link rel=stylesheet href=/style.css><main>{body}</main></html>"
    )


STYLE = (
    "body{margin:0;font:18px/1.5 system-ui,sans-serif;color:#16202c;background:#f4f1ea}"
    "main{max-width:30rem;margin:0 auto;padding:1rem}h1{font-size:1.5rem;margin:.5rem 0}"
    "h2{font-size:1.2rem;margin:1.5rem 0 .25rem}"
    "section{background:#fff;border:1px solid #cfc8b8;border-radius:.5rem;padding:1rem;"
    "margin:.75rem 0}label{display:block;font-weight:600;margin-top:.5rem}"
    "small{display:block;font-size:16px;color:#4a5563}"
    "input{box-sizing:border-box;width:100%;min-height:48px;font:inherit;padding:.5rem .75rem;"
    "border:1px solid #6b7686;border-radius:.375rem;margin-top:.25rem}"
    "button{width:100%;min-height:52px;margin-top:1rem;font:inherit;font-weight:600;color:#fff;"
    "background:#1d4f8f;border:0;border-radius:.375rem}"
    "input:focus,button:focus{outline:3px solid #e0a100;outline-offset:2px}"
    ".well,.ill{padding:.75rem 1rem;border-radius:.375rem;border-left:.375rem solid}"
    ".well{background:#e3f3e6;border-color:#1d7a3a}.ill{background:#fbe6e4;border-color:#b3261e}"
    "input[aria-invalid]{border:2px solid #b3261e}"
)
