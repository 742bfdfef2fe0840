"""Markdown made to run a script, to fetch something, or to break out of its place: some 300 texts.

Each says `run(7)`, with its own number, where it would run a script.
"""

from html import escape
from itertools import product

AWAY = "//away.example/x"

#: Raw HTML; most of it runs in a browser that is given it as it is.
TAGS = [
    "<script>RUN</script>", "<script src=/run.js?RUN></script>", "<img src=x onerror=RUN>",
    "<img src=x onerror='RUN'", "<svg onload=RUN>", "<svg/onload=RUN>", "<svg><script>RUN</script></svg>",
    "<svg><animate onbegin=RUN attributeName=x dur=1s>",
    "<svg><a xlink:href=javascript:RUN><text y=9>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img src=x onerror=RUN>",
    "<math href=javascript:RUN>x</math>", "<body onload=RUN>", "<iframe src=javascript:RUN></iframe>",
    "<iframe srcdoc='<script>parent.RUN</script>'></iframe>", "<object data=javascript:RUN></object>",
    "<embed src=javascript:RUN>", "<video><source onerror=RUN></video>", "<video src=x onerror=RUN></video>",
    "<audio src=x onerror=RUN></audio>", "<details open ontoggle=RUN>x</details>", "<input autofocus onfocus=RUN>",
    "<select autofocus onfocus=RUN></select>", "<textarea autofocus onfocus=RUN></textarea>",
    "<marquee onstart=RUN>x</marquee>", "<a href=javascript:RUN>x</a>", "<a onmouseover=RUN>x</a>",
    "<a href='jav&#x09;ascript:RUN'>x</a>", "<a href=' javascript:RUN'>x</a>", "<p onclick=RUN>x</p>",
    "<p style=animation-name:spin onanimationstart=RUN>x</p>", "<form action=javascript:RUN><button>x</button></form>",
    "<form><button formaction=javascript:RUN>x</button></form>", "<isindex action=javascript:RUN type=image>",
    "<meta http-equiv=refresh content='0;url=javascript:RUN'>", "<base href=javascript:/RUN//>",
    "<link rel=stylesheet href=//away.example/x>", "<style>@import'//away.example/x'</style>",
    "<div style='position:fixed;inset:0;background:url(//away.example/x)'>x</div>",
    "<noscript><p title='</noscript><img src=x onerror=RUN>'></noscript>", "<template><script>RUN</script></template>",
    "<xmp><img src='</xmp><img src=x onerror=RUN>'></xmp>", "<!--><img src=x onerror=RUN>-->",
    "<![CDATA[<img src=x onerror=RUN>]]>", "</article></section></main><script>RUN</script>", "<plaintext>",
    "<img src=//away.example/x>", "<img srcset='//away.example/x 2x'>",
    "<table background=//away.example/x><tr><td>x</table>",
    "<portal src=//away.example/x>", "<img src=x:x onerror&#61;RUN>",
]  # fmt: skip

#: What a link may be told to do.
TARGETS = [
    "javascript:RUN", "JaVaScRiPt:RUN", "javascript:RUN//https://example.org", "javascript&colon;RUN",
    "&#106;avascript:RUN", "&#x6A;avascript:RUN", "&#0000106avascript:RUN", "java%73cript:RUN",
    "java&Tab;script:RUN", "java&NewLine;script:RUN", "\u0001javascript:RUN", "\u00a0javascript:RUN",
    "\ufeffjavascript:RUN", "javascript\u200b:RUN", "vbscript:RUN", "data:text/html,<script>RUN</script>",
    "data:text/html;base64,PHNjcmlwdD5SVU48L3NjcmlwdD4=", "DATA:image/svg+xml,<svg onload=RUN>", "blob:RUN",
    "feed:javascript:RUN", "view-source:javascript:RUN", "file:///etc/passwd", AWAY, "/accounts/logout/",
    "https:RUN", "https://example.org/\"onmouseover=RUN", "https://example.org/'onmouseover='RUN",
    "https://example.org/`onmouseover=RUN", "https://example.org/<img src=x onerror=RUN>",
]  # fmt: skip

#: How Markdown writes a link or a picture.
LINKS = [
    "[x](TARGET)", "[x](<TARGET>)", "![x](TARGET)", "[x][y]\n\n[y]: TARGET", "<TARGET>",
    '[x](TARGET "onmouseover=RUN")',
]  # fmt: skip

#: Where in a text it may stand.
PLACES = [
    "TEXT", "| a |\n| --- |\n| TEXT |", "> TEXT", "- TEXT", "# TEXT", "`TEXT`", "```html\nTEXT\n```",
    "```\">TEXT\ncode\n```", "*TEXT*", "[TEXT](https://example.org)", "![TEXT](https://example.org/a.png)",
    "    TEXT", "TEXT\n===", "a\\\nTEXT",
]  # fmt: skip


def texts() -> list[str]:
    """Every text; its number in the list is the one that it would run with."""
    raw = [*TAGS, *(escape(tag) for tag in TAGS[:5])]
    raw += [place.replace("TEXT", tag) for place, tag in product(PLACES[1:], TAGS[0:13:4])]
    raw += [link.replace("TARGET", target) for link, target in product(LINKS, TARGETS)]
    raw += [
        '[x](https://example.org "\\" onmouseover=\\"RUN")', "[x](https://example.org '\" autofocus onfocus=RUN')",
        "[<img src=x onerror=RUN>][y]\n\n[y]: /x", '[a](b "c" onmouseover=RUN)', "<https://example.org/onclick=RUN>",
        "<javascript:RUN>", "**<svg onload=RUN>**", "\\<script>RUN\\</script>", "<scr<script>ipt>RUN</script>",
        "<<script>script>RUN<</script>/script>", "<img src=x\nonerror=RUN>", "<img src=x\fonerror=RUN>",
        "<img/src=x/onerror=RUN>", "<IMG SRC=x ONERROR=RUN>", "<img src=`x`onerror=RUN>", "<img \x00src=x onerror=RUN>",
        "\u202e<script>RUN</script>", "＜script＞RUN＜/script＞", "[" * 300 + "x" + "](javascript:RUN)" * 300,
        ">" * 300 + "<img src=x onerror=RUN>", "- " * 200 + "x", "*" * 2000, "![" * 500, "<a " * 500,
            "[x]: javascript:RUN\n\n[x]", "a\n\n" * 500, "&lt;img src=x onerror=RUN&gt;", "&amp;lt;script&amp;gt;RUN",
    ]  # fmt: skip
    return [text.replace("RUN", f"run({number})") for number, text in enumerate(raw)]
